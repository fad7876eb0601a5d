"""The vendor's service, and how its name is resolved."""

from dataclasses import dataclass

from verify_harness.safety.guard import Resolver
from verify_harness.safety.name_resolution import system_addresses


@dataclass(frozen=True, slots=True)
class LiveService:
    """Where the service is; a test puts a stand-in of its own here, a user has no way to."""

    base_url: str = "https://api.telnyx.com/v2"
    resolver: Resolver = system_addresses


THE_SERVICE = LiveService()
