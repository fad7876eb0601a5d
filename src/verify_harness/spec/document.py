"""Load the OpenAPI document, with or without our overlay, and find operations in it."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from verify_harness import bundled
from verify_harness.errors import NotInDocument, SpecError
from verify_harness.spec import alignment, references, schemas
from verify_harness.spec import overlay as overlays
from verify_harness.spec.operations import Operation, operations, refuse_twins
from verify_harness.spec.reading import read

_SUPPORTED = re.compile(r"3\.1\.\d+", re.ASCII)
_COMPARABLE = re.compile(r"3\.[01]\.\d+", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class Spec:
    """A contract that can be used: every reference leads somewhere, every operation has an id."""

    document: dict[str, Any]
    """The final document as plain JSON values: overlay included, our operations under our names."""
    sha256: str
    """Of the document as it was given, overlay included: canonical JSON (sorted keys, no spaces,
    ASCII), in hex."""
    operations: tuple[Operation, ...]
    integer_codes: tuple[str, ...] = ()
    """Where the document typed error codes as integers; text is accepted there, too."""

    def operation(self, operation_id: str) -> Operation:
        """The operation of this id.

        Raises:
            NotInDocument: there is none; it is a KeyError, too.

        """
        for operation in self.operations:
            if operation.operation_id == operation_id:
                return operation
        raise NotInDocument(operation_id)

    def match(self, method: str, path: str) -> Operation | None:
        """The operation a request belongs to, or None.

        `path` is relative to the base (`/verifications/sms`, not `/v2/…`); a query is ignored.
        A literal path wins over a template even where only the template knows the method.
        """
        bare = path.partition("?")[0]
        paths = {operation.path for operation in self.operations}
        fitting = [template for template in paths if _pattern(template).fullmatch(bare)]
        if not fitting:
            return None
        best = min(fitting, key=_generality)
        for operation in self.operations:
            if operation.path == best and operation.method == method.upper():
                return operation
        return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^{}]*\})", template)
    return re.compile(
        "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
    )


def _generality(template: str) -> tuple[bool, ...]:
    """Which steps are variable; the least in this order is the most literal."""
    return tuple("{" in step for step in template.split("/"))


@cache
def bundled_spec() -> Spec:
    """Our own contract as its sources document it, without our choices."""
    return load()


def contract(path: Path | None, *, chosen: bool) -> Spec:
    """The contract that a target is held to: our own, or the user's document at `path`.

    `chosen` says whether the target announces our choices; they are laid over our own document
    only. Of the user's, only the operations of the Verify API count, and what else it describes is
    neither called nor judged.

    Raises:
        SpecError: the document cannot be used, or has no operation of the Verify API.
        ExternalReference: a reference leads out of the document; nothing was opened.

    """
    if path is None:
        return load(overlay=bundled.specs() / "chosen.overlay.yaml" if chosen else None)
    spec = load(path)
    known = {each.operation_id for each in bundled_spec().operations}
    ours = tuple(each for each in spec.operations if each.operation_id in known)
    if not ours:
        raise SpecError(
            f"{path}: has none of the {len(known)} operations of the Verify API.",
            hint="paths stand below the base URL, as in /verifications/sms",
        )
    return replace(spec, operations=ours)


def load(path: Path | None = None, *, overlay: Path | None = None) -> Spec:
    """The contract at `path` (ours by default), with an overlay on top if one is given.

    In another document than ours, our operations get our names (`alignment`), and a status that it
    is silent about is judged as in ours.

    Raises:
        SpecError: the file, or the overlay, cannot be used; the message names it and the place.
        ExternalReference: a reference leads out of the document; nothing was opened.

    """
    ours = bundled_spec().operations if path is not None else ()
    path = path or bundled.specs() / "verify.openapi.yaml"
    document = _plain(path, read(path))
    if overlay is not None:
        changes = _plain(overlay, read(overlay))
        with _named(overlay):
            document = overlays.apply(document, changes)
    sha256 = hashlib.sha256(_canonical(document)).hexdigest()
    with _named(path):
        _check_version(document)
        references.drop_extensions(document)
        alignment.resolve_anchors(document)
        references.check(document)
        refuse_twins(document)
        alignment.align(document, ours)
        integer_codes = alignment.accept_text_codes(document)
        found = operations(document)
        schemas.check(found, document)
    elsewhere = {each.operation_id: each.responses for each in ours}
    found = tuple(replace(each, elsewhere=elsewhere.get(each.operation_id, {})) for each in found)
    return Spec(document, sha256, found, integer_codes)


def comparable(path: Path | None) -> dict[str, Any]:
    """A document that can be compared with another, ours for None: OpenAPI 3.0 or 3.1, any API.

    Raises:
        SpecError: the file cannot be used; the message names it and the place.
        ExternalReference: a reference leads out of the document; nothing was opened.

    """
    path = path or bundled.specs() / "verify.openapi.yaml"
    document = _plain(path, read(path))
    with _named(path):
        _check_version(document, _COMPARABLE)
        references.drop_extensions(document)
        alignment.resolve_anchors(document)
        references.check(document)
        refuse_twins(document)
    return document


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's name before what is wrong with its content."""
    try:
        yield
    except SpecError as error:
        raise SpecError(f"{path}: {error}", hint=error.hint) from None


def _check_version(document: dict[str, Any], supported: re.Pattern[str] = _SUPPORTED) -> None:
    version = document.get("openapi")
    if version is None:
        raise SpecError("not an OpenAPI document: the key `openapi` is missing.")
    if not (isinstance(version, str) and supported.fullmatch(version)):
        raise SpecError(f"OpenAPI {version} is not supported.", hint="write it as OpenAPI 3.1")


def _plain(path: Path, document: dict[str, Any]) -> dict[str, Any]:
    """The same values without YAML's sharing, so that a change in one place stays there."""
    try:
        plain: dict[str, Any] = json.loads(_canonical(document))
    except (TypeError, ValueError, RecursionError):
        raise SpecError(f"{path}: holds something that is not JSON.") from None
    return plain


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
