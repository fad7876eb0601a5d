"""Ids, keys and codes of a tenant, all drawn from its seed."""

import re
from dataclasses import dataclass
from random import Random

UUID_SHAPE = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", re.ASCII
)
"""Any version: the vendor's own ids are not RFC 4122 ones (facts.md#ids)."""


def draw_uuid(random: Random) -> str:
    """A version 4 UUID."""
    digits = f"{random.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def draw_key(random: Random) -> str:
    """An API key that looks like one and is plainly not the vendor's."""
    return f"SANDBOX{random.getrandbits(160):040X}"


@dataclass(frozen=True, slots=True)
class Streams:
    """Independent streams, so that a drawn code never shifts the ids after it."""

    keys: Random
    ids: Random
    codes: Random
    events: Random


def streams(seed: int, place: int) -> Streams:
    """The streams of the tenant at `place` (0 or 1) of a pair."""
    return Streams(*(Random(f"{seed}/{place}/{use}") for use in ("keys", "ids", "codes", "events")))
