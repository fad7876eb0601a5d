"""`replay`: a finding's check runs again, against the target of the person who replays."""

import http.server
import json
import re
import shlex
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import sandbox_with
from tests.program import Ended, Harness
from verify_harness.journal.checksums import sealed

REQUIREMENT = "VFY-CODE-004"


def broken_run(harness: Harness, url: str) -> Ended:
    """A run that found the requirement broken, moved out of the next run's way."""
    ended = harness("contract", "run", REQUIREMENT, "--target", url, "--jobs", "1")
    assert ended.code == 1, ended.err
    return Ended(
        ended.code,
        ended.out,
        ended.err,
        ended.directory.rename(ended.directory.with_name("broken")),
    )


def test_a_finding_fails_until_the_target_is_mended(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        broken = broken_run(harness, url)
        finding = broken.run_json["findings"][0]["id"]
        printed = shlex.split(broken.run_json["findings"][0]["replay"])
        assert printed[-2:] == ["--target", url]
        again = harness(printed[1], str(broken.directory), *printed[3:])
    assert again.code == 1, again.err
    assert f"{finding} still fails" in again.err

    again.directory.rename(again.directory.with_name("again"))
    mended = harness("replay", str(broken.directory), finding)  # the embedded sandbox is clean
    assert mended.code == 0, mended.err
    assert f"{finding} no longer fails" in mended.err


def test_without_a_finding_every_failure_of_the_run_is_replayed(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        broken = broken_run(harness, url)
        again = harness("replay", str(broken.directory), "--target", url)
    findings = [item["id"] for item in broken.run_json["findings"]]
    assert len(findings) > 1
    assert [name for name in findings if f"{name} still fails" in again.err] == findings


def test_a_finding_that_is_not_there_is_named(harness: Harness) -> None:
    ended = harness("contract", "run", "VFY-TMPL-003")
    missing = harness("replay", str(ended.directory), "VFY-CODE-004.9", output=False)
    assert missing.code == 2
    assert "no finding 'VFY-CODE-004.9'" in missing.err


def test_another_specification_has_to_be_named(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        broken = broken_run(harness, url)
    replace_in_journal(broken.directory, broken.run_json["spec_sha256"], "0" * 64)
    refused = harness("replay", str(broken.directory))
    assert refused.code == 2
    assert "another specification" in refused.err
    assert not refused.directory.exists()


def test_a_run_of_which_the_beginning_is_lost_is_not_replayed(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        broken = broken_run(harness, url)
    path = broken.directory / "journal.ndjson"
    path.write_text(path.read_text().replace('"command":"contract run"', '"command":"check"'))
    refused = harness("replay", str(broken.directory))
    assert refused.code == 2
    assert "how the run began" in refused.err


def test_a_crafted_journal_does_not_choose_who_is_called(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url, eavesdropper() as (foreign, connections):
        broken = broken_run(harness, url)
        replace_in_journal(broken.directory, url, foreign)
        replace_in_journal(
            broken.directory, '"command":"contract run"', f'"command":"smoke --target {foreign}"'
        )
        ended = harness(
            "replay", str(broken.directory), TELNYX_API_KEY="KEY_of_the_person_who_replays"
        )
    assert ended.code == 0, ended.err
    assert connections == []
    assert foreign not in (ended.directory / "journal.ndjson").read_text()


def replace_in_journal(directory: Path, old: str, new: str) -> None:
    """Change a text wherever it stands in a journal, seal it anew, and take the reports away."""
    path = directory / "journal.ndjson"
    text = path.read_text()
    assert old in text
    changed = re.sub(r',"crc":"[0-9a-f]{8}"', "", text.replace(old, new))
    path.write_text("".join(f"{sealed(line)}\n" for line in changed.splitlines()))
    (directory / "run.json").write_text(json.dumps({}))


@contextmanager
def eavesdropper() -> Iterator[tuple[str, list[str]]]:
    """A loopback server that nobody may call; its URL, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server's names

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v2", asked
        server.shutdown()
