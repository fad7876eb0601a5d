"""A run as a report of Web Fuzzing Commons, for comparing what tools find.

Each broken requirement is a fault of the category that `specs/fault_categories.toml` gives it.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from verify_harness import bundled, toml_files
from verify_harness.report.renderers import renderer
from verify_harness.results.model import JudgedRequirement, RunView
from verify_harness.sanitize import visible

SCHEMA_VERSION = "0.12.1"
WHOLE_RUN = "the whole run"
"""The test case that stands for every request: statuses are counted by operation only."""
OWN = ("VERIFY_HARNESS_RULE", 900)
"""The category of what WFC has no category for: a rule of the API's own domain."""


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault category; codes from 900 are free for a tool's own."""

    code: int
    requirements: tuple[str, ...]


@cache
def categories() -> Mapping[str, tuple[str, int]]:
    """Name and code of the category by requirement."""
    found = toml_files.read_tables(bundled.specs() / "fault_categories.toml", Category)
    return {
        requirement: (name, category.code)
        for name, category in found.items()
        for requirement in category.requirements
    }


@renderer("wfc")
def wfc(view: RunView) -> str:
    """JSON; one test case for each requirement, and one for the whole run."""
    names = {item.operation_id: _endpoint(item.method, item.path) for item in view.operations}
    broken = [item for item in view.requirements if item.status == "fail"]
    calls = sum(item.exchanges for item in view.operations)
    tool, _, version = visible(view.tool).partition(" ")
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "toolName": tool or "verify-harness",
        "toolVersion": version or "unknown",
        "creationTime": view.started_at or "1970-01-01T00:00:00Z",
        "faults": {
            "totalNumber": len(broken),
            "foundFaults": [fault for item in broken for fault in _faults(item, names)],
        },
        "problemDetails": {
            "rest": {
                "outputHttpCalls": calls,
                "evaluatedHttpCalls": calls,
                "endpointIds": list(dict.fromkeys(names.values())),
                "coveredHttpStatus": [
                    {
                        "endpointId": names[item.operation_id],
                        "testCaseId": WHOLE_RUN,
                        "httpStatus": [int(each) for each in item.statuses if each.isdigit()],
                    }
                    for item in view.operations
                    if item.exchanges
                ],
            }
        },
        "totalTests": len(view.requirements) + 1,
        "testFilePaths": [],
        "testCases": [
            {"id": visible(item.id), "name": visible(item.title)} for item in view.requirements
        ]
        + [{"id": WHOLE_RUN, "name": WHOLE_RUN}],
        "executionTimeInSeconds": round(view.duration_s),
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _endpoint(method: str, path: str) -> str:
    return visible(f"{method.upper()}:{path}")


def _faults(item: JudgedRequirement, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One for each operation whose answers showed a requirement broken.

    Where no answer did, the first operation that its checks are about stands for it.
    """
    seen = [finding.exchange.operation_id for finding in item.findings if finding.exchange]
    shown = [name for name in seen if name in names]
    about = shown or [name for name in item.operations if name in names][:1]
    endpoints = dict.fromkeys(names[name] for name in about if name is not None)
    name, code = categories().get(item.id, OWN)
    category = {"id": name, "code": code, "context": visible(item.id)}
    return [
        {"operationId": each, "testCaseId": visible(item.id), "faultCategories": [category]}
        for each in endpoints or [WHOLE_RUN]
    ]
