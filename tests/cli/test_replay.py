"""`replay`: a finding is sent again, and either stands or is gone."""

from tests.cli.conftest import sandbox_with
from tests.program import Harness


def test_a_finding_stands_until_the_target_is_mended(harness: Harness) -> None:
    with sandbox_with("code-works-twice") as url:
        broken = harness("contract", "run", "VFY-CODE-004", "--target", url, "--jobs", "1")
        finding = broken.run_json["findings"][0]["id"]
        run = str(broken.directory)
        again = harness("replay", run, finding, output=False)
    assert again.code == 1, again.err
    assert f"{finding}: it stands" in again.err
    assert "1 of 1 requirement is broken" in again.out

    port = url.rpartition(":")[2].partition("/")[0]
    with sandbox_with(port=port):
        mended = harness("replay", run, finding, output=False)
    assert mended.code == 0, mended.err
    assert f"{finding}: it is gone" in mended.err


def test_a_finding_that_is_not_there_is_named(harness: Harness) -> None:
    ended = harness("contract", "run", "VFY-TMPL-003")
    missing = harness("replay", str(ended.directory), "VFY-CODE-004.9", output=False)
    assert missing.code == 2
    assert "has no finding 'VFY-CODE-004.9'" in missing.err
