"""Amounts of money: US dollars, as exact decimals."""

import re
from decimal import Decimal

from verify_harness.errors import UsageError

Usd = Decimal
"""US dollars; the vendor's prices and limits are in this currency (facts.md#spend-limit)."""

NOTHING: Usd = Decimal(0)

_BUDGET = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?) ?USD", re.ASCII)


def parse_budget(text: str) -> Usd:
    """An amount such as `1.50USD`; raises UsageError for anything else."""
    found = _BUDGET.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"--budget takes an amount with its currency, not {text!r}.",
            hint="for example --budget 1.50USD",
        )
    return Decimal(found[1])


def shown(amount: Usd) -> str:
    """An amount for people, with two decimals at least: `0.0340 USD` is `0.034 USD`."""
    plain = f"{amount.normalize():f}"
    whole, _, decimals = plain.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')} USD"
