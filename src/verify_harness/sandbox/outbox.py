"""What was sent to whom: the lever that lets a harness read a generated code."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from verify_harness.sandbox.records import DEFAULT_CAP, Channel


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `text` is None for a flash call, which has a `caller` instead.

    `extension` is what is dialled once a call is answered.
    """

    channel: Channel
    to: str
    code: str
    text: str | None
    verification_id: str
    profile_id: str
    caller: str | None = None
    extension: str | None = None

    def as_json(self, number: int) -> dict[str, Any]:
        """The message as the control surface shows it; `number` is its place in the outbox."""
        shown = {
            "number": number,
            "channel": self.channel,
            "to": self.to,
            "code": self.code,
            "text": self.text,
            "verification_id": self.verification_id,
            "verify_profile_id": self.profile_id,
        }
        own = {"caller": self.caller, "extension": self.extension}
        return shown | {name: value for name, value in own.items() if value is not None}


@dataclass(slots=True)
class Outbox:
    """The newest messages of a tenant."""

    sent: int = 0
    messages: deque[Message] = field(default_factory=lambda: deque(maxlen=DEFAULT_CAP))

    def send(self, message: Message) -> None:
        """Put one message out."""
        self.sent += 1
        self.messages.append(message)

    def as_json(self) -> list[dict[str, Any]]:
        """The messages that are kept, oldest first, each with its number from 1."""
        first = self.sent - len(self.messages) + 1
        return [message.as_json(number) for number, message in enumerate(self.messages, first)]
