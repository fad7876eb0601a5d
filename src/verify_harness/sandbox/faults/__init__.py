"""Seeded defects, one module per area; each breaks one requirement and as little else as it can."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from verify_harness.sandbox.faults.registry import DECLARED, Fault, broken, fault, faults_named

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

FAULTS: Mapping[str, Fault] = MappingProxyType(dict(sorted(DECLARED.items())))
"""Every fault by its id."""

__all__ = ["FAULTS", "Fault", "broken", "fault", "faults_named"]
