"""Scenarios are Python files loaded by path; each defines one Journey."""

import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

from verify_harness.errors import ContentError
from verify_harness.load.journey import Journey


def load_scenario(path: Path) -> type[Journey]:
    """The Journey class that a file defines; raises ContentError unless it is exactly one."""
    module = _module(path)
    journeys = [
        item
        for item in vars(module).values()
        if inspect.isclass(item) and issubclass(item, Journey) and not inspect.isabstract(item)
    ]
    if len(journeys) != 1:
        raise ContentError(
            f"{path}: a scenario defines one Journey with run(person), this has {len(journeys)}.",
            hint="compare it with the bundled verify_journey.py",
        )
    return journeys[0]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"verify_harness_scenario_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ContentError(f"{path} is not a Python file.", hint="name a .py file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ContentError(
            f"{path} cannot be loaded: {error!r}.",
            hint="a scenario is ordinary Python: run it alone",
        ) from error
    return module
