"""SARIF 2.1.0: each broken requirement as an alert at its operation in the OpenAPI document."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from verify_harness import bundled, sources
from verify_harness.report.cases import Case, cases
from verify_harness.report.renderers import renderer
from verify_harness.report.wording import headline, summary_of
from verify_harness.results.model import JudgedRequirement, NumberedFinding, RunView
from verify_harness.sanitize import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
BUNDLED = "specs/verify.openapi.yaml"
_LEVELS = {"fail": "error", "warn": "warning", "waived": "error"}


@renderer("sarif")
def sarif(view: RunView) -> str:
    """One result for each requirement, operation and check that broke it.

    What has no requirement (limits of a load, faults, waivers) is a result of a rule of its group.
    """
    broken = [item for item in view.requirements if item.status in _LEVELS]
    others = [case for case in cases(view) if case.outcome == "failed" and _is_other(case)]
    rules = [*map(_rule, broken), *map(_group_rule, dict.fromkeys(case.group for case in others))]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [result for item in broken for result in _results(item, view)]
    results += [_other(case, view) for case in others]
    for result in results:
        result["ruleIndex"] = places[result["ruleId"]]
    name, _, version = visible(view.tool).partition(" ")
    driver = {"name": name or "verify-harness", "semanticVersion": version, "rules": rules}
    run = {
        "tool": {"driver": {key: value for key, value in driver.items() if value != ""}},
        "automationDetails": {"id": visible(f"verify-harness/{view.command}/")},
        "invocations": [_invocation(view)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _invocation(view: RunView) -> dict[str, Any]:
    """How the run went; what could not be judged is a notification of the tool, no alert."""
    unclear = [case for case in cases(view) if case.outcome == "error"]
    return {
        "executionSuccessful": view.verdict != "no-verdict",
        "exitCode": view.exit_code,
        "exitCodeDescription": visible(headline(view)),
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": visible(f"{case.name}: {case.message}")}}
            for case in unclear
        ],
    }


def _is_other(case: Case) -> bool:
    return case.group in {"load", "proof", "waivers", "verify-harness"}


def _rule(item: JudgedRequirement) -> dict[str, Any]:
    cited = [sources.cited(source) for source in item.sources]
    rule = {
        "id": visible(item.id),
        "name": visible(item.title),
        "shortDescription": {"text": visible(item.title)},
        "fullDescription": {"text": visible(item.statement or item.title)},
        "help": {"text": _help(item, [source.text for source in cited])},
        "defaultConfiguration": {"level": _LEVELS[item.status]},
        "properties": {"tags": [visible(item.basis), visible(item.area)]},
    }
    urls = [source.url for source in cited if source.url]
    return rule | ({"helpUri": urls[0]} if urls else {})


def _help(item: JudgedRequirement, cited: list[str]) -> str:
    told = item.statement or item.title
    return visible(f"{told} Source: {'; '.join(cited)}" if cited else told)


def _group_rule(group: str) -> dict[str, Any]:
    return {"id": group, "shortDescription": {"text": f"What a run judges as {group}"}}


def _results(item: JudgedRequirement, view: RunView) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    for finding in item.findings:
        operation = finding.exchange.operation_id if finding.exchange else None
        key = (operation or "", finding.check.partition("[")[0])
        if key not in seen:
            seen.add(key)
            yield _result(item, view, operation, _told(finding), "|".join((item.id, *key)))
    if not item.findings:
        told = f"blocked by {item.blocked_by}" if item.blocked_by else item.reason or item.title
        yield _result(item, view, None, told, item.id)


def _told(finding: NumberedFinding) -> str:
    return f"{summary_of(finding)}\nreplay: {finding.replay}"


def _result(
    item: JudgedRequirement, view: RunView, operation: str | None, text: str, identity: str
) -> dict[str, Any]:
    result = {
        "ruleId": visible(item.id),
        "level": _LEVELS[item.status],
        "message": {"text": visible(text)},
        "locations": [_location(view, operation)],
        "partialFingerprints": {"requirementOperationCheck/v1": _digest(identity)},
    }
    if item.status == "waived":
        told = {"kind": "external", "justification": visible(item.reason or "")}
        result["suppressions"] = [told]
    return result


def _other(case: Case, view: RunView) -> dict[str, Any]:
    return {
        "ruleId": case.group,
        "level": "error",
        "message": {"text": visible(f"{case.name}: {case.message}")},
        "locations": [_location(view, None)],
        "partialFingerprints": {"requirementOperationCheck/v1": _digest(case.key)},
    }


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode(errors="replace")).hexdigest()


def _location(view: RunView, operation: str | None) -> dict[str, Any]:
    line = _line(view.spec_file, operation) if operation else 1
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": visible(view.spec_file or BUNDLED)},
            "region": {"startLine": line},
        }
    }


def _line(spec_file: str | None, operation: str) -> int:
    """Where a document names an operation; 1 where it does not, or is not there any more."""
    path = Path(spec_file) if spec_file else bundled.specs() / "verify.openapi.yaml"
    naming = re.compile(rf"""["']?operationId["']?\s*:\s*["']?{re.escape(operation)}\b""")
    lines = enumerate(_lines(path), start=1)
    return next((number for number, text in lines if naming.search(text)), 1)


@cache
def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError:
        return ()
