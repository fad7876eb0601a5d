"""What the model judges: one call, its answer, and the messages that it caused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation by one of two tenants."""

    operation: str
    """The operationId."""
    tenant: int = 0
    variable: str = ""
    """What the path names: an id or a number, as it is meant; empty where it names nothing."""
    is_plain: bool = True
    """Whether the path spells that in the usual way."""
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None

    def parameter(self, name: str) -> str | None:
        """The last value of a query parameter; None where it is left out."""
        return next((value for key, value in reversed(self.query) if key == name), None)

    @property
    def fields(self) -> Mapping[str, Any]:
        """The members of the body; none where it is no object."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; times are Unix seconds on the caller's clock, its steps included."""

    status: int
    body: Any
    sent_at: float
    received_at: float
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case."""

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300

    @property
    def data(self) -> Any:
        """The `data` member; None where there is none."""
        return self.body.get("data") if isinstance(self.body, dict) else None

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        """The errors of the envelope; empty where there is none."""
        found = self.body.get("errors") if isinstance(self.body, dict) else None
        items = found if isinstance(found, list) else []
        return [item for item in items if isinstance(item, dict)]

    @property
    def error_codes(self) -> list[str]:
        """The codes of the errors."""
        return [str(item.get("code")) for item in self.errors]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the outbox of a sandbox shows it."""

    channel: str
    to: str
    code: str
    verification_id: str
    profile_id: str
    text: str | None = None
    caller: str | None = None
    """Where a flash call comes from."""
    extension: str | None = None


@dataclass(frozen=True, slots=True)
class Divergence:
    """An answer that the facts do not allow."""

    requirement: str
    field: str
    acceptable: str
    received: str

    def __str__(self) -> str:
        return f"{self.field} is {self.received}, acceptable: {self.acceptable}"
