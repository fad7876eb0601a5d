"""The registry of report formats: a new one is a new module here with one decorated function.

A renderer shows a judged run; an extract copies measurements out of its journal and judges nothing.
"""

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from verify_harness.journal import Entry
from verify_harness.results.model import RunView

Render = Callable[[RunView], str]
_Render = TypeVar("_Render", bound=Render)
"""A renderer may take more than the view, if that has defaults (the terminal does)."""
Extract = Callable[[Iterable[Entry]], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to show a run; `file` is its name in the run directory, None if it has none."""

    name: str
    file: str | None
    render: Render


_FORMATS: dict[str, Format] = {}
_EXTRACTS: dict[str, Extract] = {}


def renderer(name: str, *, file: str | None = None) -> Callable[[_Render], _Render]:
    """Register the decorated function as the format `name`."""

    def register(render: _Render) -> _Render:
        _FORMATS[name] = Format(name, file, render)
        return render

    return register


def extract(name: str) -> Callable[[Extract], Extract]:
    """Register the decorated function, which yields pieces of text, as the extract `name`."""

    def register(take: Extract) -> Extract:
        _EXTRACTS[name] = take
        return take

    return register


def known_formats() -> Mapping[str, Format]:
    """Every format by name; imports the modules of this package so that they register."""
    _import_all()
    return dict(sorted(_FORMATS.items()))


def known_extracts() -> Mapping[str, Extract]:
    """Every extract by name."""
    _import_all()
    return dict(sorted(_EXTRACTS.items()))


def _import_all() -> None:
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
