"""The locust user: it waits while its process makes its share of the load, open loop."""

from typing import ClassVar

from locust import User, task
from locust.exception import StopUser

from verify_harness.load.engine.worker import Share


class OpenLoopUser(User):
    """Requests go to the settings' target only: locust's own `--host` has no effect on them."""

    abstract = True
    fixed_count = 1
    share: ClassVar[Share]

    @task
    def inject(self) -> None:
        """Stay until the whole load is over; an interruption ends it too."""
        self.share.take_part()
        raise StopUser
