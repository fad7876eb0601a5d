"""Which side of each documented conflict a target takes, and the file that remembers it.

`verify-harness observe` writes the file, `verify-harness sandbox --behave-like` reads it. The
conflicts are those of facts.md#c1 and following.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from verify_harness import toml_files

FILE = "profile-of-target.toml"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict of the sources, as a question that an observation answers."""

    key: str
    question: str
    requirements: tuple[str, ...]
    """Whose checks see it."""


CONFLICTS = (
    Conflict("C1", "the status for a new profile with a name alone", ("VFY-PROF-004",)),
    Conflict("C2", "the status for a lookup of what is no number", ("VFY-LOOK-002",)),
    Conflict("C3", "the words for a code that opens nothing", ("VFY-CODE-005", "VFY-CODE-006")),
    Conflict("C4", "what a PATCH does to the rest of a channel's block", ("VFY-PROF-002",)),
    Conflict("C5", "the name of the timeout in a channel's block", ("VFY-PROF-004",)),
    Conflict("C6", "the record_type of a profile", ("VFY-PROF-001",)),
    Conflict("C7", "an asterisk among the countries", ("VFY-DEST-002",)),
    Conflict("C8", "the status without a key", ("VFY-AUTH-001",)),
    Conflict("C9", "the title of error 10015", ("VFY-ERR-003",)),
    Conflict("C10", "what x-ratelimit-reset counts in", ("VFY-RATE-003",)),
    Conflict("C11", "the events that webhooks name", ("VFY-HOOK-001",)),
    Conflict("C12", "how several lookup types can be asked for", ("VFY-LOOK-004",)),
    Conflict("C13", "how a plus sign in a path may be written", ("VFY-NUM-002",)),
    Conflict("C14", "the newest channel of a profile", ("VFY-PROF-001",)),
    Conflict("C15", "a flash call block in a PATCH", ("VFY-PROF-012",)),
    Conflict("C16", "the digits of a code by default", ("VFY-PROF-004",)),
    Conflict("C17", "the type of mobile_network_code", ("VFY-LOOK-003",)),
    Conflict("C18", "the name of the profile's id in a webhook", ("VFY-HOOK-001",)),
    Conflict("C19", "the status of a check by number without a profile", ("VFY-CODE-018",)),
    Conflict("C21", "the status for a trigger without a profile", ("VFY-TRIG-004",)),
    Conflict("C22", "the type of an error's code", ("VFY-ERR-001",)),
    Conflict("C23", "the status for a trigger with a bad field", ("VFY-TRIG-004",)),
    Conflict("C24", "a webhook that is answered 201, 202 or 204", ("VFY-HOOK-004",)),
    Conflict("C25", "the form of telnyx-timestamp", ("VFY-HOOK-002",)),
)
"""Those that a black-box run can see; C20 shows only in the words of a message."""

REQUIREMENTS = tuple(dict.fromkeys(name for each in CONFLICTS for name in each.requirements))
"""The requirements whose checks, together, see every conflict."""


class TargetProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen of a target."""

    target: str
    observed: dict[str, str]
    """By conflict; several values stand in one text, sorted, with commas between them."""


def sides(seen: Iterable[tuple[str, str]]) -> dict[str, str]:
    """From pairs of key and value, each conflict that was seen with all of its values."""
    values: dict[str, set[str]] = {}
    for key, value in seen:
        values.setdefault(key, set()).add(value)
    return {
        each.key: ", ".join(sorted(values[each.key])) for each in CONFLICTS if each.key in values
    }


def read(path: Path) -> TargetProfile:
    """The profile in a file; raises ContentError for a file that is none."""
    return toml_files.read(path, TargetProfile, hint=f"`verify-harness observe` writes a {FILE}")


def as_toml(target: str, observed: Mapping[str, str]) -> str:
    """The text of the file: each conflict below its question."""
    lines = [
        "# Which side of the documented conflicts this target takes (verify-harness observe).",
        "# `verify-harness sandbox --behave-like FILE` takes the same ones.",
        f"target = {_quoted(target)}",
        "",
        "[observed]",
    ]
    for each in CONFLICTS:
        seen = observed.get(each.key)
        line = f"{each.key} = {_quoted(seen)}" if seen is not None else f"# {each.key}: not seen"
        lines += [f"# {each.question}", line]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; it escapes as JSON does."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
