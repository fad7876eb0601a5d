"""What the model believes that a tenant has."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from verify_harness.model.calls import Answer
from verify_harness.model.known_order import KnownOrder
from verify_harness.model.request_limits import KeyLimit, NumberLimit

CHANNELS = ("sms", "call", "flashcall", "whatsapp")


@dataclass(slots=True)
class Profile:
    """A profile; `shown` is what a read of it has to answer, member by member."""

    id: str
    shown: dict[str, Any]
    changed_by: str
    """The requirement that the next read stands for, by what was last done to the profile."""
    changed_at: float
    """When it was last changed, at the earliest."""
    is_deleted: bool = False
    own_words: dict[str, str] = field(default_factory=dict)
    """What its messages say without a template, by channel, with an asterisk for the code."""
    sent_at: list[tuple[float, float]] = field(default_factory=list)
    """When its messages were sent: between the two times."""

    def settings(self, channel: str) -> dict[str, Any] | None:
        """The block of a channel; None where it is not configured."""
        block = self.shown.get(channel)
        return block if isinstance(block, dict) else None

    @property
    def channels(self) -> list[str]:
        """The configured channels."""
        return [channel for channel in CHANNELS if self.settings(channel) is not None]


@dataclass(slots=True)
class Verification:
    """A verification; `shown` is what a read of it has to answer, but for its status."""

    id: str
    channel: str
    number: str
    profile_id: str
    custom_code: str | None
    timeout_secs: float
    shown: dict[str, Any]
    began_after: float
    began_before: float
    code: str | None = None
    """What was sent; None where nobody knows."""
    status: str = "pending"
    """`pending`, `accepted`, `invalid`, `expired`, or `ended` where any but pending will do."""
    ended_by: str = "VFY-LIFE-001"
    """The requirement that ended it."""
    failed_attempts: int = 0
    may_move: bool = False
    """Whether something happened since the last read that may have moved `updated_at`."""
    must_move: bool = False
    """Whether it was ended by a check, which has to move `updated_at`."""
    ended_after: float = 0.0
    last_read: str = "VFY-LIFE-001"

    def end(self, status: str, requirement: str, answer: Answer) -> None:
        """Give it its last status, for the reason that a requirement names."""
        self.status, self.ended_by = status, requirement
        self.ended_after = answer.sent_at
        self.may_move = True

    def lateness(self, sent_at: float, received_at: float) -> str:
        """`early`, `late`, or `unclear` where the boundary lies within the exchange."""
        if received_at < self.began_after + self.timeout_secs:
            return "early"
        return "late" if sent_at >= self.began_before + self.timeout_secs else "unclear"


@dataclass(slots=True)
class Account:
    """All that one tenant has."""

    place: int
    profiles: dict[str, Profile] = field(default_factory=dict)
    """Deleted ones too, the oldest first."""
    templates: dict[str, str] = field(default_factory=dict)
    """The text of each template of the tenant's own."""
    stock: dict[str, str] = field(default_factory=dict)
    """The texts of the vendor's own templates."""
    edited: set[str] = field(default_factory=set)
    """The templates whose text was changed."""
    template_order: list[str] = field(default_factory=list)
    last_template: str = "VFY-TMPL-001"
    """The requirement that the next list of templates stands for."""
    verifications: dict[str, Verification] = field(default_factory=dict)
    """The oldest first."""
    order: KnownOrder = field(default_factory=KnownOrder)
    number_orders: defaultdict[str, list[str]] = field(
        default_factory=lambda: defaultdict(list[str])
    )
    """The ids of the last list of each number, in its order."""
    key_limit: KeyLimit = field(default_factory=KeyLimit)
    number_limit: NumberLimit = field(default_factory=NumberLimit)
    answers_to_unknown: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    """Status and codes for an id that nobody has, by operation."""

    def profile(self, profile_id: Any) -> Profile | None:
        """A profile that is not deleted."""
        found = self.profiles.get(profile_id) if isinstance(profile_id, str) else None
        return None if found is None or found.is_deleted else found

    @property
    def live_profiles(self) -> list[Profile]:
        """The profiles that are not deleted, the oldest first."""
        return [profile for profile in self.profiles.values() if not profile.is_deleted]

    def of_number(self, number: str, profile_id: str | None = None) -> list[Verification]:
        """The verifications of a number, and of a profile if one is named; the oldest first."""
        return [
            each
            for each in self.verifications.values()
            if each.number == number and profile_id in {None, each.profile_id}
        ]
