"""What is tested: a base URL, the keys for it, and the levers it offers."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from verify_harness.journal import embedded
from verify_harness.keys import Keys

SECOND_KEY_LEVER = "second-key"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One account of the target: its key, and its id where the target mints tenants."""

    key: str = field(repr=False)
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A system under test; `levers` is empty unless it announced itself as a sandbox."""

    url: str
    kind: str = "url"
    levers: frozenset[str] = frozenset()
    announces: frozenset[str] = frozenset()
    dialect: str = "documented"
    tenants: tuple[Tenant, ...] = ()
    webhook_public_key: str = ""
    """What its webhooks are signed with, in base64; empty where nobody said."""
    keys: Keys = field(default=Keys(), repr=False)
    """The keys of the run; none on a target that mints its own."""
    clock_ahead_secs: float = 0.0
    """How far its clock is before ours, by the Date of an answer; negative where it is behind."""
    control_token: str = field(default="", repr=False)
    """What opens the levers of a sandbox; empty where it asks for none, or we know none."""

    def with_keys(self, keys: Keys) -> "Target":
        """The same target, called with these keys."""
        return replace(self, keys=keys, tenants=tuple(map(Tenant, keys.all)))

    @property
    def origin(self) -> str:
        """Scheme and authority, without a path."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def says_documented(self) -> bool:
        """Whether the target announced that it takes the documented side of every conflict."""
        return "chosen" in self.announces and self.dialect == "documented"

    def offers(self, lever: str) -> bool:
        """Whether checks that need this lever can run here."""
        if lever == SECOND_KEY_LEVER:
            return "tenants" in self.levers or len(self.tenants) > 1
        return lever in self.levers

    @property
    def recorded(self) -> embedded.Target:
        """The target as the journal holds it."""
        return embedded.Target(self.url, self.kind, tuple(sorted(self.levers)))
