"""The journal: whole lines, in order, without secrets, and no text that breaks its reader."""

import json
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from verify_harness import exchange as http
from verify_harness import journal, schemas
from verify_harness.errors import UsageError
from verify_harness.journal import Entry, Unreadable, records, syncing
from verify_harness.journal.embedded import Journeys
from verify_harness.journal.encoding import well_formed
from verify_harness.journal.reader import Follower
from verify_harness.journal.records import (
    AnyRecord,
    LoadFinished,
    Note,
    Observation,
    RunFinished,
    RunStarted,
)
from verify_harness.safety.redaction import Redactor

NOTE = b'{"v":2,"t":1.0,"kind":"note","message":"whole"}\n'


def write(directory: Path, name: str, *lines: AnyRecord) -> Path:
    path = journal.part(directory, name)
    part = journal.Journal(path)
    for record in lines:
        part.write(record)
    part.close()
    return path


def seen(check: str, seq: int) -> Observation:
    return Observation(check=check, seq=seq, key="C2", value="400")


def read(directory: Path, *lines: bytes) -> list[Entry]:
    (directory / journal.MERGED).write_bytes(b"".join(lines))
    return list(journal.read(directory))


def test_parts_are_merged_by_check_and_sequence(tmp_path: Path) -> None:
    write(tmp_path, "gw1", seen("b", 2))
    write(tmp_path, "gw0", seen("b", 1), seen("a", 1))
    write(tmp_path, "main", RunFinished(), RunStarted())
    unmerged = list(journal.read(tmp_path))
    journal.merge(tmp_path)
    kinds = [
        (type(entry), getattr(entry, "check", None), getattr(entry, "seq", None))
        for entry in journal.read(tmp_path)
    ]
    assert kinds == [
        (RunStarted, None, None),
        (Observation, "a", 1),
        (Observation, "b", 1),
        (Observation, "b", 2),
        (RunFinished, None, None),
    ]
    assert list(journal.read(tmp_path)) == unmerged
    assert [path.name for path in tmp_path.iterdir()] == [journal.MERGED]


def test_a_line_cut_short_loses_itself_only_and_merging_keeps_it(tmp_path: Path) -> None:
    path = write(tmp_path, "main", RunStarted(), Note("whole"))
    cut = b'{"v":2,"t":1.0,"kind":"exch'
    path.write_bytes(path.read_bytes() + cut)
    (unreadable,) = [entry for entry in journal.read(tmp_path) if isinstance(entry, Unreadable)]
    assert unreadable.position == "journal-part-main.ndjson:3"
    merged = journal.merge(tmp_path).read_bytes()
    assert cut in merged.splitlines()
    assert len(list(journal.read(tmp_path))) == 3


def test_every_line_passes_the_redactor(tmp_path: Path) -> None:
    part = journal.Journal(tmp_path / "j", Redactor({"KEY_very_secret_1": "$TELNYX_API_KEY"}))
    part.write(Note("Bearer KEY_very_secret_1"))
    part.write(Note('{"deep":[{"code":"90817"}]}'))
    part.close()
    first, second = map(json.loads, (tmp_path / "j").read_text().splitlines())
    assert first["message"] == "Bearer $TELNYX_API_KEY"
    assert second["message"] == '{"deep": [{"code": "code-1"}]}'


def test_what_json_or_utf_8_cannot_hold_is_written_readably(tmp_path: Path) -> None:
    generator: dict[str, int | float | str | None] = {
        "lag": float("nan"),
        "far": float("inf"),
        "a": 1,
    }
    written = write(
        tmp_path,
        "main",
        Note("\ud800 \N{PILE OF POO} \x9b"),
        LoadFinished(duration_s=1.0, journeys=Journeys(), generator=generator),
    )
    assert written.read_text().isascii()
    note, finished = journal.read(tmp_path)
    assert isinstance(note, Note)
    assert note.message == "\\ud800 \N{PILE OF POO} \x9b"
    assert isinstance(finished, LoadFinished)
    assert finished.generator == {"lag": None, "far": None, "a": 1}


def test_a_folder_without_a_journal_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        journal.read(tmp_path)


@pytest.mark.parametrize(
    "line,reason",
    [
        (b"no json", "malformed"),
        (b"", "truncated"),
        (b"[]", "Expected `object`"),
        (b'{"v":2,"kind":"note"}', "missing required field `message`"),
        (b'{"v":2,"t":"now","kind":"note","message":"x"}', "Expected `float`"),
        (b'{"v":2,"t":NaN,"kind":"note","message":"x"}', "malformed"),
        (b'{"v":2,"t":-Infinity,"kind":"note","message":"x"}', "malformed"),
        (b'{"v":2,"t":1e999,"kind":"note","message":"x"}', "out of range"),
        (b'{"v":2,"kind":"note","message":"\\ud800"}', ""),
        (b'{"v":2,"kind":"note","message":"\xff\xfe"}', "utf-8"),
        (b'{"v":2,"kind":"note","message":' + b"[" * 500 + b"]" * 500 + b"}", "Expected `str`"),
        (b'{"v":2,"kind":"note","more":' + b"[" * 90_000, "recursion"),
        (b'{"v":1,"t":1.0,"kind":"note","message":"x"}', "journal version 1"),
        (b'{"v":1,"t":1.0,"kind":"weather"}', "journal version 1"),
        (b'{"v":2,"kind":7}', ""),
        (b"\x00\x01\x02", "malformed"),
    ],
)
def test_no_line_breaks_the_reader(tmp_path: Path, line: bytes, reason: str) -> None:
    entries = read(tmp_path, NOTE, line + b"\n", NOTE)
    assert len(entries) in {2, 3}
    assert [entries[0], entries[-1]] == [Note("whole", t=1.0)] * 2
    for entry in entries[1:-1]:
        assert isinstance(entry, Unreadable)
        assert entry.position == "journal.ndjson:2"
        assert reason in entry.reason


def test_fields_and_kinds_of_a_later_release_are_passed_over(tmp_path: Path) -> None:
    known = NOTE.replace(b"}", b',"weather":"fine"}')
    assert read(tmp_path, known, b'{"v":2,"t":1.0,"kind":"weather"}\n') == [Note("whole", t=1.0)]


def test_a_follower_reads_each_line_once_and_half_lines_later(tmp_path: Path) -> None:
    path = tmp_path / "part"
    path.write_bytes(NOTE + NOTE[:20])
    follower = Follower(path)
    assert list(follower.new()) == [Note("whole", t=1.0)]
    assert list(follower.new()) == []
    path.write_bytes(NOTE + NOTE)
    assert list(follower.new()) == [Note("whole", t=1.0)]


def test_only_the_records_of_one_kind_are_kept(tmp_path: Path) -> None:
    write(tmp_path, "main", RunStarted(), Note("kept"), RunFinished())
    journal.keep_only(tmp_path, Note)
    assert [type(entry) for entry in journal.read(tmp_path)] == [Note]


@pytest.mark.parametrize("name", schemas.SCHEMAS)
def test_the_committed_schemas_are_those_of_the_types(name: str) -> None:
    committed = (schemas.FOLDER / name).read_text(encoding="utf-8")
    told = "the types have changed: write the schemas again by `python -m verify_harness.schemas`"
    assert committed == schemas.text(schemas.SCHEMAS[name]()), told


def test_a_long_body_is_redacted_before_it_is_cut() -> None:
    key = "KEY0187B2F4C6D8Ef13aX5cZ7e9G1h3"
    for before in range(16 * 1024 - 60, 16 * 1024 - 20):
        body = f'{{"custom_code": "40516", "x": "{"." * before}{key}"}}'.encode()
        sent = http.Exchange(http.Request("GET", "u"), http.Response(200, (), body), 1.0)
        record = records.Exchange.of(sent, "c", Redactor({key: "$K"}).text)
        assert record.response is not None
        assert key[:8] not in record.response.body
        assert "40516" not in record.response.body


def test_the_repr_of_an_exchange_shows_nothing_that_was_sent_or_answered() -> None:
    request = http.Request("GET", "http://h/+13035551234", (("Authorization", "KEY"),), b"BODY")
    sent = http.Exchange(request, http.Response(200, (("X", "KEY"),), b"BODY"), 1.0, "KEY")
    assert not [each for each in ("KEY", "BODY", "3035551234") if each in repr(sent)]


def test_a_changed_line_is_seen_by_its_checksum(tmp_path: Path) -> None:
    path = write(tmp_path, "main", Note("ten triggers"), Note("whole"))
    path.write_bytes(path.read_bytes().replace(b"ten triggers", b"one triggers"))
    changed, whole = journal.read(tmp_path)
    assert isinstance(changed, Unreadable)
    assert "checksum" in changed.reason
    assert isinstance(whole, Note)


def test_merging_and_beginning_again_lose_nothing_wherever_they_are_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The n-th change of the file system fails, for every n; the next attempt goes on."""
    for calls in range(40):
        directory = tmp_path / str(calls)
        directory.mkdir()
        write(directory, "main", RunStarted(seed=7), Note("kept"), RunFinished())
        write(directory, "gw0", seen("a", 1))
        with monkeypatch.context() as patched:
            is_cut_off = fail_after(calls, patched)
            try:
                journal.keep_only(directory, RunStarted, Note)
            except OSError:
                assert is_cut_off()
            else:
                break
        kinds = [type(entry) for entry in journal.read(directory)]
        assert kinds in ([RunStarted, Note, Observation, RunFinished], [RunStarted, Note])
        journal.keep_only(directory, RunStarted, Note)
        assert [type(entry) for entry in journal.read(directory)] == [RunStarted, Note]
        assert [path.name for path in directory.iterdir()] == ["journal-part-kept.ndjson"]
    assert calls > 5


def fail_after(calls: int, patched: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Let the file system take so many changes and syncs, then none; whether it refused one."""
    left = [calls]

    def limited(original: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
            return original(*arguments, **more)

        return call

    for owner, name in ((os, "fsync"), *((Path, n) for n in ("replace", "rename", "unlink"))):
        patched.setattr(owner, name, limited(getattr(owner, name)))
    return lambda: left[0] < 0


def test_parts_that_grow_are_synced_while_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    with journal.synced(tmp_path, interval_secs=0.01):
        path = write(tmp_path, "main", Note("first"))
        deadline = time.monotonic() + 5
        while not synced and time.monotonic() < deadline:
            time.sleep(0.01)
        assert synced == [path.stat().st_size]
        path = write(tmp_path, "main", Note("second"))
    assert synced[-1] == path.stat().st_size


def test_a_sync_that_fails_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), journal.synced(tmp_path):
        write(tmp_path, "main", Note("x"))


def test_a_record_can_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with closing(journal.Journal(journal.part(tmp_path, "main"))) as part:
        part.write(Note("spent"))
        part.sync()
    assert len(synced) == 1


def test_a_line_without_end_is_unreadable_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify_harness.journal.reader.MAX_LINE_BYTES", 100)
    long, note = read(tmp_path, b"x" * 1000 + b"\n", NOTE)
    assert isinstance(long, Unreadable)
    assert "longer than 100 bytes" in long.reason
    assert isinstance(note, Note)


def test_a_record_that_goes_elsewhere_than_the_journal_is_redacted_too() -> None:
    clean = journal.redacted(Note("KEY-0123456789"), Redactor({"KEY-0123456789": "$KEY"}))
    assert clean == Note("$KEY")


class _Relay:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> None:
        self.lines.append(text)

    def flush(self) -> None:
        self.lines.append("flushed")

    def close(self) -> None:
        self.lines.append("closed")


def test_a_journal_that_is_no_file_gets_whole_lines_and_has_no_disk_to_wait_for() -> None:
    relay = _Relay()
    written = journal.Journal(relay)
    written.write(Note("whole"))
    written.sync()
    written.close()
    line, *rest = relay.lines
    assert json.loads(line)["message"] == "whole"
    assert line.endswith("\n")
    assert rest == ["flushed", "closed"]


def test_a_follower_passes_over_kinds_of_a_later_release(tmp_path: Path) -> None:
    path = tmp_path / "part.ndjson"
    path.write_bytes(b'{"v":2,"t":1.0,"kind":"later"}\n' + NOTE)
    assert list(Follower(path).new()) == [Note("whole", t=1.0)]


def test_a_part_that_did_not_grow_is_not_synced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(syncing, "_sync_file", synced.append)
    path = write(tmp_path, "gw1", seen("a", 1))
    both = syncing._Syncing(tmp_path)
    both.sync()
    both.sync()
    assert synced == [path]


@pytest.mark.parametrize(
    "line,reason",
    [
        (b'{"v":1,"t":1.0,"kind":"note","message":"old"}', "journal version 1"),
        (b'{"v":2,"t":1.0,"kind":"note"}', "missing required field"),
        (b'{"v":2,"t":1.0', ""),
    ],
)
def test_a_line_that_holds_no_record_says_where_and_why(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    (entry,) = read(tmp_path, line + b"\n")
    assert isinstance(entry, Unreadable)
    assert entry.position.endswith(":1")
    assert reason in entry.reason


def test_a_lone_surrogate_in_a_list_is_spelled_out() -> None:
    assert well_formed(["\ud800", ("\ud801",)]) == ["\\ud800", ["\\ud801"]]
