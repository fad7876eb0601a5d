"""Schema keywords that a run exercises, valid and invalid: ours, and stock `st run` beside it.

Run `python -m bench.keywords --seed 7`; the last line is JSON. Each runs against a clean sandbox;
all requests are judged by the same code, theirs from the HAR file that they write. Counted are the
keywords of the vendor's document, which both are given; ours also knows the bounds of the sandbox.
"""

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.contract import LIMIT_SECS, ours
from bench.proof import schemathesis_tools
from bench.proof.bed import Job, sandbox
from verify_harness.exchange import Request
from verify_harness.spec import contract
from verify_harness.spec.coverage import Coverage

HAR = ("--report", "json,har", "--report-har-path", "requests.har")


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    options.add_argument("--seed", type=int, default=7)
    seed = options.parse_args().seed
    figures = {
        "contract run": _covered(seed, _ours),
        "st run": _covered(seed, partial(_of_har, schemathesis_tools.stock)),
        "st run, furnished": _covered(seed, partial(_of_har, schemathesis_tools.furnished)),
    }
    print("tool                 requests   statuses reached   keyword sides")
    for name, each in figures.items():
        statuses, sides = each["statuses"], each["keyword_sides"]
        print(f"{name:<20} {each['requests']:>8}   {statuses[0]:>6} of {statuses[1]}", end="")
        print(f"      {sides[0]:>6} of {sides[1]}")
    print(json.dumps(figures))


def _covered(seed: int, run: Any) -> dict[str, Any]:
    """What one tool exercised of the document, on a fresh clean sandbox."""
    with sandbox(None, seed) as url, TemporaryDirectory() as folder:
        operations, requests = run(Job(url, None, Path(folder), seed, LIMIT_SECS))
    statuses = [count for each in operations.values() for count in each["statuses"].values()]
    documented = Coverage(contract(None, chosen=False)).as_json()
    sides = [
        count
        for operation, each in operations.items()
        for name, keyword in each["keywords"].items()
        if name in documented[operation]["keywords"]
        for count in keyword.values()
    ]
    return {
        "requests": requests,
        "statuses": [sum(map(bool, statuses)), len(statuses)],
        "keyword_sides": [sum(map(bool, sides)), len(sides)],
    }


def _ours(job: Job) -> tuple[dict[str, Any], int]:
    ours(job)
    lines = (job.folder / "run" / "journal.ndjson").read_text().splitlines()
    merged: dict[str, Any] = {}
    requests = 0
    for line in map(json.loads, lines):
        requests += line["kind"] == "exchange"
        if line["kind"] == "coverage":
            _add(merged, line["operations"])
    return merged, requests


def _add(merged: dict[str, Any], more: dict[str, Any]) -> None:
    """Add the counts of one worker."""
    for name, each in more.items():
        kept = merged.setdefault(name, {"statuses": {}, "keywords": {}})
        for status, count in each["statuses"].items():
            kept["statuses"][status] = kept["statuses"].get(status, 0) + count
        for keyword, counts in each["keywords"].items():
            sums = kept["keywords"].setdefault(keyword, {})
            sums.update({side: sums.get(side, 0) + counts[side] for side in counts})


def _of_har(tool: Any, job: Job) -> tuple[dict[str, Any], int]:
    tool(job, *HAR)
    coverage = Coverage(contract(None, chosen=False))
    requests = 0
    for request, status in _exchanges(job.folder / "requests.har"):
        coverage.observe(request, status, job.url)
        requests += 1
    return coverage.as_json(), requests


def _exchanges(path: Path) -> Iterator[tuple[Request, int]]:
    """What was sent and how it was answered, by a HAR file."""
    for entry in json.loads(path.read_text())["log"]["entries"]:
        sent = entry["request"]
        headers = tuple((each["name"], each["value"]) for each in sent["headers"])
        body = (sent.get("postData") or {}).get("text")
        content = None if body is None else body.encode("utf-8", "surrogatepass")
        yield Request(sent["method"], sent["url"], headers, content), entry["response"]["status"]


if __name__ == "__main__":
    main()
