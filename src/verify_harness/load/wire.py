"""What a journey needs of an HTTP client, and the choice between the two there are."""

from typing import Protocol

from locust.event import EventHook

from verify_harness.load.answer import Answer
from verify_harness.load.client import LeanClient
from verify_harness.load.fasthttp import FastHttpClient
from verify_harness.load.settings import LoadSettings
from verify_harness.load.steps import Step
from verify_harness.load.templates import Body


class Wire(Protocol):
    """A client; neither method raises for what the target does, and neither sends POSTs twice."""

    def send(self, step: Step, arguments: tuple[str, ...] = (), body: Body | None = None) -> Answer:
        """Send a request of the load, seen by locust's statistics."""
        ...

    def send_aside(
        self, step: Step, arguments: tuple[str, ...] = (), body: Body | None = None
    ) -> Answer:
        """Send a request of the set-up or tear-down, which no statistics count."""
        ...

    @property
    def health(self) -> dict[str, int]:
        """What the client knows of its connections."""
        ...

    def close(self) -> None:
        """Close the idle connections."""
        ...


def open_wire(client: str, settings: LoadSettings, request_event: EventHook) -> Wire:
    """The client that a profile names: `lean` or `fasthttp`."""
    kind = FastHttpClient if client == "fasthttp" else LeanClient
    return kind(settings, request_event)
