"""What was spent, on disk: one line before each priced request, one with its outcome after it.

All processes of a user share the file. A charge is decided and written under one lock, so that two
processes cannot both spend what is left, and is on the disk before the request goes out. What was
charged counts as spent unless its outcome says otherwise: a process that is killed in between
leaves the ledger too high, never too low.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal

import msgspec

from verify_harness.errors import BudgetReached, CannotWrite, LedgerUnusable
from verify_harness.safety.money import NOTHING, Usd, shown
from verify_harness.safety.prices import PriceClass

LOCK_SECS = 10.0
"""How long another process may hold the file; it needs it for a few milliseconds."""
_POLL_SECS = 0.005
_NAME = Path("verify-harness") / "ledger.ndjson"


class Charge(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="charge"):
    """A request that is about to be sent; `t` is in unix seconds."""

    v: Literal[1] = 1
    t: float
    id: str
    run: str
    account: str
    """The fingerprint of the key that pays."""
    price_class: PriceClass
    what: str
    """Such as `sms to US`; never a number."""
    usd: Usd


class Outcome(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="outcome"):
    """What became of a charge."""

    v: Literal[1] = 1
    t: float
    id: str
    spent: bool
    why: str
    """Such as `status 400`."""


Entry = Charge | Outcome

_DECODER = msgspec.json.Decoder(Entry)


class Ledger:
    """The ledger in one file; every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; raises LedgerUnusable where it cannot be trusted."""
        self._path = path
        self._charges: dict[str, Charge] = {}
        self._unspent: set[str] = set()
        self._read_bytes = 0
        self._thread_lock = Lock()
        try:
            self._file = _opened(path)
        except OSError as error:
            raise LedgerUnusable(path, _cause(error)) from None
        with self._locked():
            pass

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def charges(self) -> list[tuple[Charge, bool]]:
        """Every charge so far, in order, and whether it counts as spent."""
        with self._locked():
            return [(each, each.id not in self._unspent) for each in self._charges.values()]

    def left(self, account: str, budget: Usd) -> Usd:
        """What an account may still spend today of a daily budget; below zero if overdrawn."""
        with self._locked():
            return budget - self._spent_today(account, time.time())

    def charge(self, charge: Charge, budget: Usd) -> None:
        """Write a charge to the disk, if the account's budget of the day has room for it.

        Raises BudgetReached where it has not, CannotWrite where the disk takes no more: the request
        must not be sent then.
        """
        with self._locked():
            left = budget - self._spent_today(charge.account, charge.t)
            if charge.usd > left:
                raise BudgetReached(charge.what, shown(charge.usd), shown(max(left, NOTHING)))
            self._append(charge)

    def settle(self, outcome: Outcome) -> None:
        """Write what became of a charge; without this it counts as spent."""
        with self._locked():
            self._append(outcome)

    def _spent_today(self, account: str, now: float) -> Usd:
        day = _midnight(now)
        return sum(
            (
                each.usd
                for each in self._charges.values()
                if each.account == account and each.t >= day and each.id not in self._unspent
            ),
            NOTHING,
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the file alone, with all that others have written read."""
        with self._thread_lock:
            self._lock()
            try:
                self._require_same_file()
                self._read_new()
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _lock(self) -> None:
        ends = time.monotonic() + LOCK_SECS
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > ends:
                    raise LedgerUnusable(self._path, "another process holds it") from None
                time.sleep(_POLL_SECS)
            else:
                return

    def _require_same_file(self) -> None:
        """Raise LedgerUnusable where the file was removed or replaced: others count elsewhere."""
        try:
            is_same = os.path.samestat(os.fstat(self._file), self._path.stat())
        except OSError as error:
            raise LedgerUnusable(self._path, _cause(error)) from None
        if not is_same:
            raise LedgerUnusable(self._path, "it was replaced")

    def _read_new(self) -> None:
        """Read what was added; half a line, of a process that died in writing it, is removed.

        Such a line was never followed by its request, because that waits for the whole line.
        """
        size = os.fstat(self._file).st_size
        if size < self._read_bytes:
            raise LedgerUnusable(self._path, "it was cut")
        text = os.pread(self._file, size - self._read_bytes, self._read_bytes)
        whole, end, torn = text.rpartition(b"\n")
        for line in whole.splitlines():
            self._learn(line)
        self._read_bytes += len(whole) + len(end)
        if torn:
            os.ftruncate(self._file, self._read_bytes)

    def _learn(self, line: bytes) -> None:
        try:
            entry = _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise LedgerUnusable(self._path, "it holds a line that is no entry") from None
        match entry:
            case Charge():
                self._charges[entry.id] = entry
            case Outcome(spent=False):
                self._unspent.add(entry.id)

    def _append(self, entry: Entry) -> None:
        """Write a line whole and onto the disk, or not at all."""
        line = msgspec.json.encode(entry) + b"\n"
        try:
            written = os.write(self._file, line)
            if written < len(line):
                os.ftruncate(self._file, self._read_bytes)
                raise CannotWrite(self._path, OSError(0, "there is no room"))
            os.fsync(self._file)
        except OSError as error:
            raise CannotWrite(self._path, error) from None
        self._read_new()


def _opened(path: Path) -> int:
    """The file, open for reading and appending, for its user alone, its name on the disk."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.open(path, flags, 0o600)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return file


def _midnight(now: float) -> float:
    """When the day of a moment began, in UTC."""
    day = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day.timestamp()


def _cause(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def default_path() -> Path:
    """Where the ledger of this user lies; raises LedgerUnusable for a user without a home."""
    own = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(own):  # noqa: PTH117 - of a text that may be empty
        return Path(own) / _NAME
    try:
        return Path.home() / ".local" / "state" / _NAME
    except RuntimeError:
        raise LedgerUnusable(_NAME, "this user has no home directory") from None
