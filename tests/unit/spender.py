"""Spends from a ledger until its budget is reached: `spender.py LEDGER PORT BUDGET`."""

import os
import socket
import sys
import time
import uuid
from decimal import Decimal
from pathlib import Path

from verify_harness.errors import BudgetReached
from verify_harness.safety.ledger import Charge, Ledger


def main() -> None:
    """Charge a cent, then send its name; again and again."""
    ledger, budget = Ledger(Path(sys.argv[1])), Decimal(sys.argv[3])
    server = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
    server.recv(1)  # until all have come
    while True:
        charge = Charge(
            t=time.time(),
            id=f"{os.getpid()}-{uuid.uuid4().hex}",
            run="r",
            account="a",
            price_class="send",
            what="sms to US",
            usd=Decimal("0.01"),
        )
        try:
            ledger.charge(charge, budget)
        except BudgetReached:
            return
        server.sendall(f"{charge.id}\n".encode())


if __name__ == "__main__":
    main()
