"""Documented statuses that the sandbox never answers, and why (`specs/unreachable.toml`)."""

from pathlib import Path

import msgspec

from verify_harness import bundled, toml_files
from verify_harness.spec.document import Spec
from verify_harness.toml_files import Text


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """About its `operations`, or about all but those of `but_not`."""

    status: str
    dialects: tuple[str, ...]
    reason: Text
    operations: tuple[str, ...] | None = None
    but_not: tuple[str, ...] = ()

    def about(self, spec: Spec) -> list[str]:
        """The operations that document the status and are meant."""
        documenting = [
            each.operation_id for each in spec.operations if self.status in each.responses
        ]
        named = documenting if self.operations is None else self.operations
        return [name for name in documenting if name in named and name not in self.but_not]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unreachable: tuple[_Entry, ...] = ()


def unreachable(spec: Spec, dialect: str, path: Path | None = None) -> dict[str, dict[str, str]]:
    """The reason by operation and status, for the statuses that the operation documents.

    Raises:
        ContentError: the file cannot be read, or an entry has a wrong key or no reason.

    """
    entries = toml_files.read(path or bundled.specs() / "unreachable.toml", _File).unreachable
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if dialect in entry.dialects:
            for operation_id in entry.about(spec):
                found.setdefault(operation_id, {})[entry.status] = entry.reason
    return found
