"""`spend` prints what the ledger holds, by class and by run."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from verify_harness.cli import cli
from verify_harness.errors import LedgerUnusable
from verify_harness.safety.ledger import Charge, Ledger, Outcome
from verify_harness.safety.prices import PriceClass

BEGAN = 1_800_000_000.0


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.ndjson"
    opened = Ledger(path)
    rows: list[tuple[str, str, PriceClass, str]] = [
        ("a1", "first-run", "send", "0.004"),
        ("a2", "first-run", "accepted check", "0.03"),
        ("b1", "second-run", "send", "0.014"),
        ("b2", "second-run", "lookup", "0.0015"),
    ]
    for at, (name, run, price_class, usd) in enumerate(rows):
        charge = Charge(
            t=BEGAN + at,
            id=name,
            run=run,
            account="82c9ea6d856a",
            price_class=price_class,
            what="-",
            usd=Decimal(usd),
        )
        opened.charge(charge, Decimal(1))
    opened.settle(Outcome(t=BEGAN, id="a2", spent=False, why="rejected"))
    opened.close()
    return path


def spend(path: Path, *flags: str) -> None:
    cli(["spend", "--ledger", str(path), *flags], "verify-harness", standalone_mode=False)


def test_the_ledger_is_printed(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spend(ledger)
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    for row in (
        "send 2 2 0.018 USD",
        "accepted check 1 0 0.00 USD",
        "lookup 1 1 0.0015 USD",
        "all 4 3 0.0195 USD",
        "first-run 2 1 0.004 USD 2027-01-15 08:00:00 82c9ea6d856a",
        "second-run 2 2 0.0155 USD 2027-01-15 08:00:02 82c9ea6d856a",
    ):
        assert row in rows


def test_the_ledger_is_read_by_programs(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spend(ledger, "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["usd"], found["classes"]["send"]["usd"]) == ("0.0195", "0.018")
    assert [(each["run"], each["usd"]) for each in found["runs"]] == [
        ("first-run", "0.004"),
        ("second-run", "0.0155"),
    ]


def test_without_a_ledger_nothing_was_spent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spend(tmp_path / "none")
    assert "nothing was spent" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_a_broken_ledger_is_not_added_up(tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("{}\n")
    with pytest.raises(LedgerUnusable):
        spend(tmp_path / "broken")
