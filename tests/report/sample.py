"""Make `reports/sample/` again: `python -m tests.report.sample`."""

from pathlib import Path

from tests.report.journals import realistic
from verify_harness.journal.encoding import ascii_json
from verify_harness.report import write_all

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


def main() -> None:
    SAMPLE.mkdir(parents=True, exist_ok=True)
    lines = [f"{ascii_json(record)}\n" for record in realistic()]
    (SAMPLE / "journal.ndjson").write_text("".join(lines), encoding="utf-8")
    write_all(SAMPLE)


if __name__ == "__main__":
    main()
