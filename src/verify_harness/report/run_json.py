"""run.json, version 1: the run for machines (schemas/run.schema.json)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from verify_harness.report.coverage import Coverage
from verify_harness.report.formats import renderer
from verify_harness.report.load_model import Load, Step
from verify_harness.report.model import Finding, Observation, Requirement, RunView
from verify_harness.report.proof_model import Fault
from verify_harness.report.wording import summary_of

SCHEMA = "verify-harness/run/1"


@renderer("json", file="run.json")
def run_json(view: RunView) -> str:
    """The document as ASCII text: nothing in it can act on a terminal or a page."""
    return json.dumps(document(view), indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def document(view: RunView) -> dict[str, Any]:
    """The document as a JSON value."""
    return {
        "schema": SCHEMA,
        "tool": view.tool,
        "command": view.command,
        "spec_sha256": view.spec_sha256,
        "target": asdict(view.target),
        "dialect": view.dialect,
        "started_at": view.started_at,
        "duration_s": view.duration_s,
        "seed": view.seed,
        "level": view.level,
        "jobs": view.jobs,
        "verdict": view.verdict,
        "exit_code": view.exit_code,
        "partial": view.partial,
        "requirements": [_requirement(item) for item in view.requirements],
        "findings": [_finding(item) for item in view.findings],
        "operations": [asdict(item) for item in view.operations],
        "requests_sha256": view.requests_sha256,
        "observations": _observations(view.observations),
        "waivers": [asdict(item) for item in view.waivers],
        "spend": dict(view.spend),
        "coverage": coverage_json(view.coverage) if view.coverage else None,
        "load": _load(view.load) if view.load else None,
        "faults": [_fault(item) for item in view.proof.faults] if view.proof else None,
    }


def _requirement(item: Requirement) -> dict[str, Any]:
    return {
        "id": item.id,
        "basis": item.basis,
        "severity": item.severity,
        "status": item.status,
        "operations": item.operations,
        "checks": item.checks,
        "blocked_by": item.blocked_by,
        "reason": item.reason,
    }


def _finding(item: Finding) -> dict[str, Any]:
    return {
        "id": item.id,
        "requirement": item.requirement,
        "title": summary_of(item),
        "replay": item.replay,
        "curl": item.curl,
        "exchange": asdict(item.exchange) if item.exchange else None,
    }


def _observations(observations: tuple[Observation, ...]) -> Mapping[str, Any]:
    """By key: each value seen, how often and at which operations."""
    keys = dict.fromkeys(item.key for item in observations)
    return {
        key: [
            {"value": item.value, "count": item.count, "operations": item.operations}
            for item in observations
            if item.key == key
        ]
        for key in keys
    }


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """Coverage as a JSON value; `total` and `covered` count the two sides of each keyword."""
    return {
        "statuses": {"documented": coverage.documented, "reached": coverage.reached},
        "keywords": {"total": coverage.keyword_sides, "covered": coverage.covered},
        "operations": [
            {
                "operation_id": item.operation_id,
                "statuses": {
                    "documented": item.documented,
                    "reached": item.reached,
                    "unreached": dict(item.unreached),
                },
                "keywords": {
                    "total": item.keyword_sides,
                    "covered": item.covered,
                    "missing": item.missing,
                },
            }
            for item in coverage.operations
        ],
    }


def _fault(item: Fault) -> dict[str, Any]:
    names = ("id", "title", "caught", "by", "requests", "seconds")
    return {name: getattr(item, name) for name in names}


def _load(load: Load) -> dict[str, Any]:
    return {
        "profile": load.profile,
        "duration_s": load.duration_s,
        "requests": load.requests,
        "requests_per_s": load.requests_per_s,
        "offered_per_s": load.offered_per_s,
        "achieved_per_s": load.achieved_per_s,
        "journeys": dict(load.journeys),
        "steps": [_step(step) for step in load.steps],
        "slo": [
            {
                "expression": item.expression,
                "limit": item.limit,
                "measured": item.measured,
                "status": item.status,
                "window_s": item.window_s,
                "worst_from_s": item.worst_from_s,
            }
            for item in load.slo
        ],
        "judged": load.is_judged,
        "invalid": load.invalid,
        "capacity": asdict(load.capacity) if load.capacity else None,
        "aborted": load.aborted,
        "generator": dict(load.generator),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "requests": step.requests,
        "throttled": step.throttled,
        "errors": step.errors,
        "statuses": dict(step.statuses),
        "service_ms": asdict(step.service_ms) if step.service_ms else None,
        "response_ms": asdict(step.response_ms) if step.response_ms else None,
    }
