"""The command that a report prints for the same run once more does repeat it."""

import shlex

import pytest

from tests.program import Ended, Harness
from verify_harness import journal
from verify_harness.report.wording import again
from verify_harness.results import build_view


@pytest.mark.parametrize(
    "command, words",
    [
        (
            ("contract", "run", "vfy-code-004", "TMPL", "--seed=3", "--fail-fast", "-q"),
            "contract run vfy-code-004 TMPL --fail-fast --level standard --seed 3",
        ),
        (
            ("contract", "run", "--only=test_a_code_works_once", "--level", "smoke", "--json"),
            "contract run --only=test_a_code_works_once --level smoke --seed 0",
        ),
        (
            ("prove", "--fault", "code-works-twice", "--fault=sql-in-errors", "--jobs", "1"),
            "prove --fault code-works-twice --fault=sql-in-errors --seed 0",
        ),
        (
            ("load", "run", "smoke", "--processes", "1", "--dialect", "observed"),
            "load run smoke --processes 1 --dialect observed --seed 0",
        ),
    ],
)
def test_what_a_command_named_is_in_the_command_that_repeats_it(
    harness: Harness, command: tuple[str, ...], words: str
) -> None:
    first = harness(*command)
    printed = again(build_view(journal.read(first.directory)))
    assert printed == f"verify-harness {words}"
    before = first.directory.rename(first.directory.with_name("first"))
    second = harness(*shlex.split(printed)[1:])
    assert second.code == first.code == 0, second.err
    tested = [
        [(each["id"], each["status"]) for each in ended.run_json["requirements"]]
        for ended in (Ended(first.code, first.out, first.err, before), second)
    ]
    assert tested[0] == tested[1]
