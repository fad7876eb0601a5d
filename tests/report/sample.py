"""Make `reports/sample/` again, from a real run: `python -m tests.report.sample`.

A `check` of a sandbox with three faults. Of its ten thousand exchanges the journal keeps those that
the first failure of each requirement needs; the others stay counted, so that every figure of the
report is the run's.
"""

import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.cli.conftest import sandbox_with
from tests.program import environment
from verify_harness import journal
from verify_harness.journal.encoding import ascii_json
from verify_harness.journal.reader import Unreadable
from verify_harness.journal.records import (
    AnyRecord,
    CheckFinished,
    Exchange,
    ExchangesCounted,
    Finding,
)
from verify_harness.report import write_all

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"
FAULTS = ("code-works-twice", "patch-erases-the-rest", "any-key-works")
PORT = "8080"
PLACE = "reports/sample"
_MOST_FINDINGS = 1
"""Of each requirement; the others are told without their exchanges."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _check(folder)
        read = list(journal.read(Path(folder) / PLACE))
    entries = [entry for entry in read if not isinstance(entry, Unreadable)]
    assert len(entries) == len(read)
    SAMPLE.mkdir(parents=True, exist_ok=True)
    lines = [f"{ascii_json(record)}\n" for record in shortened(entries)]
    (SAMPLE / "journal.ndjson").write_text("".join(lines), encoding="utf-8")
    write_all(SAMPLE)


def _check(folder: str) -> None:
    with sandbox_with(*FAULTS, port=PORT) as url:
        command = [sys.executable, "-m", "verify_harness", "check", "--target", url]
        ended = subprocess.run(
            [*command, "--output", PLACE, "--quiet"], cwd=folder, env=environment(), check=False
        )
    assert ended.returncode == 1


def shortened(entries: Sequence[AnyRecord]) -> Iterator[AnyRecord]:
    """The journal with exchanges counted instead of kept, but for those of shown findings."""
    shown = set(_shown(entry for entry in entries if isinstance(entry, Finding)))
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for entry in entries:
        if isinstance(entry, Exchange) and entry.check not in shown:
            answer = "none" if entry.response is None else str(entry.response.status)
            counts[entry.check][entry.operation_id or ""][answer] += 1
            continue
        if isinstance(entry, CheckFinished) and entry.check in counts:
            statuses = {name: dict(found) for name, found in counts.pop(entry.check).items()}
            yield ExchangesCounted(check=entry.check, seq=entry.seq, statuses=statuses)
        yield entry
    assert not counts


def _shown(findings: Iterable[Finding]) -> Iterator[str]:
    """The checks of the first findings of each requirement."""
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.requirement] += 1
        if told[finding.requirement] <= _MOST_FINDINGS:
            yield finding.check


if __name__ == "__main__":
    main()
