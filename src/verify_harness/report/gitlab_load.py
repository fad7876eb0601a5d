"""load-performance.json: what the widget of GitLab's merge requests compares between branches.

The widget reads the summary export of k6: `checks`, `http_reqs` and `http_req_waiting`.
"""

import json
from collections.abc import Iterable, Iterator

from verify_harness.errors import UsageError
from verify_harness.journal import Entry
from verify_harness.report.renderers import extract
from verify_harness.results.build import build_view
from verify_harness.results.load_model import Load


@extract("gitlab-load")
def gitlab_load(entries: Iterable[Entry]) -> Iterator[str]:
    """Share of good journeys, requests per second, and response times from the planned start.

    Raises UsageError where there was no load.
    """
    view = build_view(entries)
    if view.load is None:
        raise UsageError("the run has no load.", hint="name a run of load run or check")
    yield json.dumps({"metrics": _metrics(view.load)}, indent=1, allow_nan=False) + "\n"


def _metrics(load: Load) -> dict[str, dict[str, float]]:
    at = dict(load.response_by_percentile)
    waiting = {"p(90)": at.get(90.0), "p(95)": at.get(95.0), "med": at.get(50.0)}
    good, bad = load.journeys.completed, load.journeys.failed
    return {
        "checks": {"passes": good, "fails": bad, "value": good / max(1, good + bad)},
        "http_reqs": {"count": load.requests, "rate": load.requests_per_s},
        "http_req_waiting": {name: ms for name, ms in waiting.items() if ms is not None},
    }
