"""What a fault is, and how one is declared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_type_hints

from verify_harness.errors import UsageError
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.wire import Wire
from verify_harness.suggest import did_you_mean

Layer = Literal["rules", "store", "wire"]
Part = TypeVar("Part", Rules, Store, Wire)
Change = Callable[[Part], Part]

_LAYERS: dict[type, Layer] = {Rules: "rules", Store: "store", Wire: "wire"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One defect: `apply` changes one thing of one layer."""

    id: str
    breaks: str
    """The requirement it breaks."""
    area: str
    layer: Layer
    harm: str
    apply: Callable[[Any], Any]


DECLARED: dict[str, Fault] = {}


def fault(fault_id: str, *, breaks: str, harm: str) -> Callable[[Change[Part]], Change[Part]]:
    """Declare a function as a fault; its layer is what it returns."""

    def declare(change: Change[Part]) -> Change[Part]:
        if fault_id in DECLARED:
            raise ValueError(f"two faults are called {fault_id}")
        layer = _LAYERS[get_type_hints(change)["return"]]
        area = breaks.split("-")[1].lower()
        DECLARED[fault_id] = Fault(fault_id, breaks, area, layer, harm, change)
        return change

    return declare


def faults_named(ids: Iterable[str]) -> tuple[Fault, ...]:
    """The faults of these ids; UsageError with the nearest name for one that does not exist."""
    return tuple(_named(fault_id) for fault_id in ids)


def _named(fault_id: str) -> Fault:
    if found := DECLARED.get(fault_id):
        return found
    hint = did_you_mean(fault_id, DECLARED) or "list them by verify-harness sandbox --list-faults"
    raise UsageError(f"no fault is called {fault_id!r}.", hint=hint)


def broken(part: Part, faults: Iterable[Fault]) -> Part:
    """A part with those faults applied that are about it."""
    layer = _LAYERS[type(part)]
    for each in faults:
        if each.layer == layer:
            part = each.apply(part)
    return part
