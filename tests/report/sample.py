"""Make `reports/sample/` again: `python -m tests.report.sample`."""

import json
from pathlib import Path

from tests.report.journals import realistic
from verify_harness.report import write_all

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


def main() -> None:
    SAMPLE.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(line, separators=(",", ":")) for line in realistic()]
    (SAMPLE / "journal.ndjson").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    write_all(SAMPLE)


if __name__ == "__main__":
    main()
