"""Parts of the product that are installed by name: `pip install 'verify-harness[load]'`."""

from importlib.util import find_spec

from verify_harness.errors import UsageError

_SHOWN_BY = {"load": "locust", "otel": "opentelemetry"}
"""A package that is there where an extra is."""


class MissingExtra(UsageError):
    """What was asked for needs an extra that is not installed."""

    def __init__(self, extra: str) -> None:
        super().__init__(
            f"{_SHOWN_BY[extra]} is not installed, which {extra} needs.",
            hint=f"pip install 'verify-harness[{extra}]'",
        )


def demand(extra: str) -> None:
    """Raise MissingExtra where an extra is not installed; nothing is imported."""
    if find_spec(_SHOWN_BY[extra]) is None:
        raise MissingExtra(extra)
