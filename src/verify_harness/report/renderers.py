"""The registry of report formats: a new one is a new module here with one decorated function.

Other packages register theirs by entry points of the group `GROUP`.

A renderer shows a judged run; an extract copies measurements out of its journal and judges nothing.
"""

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import TypeVar

from verify_harness.errors import UsageError
from verify_harness.journal import Entry
from verify_harness.results.model import RunView

Render = Callable[[RunView], str]
_Render = TypeVar("_Render", bound=Render)
"""A renderer may take more than the view, if that has defaults (the terminal does)."""
GROUP = "verify_harness.renderers"
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
        _refuse_taken(name)
        _FORMATS[name] = Format(name, file, render)
        return render

    return register


def extract(name: str) -> Callable[[Extract], Extract]:
    """Register the decorated function, which yields pieces of text, as the extract `name`."""

    def register(take: Extract) -> Extract:
        _refuse_taken(name)
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


def _refuse_taken(name: str) -> None:
    if name in _FORMATS or name in _EXTRACTS:
        raise ValueError(f"there is a format {name} already")


def load_foreign() -> None:
    """Let other packages register their formats.

    Raises UsageError, naming the entry point, for one that cannot be loaded or whose name is taken.
    """
    _import_all()
    for entry in entry_points(group=GROUP):
        try:
            entry.load()
        except Exception as error:
            raise UsageError(
                f"the renderer {entry.name} ({entry.value}) cannot be loaded: {error}",
                hint="repair or remove the package that it comes from",
            ) from error


def _import_all() -> None:
    package = __name__.rpartition(".")[0]
    for module in pkgutil.iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
