"""The profile language: who arrives when and does what, and which limits hold."""

from verify_harness.load.profile.profile_file import (
    CHANNELS,
    HABITS,
    Arrivals,
    Profile,
    Shares,
    Span,
    Waits,
    load_profile,
)

__all__ = ["CHANNELS", "HABITS", "Arrivals", "Profile", "Shares", "Span", "Waits", "load_profile"]
