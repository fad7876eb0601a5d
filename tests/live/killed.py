"""A live run that is killed right after a charge reached the disk, before its request is sent."""

import json
import os
import signal
import sys
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from tests.live.command_line import CommandLine
from tests.live.stand_in import service_at
from verify_harness.safety.ledger import Charge, Ledger


def main() -> None:
    """Read what to do from standard input: port, options, and the charge to die at."""
    document = json.loads(sys.stdin.read())
    charge = Ledger.charge

    def deadly(self: Ledger, entry: Charge, budget: Decimal) -> None:
        charge(self, entry, budget)
        if entry.what == document["dies_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    options, place = document["options"], Path()
    with patch.object(Ledger, "charge", deadly):
        CommandLine(service_at(document["port"]), options, place, place).run()


if __name__ == "__main__":
    main()
