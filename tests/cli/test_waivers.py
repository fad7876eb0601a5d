"""Waivers: a known failure passes as long as somebody answers for it, and not a day longer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import sandbox_with
from tests.program import Harness

TODAY = datetime.now(UTC).date()
RUN = ["contract", "run", "VFY-CODE-004", "--jobs", "1"]


def waivers(path: Path, requirement: str, *, days: int = 30, target: str = "*") -> str:
    file = path / "known.toml"
    file.write_text(
        f'[[waiver]]\nid = "{requirement}"\ntarget = "{target}"\nreason = "ticket 12"\n'
        f'link = "https://tickets.example/12"\nowner = "ann"\n'
        f"expires = {TODAY + timedelta(days=days)}\n"
    )
    return str(file)


def test_a_waived_failure_passes_and_is_told(harness: Harness, tmp_path: Path) -> None:
    with sandbox_with("code-works-twice") as url:
        ended = harness(
            *RUN,
            "--target",
            url,
            "--waivers",
            waivers(tmp_path, "VFY-CODE-004", target="127.0.0.1"),
        )
    assert ended.code == 0, ended.out
    assert ended.status("VFY-CODE-004") == "waived"
    assert ended.run_json["waivers"][0]["status"] == "used"
    assert "1 waived" in ended.out


@pytest.mark.parametrize(
    "requirement,days,says",
    [
        ("VFY-CODE-004", -1, "the waiver of VFY-CODE-004 has expired"),
        ("VFY-CODE-004", 5, "the waiver of VFY-CODE-004 is not needed any more"),
        ("VFY-CODE-999", 5, "the waiver of VFY-CODE-999 names no requirement"),
    ],
)
def test_a_stale_waiver_fails_the_run(
    harness: Harness, sandbox: str, tmp_path: Path, requirement: str, days: int, says: str
) -> None:
    file = waivers(tmp_path, requirement, days=days)
    ended = harness(*RUN, "--target", sandbox, "--waivers", file)
    assert ended.code == 1, ended.out
    assert says in ended.out


def test_a_waiver_for_another_target_does_not_count(harness: Harness, tmp_path: Path) -> None:
    with sandbox_with("code-works-twice") as url:
        file = waivers(tmp_path, "VFY-CODE-004", target="staging.example")
        ended = harness(*RUN, "--target", url, "--waivers", file)
    assert ended.code == 1
    assert ended.status("VFY-CODE-004") == "fail"


@pytest.mark.parametrize(
    "text,says",
    [
        ("[[waiver]]\nid = 'VFY-CODE-004'", "waiver[0]: lacks the key `target`"),
        ("[waiver", "cannot be read"),
        ("other = 1", "unknown key 'other'"),
    ],
)
def test_a_broken_file_is_named(harness: Harness, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "waivers.toml").write_text(text)
    ended = harness(*RUN)
    assert ended.code == 2
    assert says in ended.err
    assert "waivers.toml" in ended.err
