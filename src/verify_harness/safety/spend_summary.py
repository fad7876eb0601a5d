"""What the ledger adds up to: by price class, and by run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from verify_harness.safety.ledger import Charge
from verify_harness.safety.money import NOTHING, Usd
from verify_harness.safety.prices import PriceClass

Charged = tuple[Charge, bool]
"""A charge, and whether it counts as spent."""


@dataclass(frozen=True, slots=True)
class Total:
    """Requests of one kind that were charged, how many of them count as spent, and what for."""

    name: str
    charged: int
    spent: int
    usd: Usd


@dataclass(frozen=True, slots=True)
class RunTotal:
    """What one run spent, and with which key."""

    run: str
    account: str
    began: datetime
    total: Total


def by_class(charges: Sequence[Charged]) -> tuple[Total, ...]:
    """A total for each price class, those without a charge included."""
    return tuple(
        total(name, (each for each in charges if each[0].price_class == name))
        for name in get_args(PriceClass)
    )


def by_run(charges: Iterable[Charged]) -> tuple[RunTotal, ...]:
    """A total for each run, in the order of their first charges."""
    runs: dict[str, list[Charged]] = {}
    for each in charges:
        runs.setdefault(each[0].run, []).append(each)
    return tuple(
        RunTotal(
            run,
            own[0][0].account,
            datetime.fromtimestamp(own[0][0].t, UTC).replace(microsecond=0),
            total(run, own),
        )
        for run, own in runs.items()
    )


def total(name: str, charges: Iterable[Charged]) -> Total:
    """The sum of charges, under a name."""
    listed = list(charges)
    spent = [charge.usd for charge, is_spent in listed if is_spent]
    return Total(name, len(listed), len(spent), sum(spent, NOTHING))
