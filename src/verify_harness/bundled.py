"""Where the content folders are: inside the wheel, or in the checkout beside `src/`."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_BUNDLED = _PACKAGE / "_bundled"
_CHECKOUT = _PACKAGE.parent.parent


def folder(name: str) -> Path:
    """The folder `specs`, `contracts` or `loadtests`; the bundled copy wins."""
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _CHECKOUT / name


def specs() -> Path:
    """The contract: OpenAPI documents and the catalogue of requirements."""
    return folder("specs")


def contracts() -> Path:
    """The contract suite: pytest modules, loaded by path."""
    return folder("contracts")


def loadtests() -> Path:
    """The locustfile, the scenarios and the load profiles, loaded by path."""
    return folder("loadtests")
