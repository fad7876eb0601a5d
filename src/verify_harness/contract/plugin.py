"""The pytest plugin: options, fixtures, and the session of a run that was given a target.

It sleeps in every pytest run without `--target`. The command line adds target handling and reports
around it; `pytest contracts/ --target URL` works without.
"""

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verify_harness.contract.levels import LEVELS
from verify_harness.contract.progress import Progress
from verify_harness.contract.task import read_task
from verify_harness.errors import HarnessError
from verify_harness.subprocesses import tie_to_parent

if TYPE_CHECKING:
    from verify_harness.contract.api import Api
    from verify_harness.contract.session import Session
    from verify_harness.contract.verifications import Opener

_OBJECTS_A_COLLECTION = 20_000
"""Nearly all that a check makes is freed without a collection: at Python's 700 they take 5 %."""

SESSION = "verify-harness-session"
"""The name under which the session is registered."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Our options; `--base-url` and `--host` belong to other plugins."""
    group = parser.getgroup("verify-harness", "contract checks of a Verify API")
    add = group.addoption
    add("--target", metavar="URL", help="base URL of the system under test; wakes the plugin")
    add("--level", choices=LEVELS, default="standard", help="how much to check")
    add("--run-seed", type=int, default=0, metavar="N", help="seed of every generated request")
    add("--spec", type=Path, metavar="FILE", help="another OpenAPI document")
    add("--allow-remote", action="append", default=[], metavar="HOST", help="may be called")
    add("--allow-plain-text", action="store_true", help="the key may go there over http://")
    add("--ca-file", metavar="FILE", help="certificates to trust")
    add("--proxy", metavar="URL", help="send requests through this proxy")
    add(
        "--select", action="append", default=[], metavar="NAME", help="requirement, area, operation"
    )
    add("--tenant-fault", action="append", default=[], metavar="ID", help="break the tenants")
    add("--task", type=Path, metavar="FILE", help="what a run asks of this process, as JSON")
    add("--prove", metavar="FILE", help="plan of a proof: the faults to run the checks against")
    add("--part", default="checks", metavar="NAME", help="name of this process's journal part")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark always; do everything else only for a target."""
    config.addinivalue_line("markers", "requirement(*ids): the requirements that a check judges")
    if config.getoption("--target") or config.getoption("--task"):
        tie_to_parent()
        _show_progress(config)
        if not _only_leads(config):
            _begin_session(config)


def _show_progress(config: pytest.Config) -> None:
    """Where a run wants progress, its first process shows that of all."""
    if not config.getoption("--task") or hasattr(config, "workerinput"):
        return
    task = read_task(config.getoption("--task"))
    if task.shows_progress and not config.getoption("--prove"):
        config.pluginmanager.register(Progress(columns=task.progress_columns))


def _only_leads(config: pytest.Config) -> bool:
    """Whether this process only hands out a run's checks to others: it needs no session then."""
    shares = bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
    return shares and config.getoption("--task") is not None


def _begin_session(config: pytest.Config) -> None:
    from verify_harness.contract.session import Session  # noqa: PLC0415 - see _only_leads
    from verify_harness.proof.worker import ProofSession  # noqa: PLC0415 - see _only_leads

    gc.set_threshold(_OBJECTS_A_COLLECTION)
    kind = ProofSession if config.getoption("--prove") else Session
    try:
        config.pluginmanager.register(kind(config), SESSION)
    except HarnessError as error:
        raise pytest.UsageError(f"{error} {error.hint}") from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a check that opens verifications on every channel, checked in both ways.

    Other tests may have fixtures of these names where this plugin is loaded and no run is going on.
    """
    is_marked = metafunc.definition.get_closest_marker("requirement") is not None
    if not is_marked and not metafunc.config.pluginmanager.has_plugin(SESSION):
        return
    from verify_harness.contract.api import CHANNELS  # noqa: PLC0415 - see _only_leads
    from verify_harness.contract.verifications import WAYS  # noqa: PLC0415 - see _only_leads

    if "open_verification" in metafunc.fixturenames:
        combinations = [(channel, way) for channel in CHANNELS for way in WAYS]
        names = [f"{channel}-{way}" for channel, way in combinations]
        metafunc.parametrize("open_verification", combinations, indirect=True, ids=names)
    if "channel" in metafunc.fixturenames and not _is_parametrized(metafunc, "channel"):
        metafunc.parametrize("channel", CHANNELS, indirect=True)


def _is_parametrized(metafunc: pytest.Metafunc, name: str) -> bool:
    """Whether a test of the user's own chooses the values itself."""
    marks = metafunc.definition.iter_markers("parametrize")
    return any(name in str(mark.args[0]) for mark in marks if mark.args)


@pytest.fixture(scope="session")
def verify_session(pytestconfig: pytest.Config) -> "Session":
    """The process's share of the run; checks cannot run without a target."""
    session: Session | None = pytestconfig.pluginmanager.get_plugin(SESSION)
    if session is None:
        pytest.exit("contract checks need a target: pytest contracts/ --target URL", returncode=2)
    return session


@pytest.fixture(scope="session")
def api(verify_session: "Session") -> "Api":
    """The API under test, with the key of the running check's first tenant."""
    from verify_harness.contract.api import Api  # noqa: PLC0415 - see _only_leads

    return Api(verify_session.spec)


@pytest.fixture(scope="session")
def open_verification(api: "Api", request: pytest.FixtureRequest) -> "Opener":
    """Opens verifications; the check runs once for each channel and way of checking."""
    from verify_harness.contract.verifications import Opener  # noqa: PLC0415 - see _only_leads

    channel, way = request.param
    return Opener(api, channel, way)


@pytest.fixture(scope="session")
def channel(request: pytest.FixtureRequest) -> str:
    """Each of the four channels in turn."""
    name: str = request.param
    return name
