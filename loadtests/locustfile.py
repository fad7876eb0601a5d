"""What locust runs: the open-loop user, configured by the environment.

`verify-harness load run` starts it. It also works directly, with the variables that
`verify_harness.load.settings` lists:

    locust -f loadtests/locustfile.py --headless
"""

import os
import sys
from typing import Any

from locust import events

from verify_harness.errors import HarnessError
from verify_harness.guard import Guard
from verify_harness.load.conductor import conduct
from verify_harness.load.plan import Plan, load_plan
from verify_harness.load.settings import LoadSettings
from verify_harness.load.user import OpenLoopUser


def _configuration() -> tuple[LoadSettings, Plan]:
    """What to do, checked; raises HarnessError."""
    settings = LoadSettings.from_environment(os.environ)
    Guard.for_load().check(settings.target_url)
    return settings, load_plan(settings)


try:
    _SETTINGS, _PLAN = _configuration()
except HarnessError as error:
    sys.stderr.write(f"{error.label}: {error}\ntry: {error.hint}\n")
    sys.exit(error.exit_code)


class VerifyLoad(OpenLoopUser):
    """Starts the journeys of the profile on schedule."""

    host = _SETTINGS.target_url
    fixed_count = _SETTINGS.processes
    settings = _SETTINGS
    plan = _PLAN


@events.init.add_listener  # type: ignore[untyped-decorator]  # locust's
def _watch_over_workers(environment: Any, **_event: Any) -> None:
    conduct(environment, _SETTINGS)
