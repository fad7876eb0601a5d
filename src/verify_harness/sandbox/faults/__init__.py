"""Seeded defects, one module per area; each breaks one requirement and as little else as it can."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType

from verify_harness.errors import UsageError
from verify_harness.sandbox.faults.registry import DECLARED, Fault, broken, fault, faults_named

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")

FAULTS: Mapping[str, Fault] = MappingProxyType(DECLARED)
"""Every fault by its id, those of `load_from` too."""


def load_from(folder: Path) -> None:
    """Declare the faults in the modules of a folder; raises UsageError if there are none."""
    before = len(DECLARED)
    for path in sorted(folder.glob("*.py")):
        spec = spec_from_file_location(f"verify_harness_faults_{path.stem}", path)
        if spec is not None and spec.loader is not None:
            try:
                spec.loader.exec_module(module_from_spec(spec))
            except Exception as error:
                raise UsageError(f"{path} cannot be loaded: {error!r}.") from error
    if len(DECLARED) == before:
        raise UsageError(f"{folder} declares no fault.", hint="see CONTRIBUTING.md for what one is")


__all__ = ["FAULTS", "Fault", "broken", "fault", "faults_named", "load_from"]
