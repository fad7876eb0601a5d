"""What locust runs: the open-loop user, configured by the environment.

`verify-harness load run` starts it. It also works directly, with the JSON document that
`verify_harness.load.process_settings` describes in VERIFY_HARNESS_LOAD:

    locust -f loadtests/locustfile.py --headless
"""

import os
import signal
import sys
from typing import Any

from locust import events
from locust.runners import MasterRunner

from verify_harness.errors import HarnessError
from verify_harness.load.engine.fingerprint import fingerprint
from verify_harness.load.engine.locust_user import OpenLoopUser
from verify_harness.load.engine.master import Conductor
from verify_harness.load.engine.worker import Share
from verify_harness.load.load_plan import Plan, load_plan
from verify_harness.load.process_settings import LoadSettings


def _configuration() -> tuple[LoadSettings, Plan]:
    """What to do, checked; raises HarnessError."""
    settings = LoadSettings.from_environment(os.environ)
    settings.guard.check(settings.target_url)
    return settings, load_plan(settings)


try:
    _SETTINGS, _PLAN = _configuration()
except HarnessError as error:
    sys.stderr.write(f"{error.label}: {error}\ntry: {error.hint}\n")
    sys.exit(error.exit_code)


if _SETTINGS.parent_pid is not None:  # it interrupts us by SIGINT, which a background job ignores
    signal.signal(signal.SIGINT, signal.default_int_handler)


class VerifyLoad(OpenLoopUser):
    """Starts the journeys of the profile on schedule."""

    host = _SETTINGS.target_url
    fixed_count = _SETTINGS.processes


@events.init.add_listener  # type: ignore[untyped-decorator]  # locust's
def _take_a_part(environment: Any, **_event: Any) -> None:
    if isinstance(environment.runner, MasterRunner):
        Conductor(environment.runner, _SETTINGS, fingerprint(_SETTINGS, _PLAN))
    else:
        VerifyLoad.share = Share(_SETTINGS, _PLAN, environment)
