"""What the sandbox remembers about one tenant, capped so that a long run stays small."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Channel = Literal["sms", "call", "flashcall", "whatsapp"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
Status = Literal["pending", "accepted", "invalid", "expired", "error"]

DEFAULT_CAP = 100_000


@dataclass(slots=True, eq=False)
class Verification:
    """One code sent to one number; times are seconds of the tenant's clock."""

    id: str
    channel: Channel
    phone_number: str
    profile_id: str
    custom_code: str | None
    code: str
    timeout_secs: int
    created_at: float
    updated_at: float
    expires_at: float
    extension: str | None = None
    """Keys to press once a call is answered (facts.md#trigger-extension)."""
    status: Status = "pending"
    failed_attempts: int = 0


@dataclass(slots=True)
class Profile:
    """The settings of one application; `blocks` holds a complete block per configured channel."""

    id: str
    created_at: float
    updated_at: float
    fields: dict[str, Any]
    blocks: dict[Channel, dict[str, Any]]
    sent_on: int = 0
    """The day (since the epoch, UTC) that `sent_today` is about."""
    sent_today: int = 0

    @property
    def name(self) -> str:
        """The profile's name, which is always set."""
        name: str = self.fields["name"]
        return name


@dataclass(slots=True)
class Template:
    """A message text with variables."""

    id: str
    text: str
    stock: bool = False


@dataclass(slots=True)
class Records:
    """Everything of one tenant; `verifications` and `profiles` are in order of creation."""

    cap: int = DEFAULT_CAP
    place: int = 0
    """Which of its pair the tenant is, 0 or 1; nothing clean asks."""
    profiles: dict[str, Profile] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    verifications: OrderedDict[str, Verification] = field(default_factory=OrderedDict)
    """Not a plain dict: finding the oldest of those takes longer the more have been removed."""
    evicted: int = 0
    """How many verifications were forgotten because of the cap."""
    _by_number: dict[str, list[Verification]] = field(default_factory=dict)
    _settled: deque[str] = field(default_factory=deque)
    """Ids in the order of settling; one that settles twice stands here twice."""

    def add_verification(self, verification: Verification) -> None:
        """Remember one more; at the cap a settled one is forgotten, or else the oldest."""
        if len(self.verifications) >= self.cap:
            self._evict()
        self.verifications[verification.id] = verification
        self._by_number.setdefault(verification.phone_number, []).append(verification)

    def settle(self, verification: Verification, status: Status, now: float) -> None:
        """Give a verification its final status."""
        verification.status = status
        verification.updated_at = now
        self._settled.append(verification.id)

    def of_number(self, number: str) -> Iterable[Verification]:
        """The verifications of a number, oldest first."""
        return self._by_number.get(number, ())

    def newest_first(self, number: str) -> Iterable[Verification]:
        """The verifications of a number, newest first."""
        return reversed(self._by_number.get(number, ()))

    def knows(self, name: str) -> bool:
        """Whether something here has this id or number; stock templates are everybody's."""
        if name in self.verifications or name in self.profiles or name in self._by_number:
            return True
        template = self.templates.get(name)
        return template is not None and not template.stock

    def _evict(self) -> None:
        victim = self._oldest_settled() or self.verifications.popitem(last=False)[1]
        same_number = self._by_number[victim.phone_number]
        same_number.remove(victim)
        if not same_number:
            del self._by_number[victim.phone_number]
        self.evicted += 1

    def _oldest_settled(self) -> Verification | None:
        """Take out the verification that settled first, if one is left."""
        while self._settled:
            if victim := self.verifications.pop(self._settled.popleft(), None):
                return victim
        return None
