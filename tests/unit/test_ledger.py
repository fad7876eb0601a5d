"""The ledger: written before a request, shared by processes, never below what was spent."""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from verify_harness.errors import BudgetReached, CannotWrite, LedgerUnusable
from verify_harness.safety import ledger as module
from verify_harness.safety.ledger import Charge, Ledger, Outcome, _midnight, default_path

BUDGET = Decimal("0.10")
NOON = 1_800_000_000.0 // 86_400 * 86_400 + 43_200
DAY_SECS = 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.ndjson"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = Ledger(path)
    yield opened
    opened.close()


def charge(name: str, usd: str = "0.04", *, t: float = NOON, account: str = "a") -> Charge:
    return Charge(
        t=t,
        id=name,
        run="r",
        account=account,
        price_class="send",
        what="sms to US",
        usd=Decimal(usd),
    )


def outcome(name: str, *, spent: bool) -> Outcome:
    return Outcome(t=NOON, id=name, spent=spent, why="status 400")


def spent(ledger: Ledger) -> dict[str, bool]:
    return {each.id: is_spent for each, is_spent in ledger.charges()}


def test_a_charge_is_on_the_disk_before_anything_is_sent(ledger: Ledger, path: Path) -> None:
    ledger.charge(charge("one"), BUDGET)
    line = msgspec.json.decode(path.read_bytes())
    assert (line["kind"], line["id"], line["usd"]) == ("charge", "one", "0.04")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_not_known_counts_as_spent(ledger: Ledger) -> None:
    for name in ("unknown", "spent", "unspent"):
        ledger.charge(charge(name, "0.01"), BUDGET)
    ledger.settle(outcome("spent", spent=True))
    ledger.settle(outcome("unspent", spent=False))
    assert spent(ledger) == {"unknown": True, "spent": True, "unspent": False}


def test_beyond_the_budget_nothing_is_charged(ledger: Ledger) -> None:
    ledger.charge(charge("one"), BUDGET)
    ledger.charge(charge("two"), BUDGET)
    with pytest.raises(BudgetReached, match=r"US for 0\.04 USD: 0\.02 USD of it is left"):
        ledger.charge(charge("three"), BUDGET)
    ledger.charge(charge("the rest", "0.02"), BUDGET)
    assert list(spent(ledger)) == ["one", "two", "the rest"]


def test_a_budget_is_that_of_an_account_and_of_a_day(ledger: Ledger) -> None:
    ledger.charge(charge("one", "0.10"), BUDGET)
    ledger.charge(charge("another account", "0.10", account="b"), BUDGET)
    ledger.charge(charge("the next day", "0.10", t=NOON + DAY_SECS), BUDGET)
    for t in (NOON + 3600, NOON + DAY_SECS + 3600):
        with pytest.raises(BudgetReached, match=r"0\.00 USD of it is left"):
            ledger.charge(charge("more", t=t), Decimal("0.05"))


def test_what_is_left_is_told(ledger: Ledger) -> None:
    ledger.charge(charge("today", t=time.time()), BUDGET)
    assert ledger.left("a", BUDGET) == Decimal("0.06")
    assert ledger.left("b", BUDGET) == BUDGET


def test_processes_see_each_other(ledger: Ledger, path: Path) -> None:
    other = Ledger(path)
    other.charge(charge("one", "0.08"), BUDGET)
    with pytest.raises(BudgetReached):
        ledger.charge(charge("two"), BUDGET)
    other.settle(outcome("one", spent=False))
    ledger.charge(charge("two"), BUDGET)
    assert spent(other) == {"one": False, "two": True}
    other.close()


def test_half_a_line_was_never_sent_and_goes(ledger: Ledger, path: Path) -> None:
    ledger.charge(charge("one"), BUDGET)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    ledger.charge(charge("two"), BUDGET)
    assert list(spent(ledger)) == ["one", "two"]
    assert len(path.read_bytes().splitlines()) == 2


@pytest.mark.parametrize("line", [b"{}", b"nonsense", b"\xff\xfe", b'{"kind":"charge","v":2}'])
def test_what_is_no_entry_is_refused(path: Path, line: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(line + b"\n")
    with pytest.raises(LedgerUnusable, match="no entry"):
        Ledger(path)


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    path.rename(path.with_name("old"))
    path.touch()


def cut(path: Path) -> None:
    os.truncate(path, 3)


@pytest.mark.parametrize(
    "harm, problem", [(removed, "no such file"), (replaced, "replaced"), (cut, "was cut")]
)
def test_a_ledger_that_is_harmed_while_open_is_refused(
    ledger: Ledger, path: Path, harm: Callable[[Path], None], problem: str
) -> None:
    ledger.charge(charge("one"), BUDGET)
    harm(path)
    with pytest.raises(LedgerUnusable, match=problem):
        ledger.charge(charge("two"), BUDGET)


def a_directory(path: Path) -> None:
    path.mkdir(parents=True)


def a_link(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(path.with_name("elsewhere"))


def below_a_file(path: Path) -> None:
    path.parent.touch()


@pytest.mark.parametrize("make", [a_directory, a_link, below_a_file])
def test_what_cannot_be_opened_is_refused(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(LedgerUnusable, match=str(path)):
        Ledger(path)


def test_a_full_disk_stops_the_request_and_leaves_no_half_line(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.charge(charge("one"), BUDGET)
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, line: write(file, line[:9]))
    with pytest.raises(CannotWrite, match="no room"):
        ledger.charge(charge("two"), BUDGET)
    monkeypatch.undo()
    assert list(spent(ledger)) == ["one"]
    assert path.read_bytes().endswith(b"}\n")


def test_what_may_not_be_on_the_disk_is_not_sent_but_counts(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        ledger.charge(charge("one"), BUDGET)
    monkeypatch.undo()
    assert spent(ledger) == {"one": True}


def test_a_lock_that_is_never_released_is_named(
    ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_SECS", 0.02)
    with path.open("rb") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(LedgerUnusable, match="another process holds it"):
            ledger.charges()
    assert ledger.charges() == []


def test_the_ledger_lies_with_its_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    assert default_path() == tmp_path / ".local/state/verify-harness/ledger.ndjson"
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    assert default_path() == Path("/var/state/verify-harness/ledger.ndjson")
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert default_path().is_relative_to(tmp_path)


def test_a_user_without_a_home_has_no_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    with pytest.raises(LedgerUnusable, match="no home directory"):
        default_path()


def test_a_day_begins_at_midnight_of_utc(ledger: Ledger) -> None:
    midnight = NOON - DAY_SECS / 2
    assert _midnight(NOON + 1.5) == midnight
    ledger.charge(charge("first", "0.10", t=midnight), BUDGET)
    with pytest.raises(BudgetReached):
        ledger.charge(charge("more", t=NOON), BUDGET)


def test_a_ledger_that_is_closed_leaves_no_file_open(path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    Ledger(path).close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_ledgers_folder_is_made_for_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "there" / "ledger.ndjson"
    Ledger(path).close()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
