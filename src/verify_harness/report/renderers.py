"""The registry of report formats: a new one is a new module here with one decorated function."""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from verify_harness.results.model import RunView

Render = Callable[[RunView], str]
_Render = TypeVar("_Render", bound=Render)
"""A renderer may take more than the view, if that has defaults (the terminal does)."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to show a run; `file` is its name in the run directory, None if it has none."""

    name: str
    file: str | None
    render: Render


_FORMATS: dict[str, Format] = {}


def renderer(name: str, *, file: str | None = None) -> Callable[[_Render], _Render]:
    """Register the decorated function as the format `name`."""

    def register(render: _Render) -> _Render:
        _FORMATS[name] = Format(name, file, render)
        return render

    return register


def known_formats() -> Mapping[str, Format]:
    """Every format by name; imports the modules of this package so that they register."""
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
    return dict(sorted(_FORMATS.items()))
