"""The run in the Common Test Report Format, for dashboards that gather runs of many tools."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from verify_harness.report.cases import Case, cases
from verify_harness.report.renderers import renderer
from verify_harness.results.model import RunView
from verify_harness.sanitize import visible

SPEC_VERSION = "0.0.0"
_STATUSES = {"passed": "passed", "failed": "failed", "skipped": "skipped", "error": "other"}


@renderer("ctrf")
def ctrf(view: RunView) -> str:
    """JSON of CTRF 0.0; what could not be judged is `other`."""
    tests = [_test(case) for case in cases(view)]
    counts = Counter(test["status"] for test in tests)
    start = _unix_ms(view.started_at)
    name, _, version = view.tool.partition(" ")
    known = ("passed", "failed", "skipped", "pending", "other")
    results = {
        "tool": {"name": name or "verify-harness", "version": version},
        "summary": {
            "tests": len(tests),
            **{status: counts[status] for status in known},
            "start": start,
            "stop": start + _ms(view.duration_s),
        },
        "tests": tests,
        "environment": {
            "testEnvironment": visible(view.target.kind),
            "extra": {"target": visible(view.target.url), "seed": view.seed},
        },
        "extra": {"verdict": view.verdict, "exitCode": view.exit_code, "partial": view.partial},
    }
    document = {"reportFormat": "CTRF", "specVersion": SPEC_VERSION, "results": results}
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _test(case: Case) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": visible(case.name) or "unnamed",
        "status": _STATUSES[case.outcome],
        "duration": _ms(case.duration_s or 0.0),
        "suite": ["verify-harness", visible(case.group)],
    }
    texts = {"message": case.message, "trace": case.details, "rawStatus": case.kind}
    return told | {key: visible(text) for key, text in texts.items() if text}


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _unix_ms(text: str) -> int:
    """The start in milliseconds since 1970; 0 where the journal does not tell it."""
    try:
        return _ms(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0
