"""A check that ends: what it leaves behind does not stop the other checks."""

import json
from pathlib import Path

import pytest

from tests.unit.checks import environment, opened
from verify_harness.checks import current
from verify_harness.client import Client
from verify_harness.contract.check_exceptions import NoAnswer
from verify_harness.errors import NoVerdict
from verify_harness.exchange import Exchange, Purpose, Request, Response
from verify_harness.safety.guard import Guard
from verify_harness.transport.oddities import SURPLUS


@pytest.mark.parametrize("gone", [NoAnswer("refused"), NoVerdict("gone")])
def test_a_target_that_is_gone_at_the_clean_up_is_noted(gone: Exception, tmp_path: Path) -> None:
    done: list[str] = []

    def fails() -> None:
        raise gone

    with opened(journal=tmp_path / "journal") as check:
        assert current() is check
        check.clean_up += [lambda: done.append("first"), fails]
    assert done == ["first"]
    (line,) = map(json.loads, (tmp_path / "journal").read_text().splitlines())
    assert line["kind"] == "note"
    assert line["message"] == f"a check left something behind: {gone}"


class _OddClient(Client):
    """A client whose every answer had surplus bytes behind it."""

    def send(self, request: Request, *, within_secs: float | None = None) -> Exchange:  # noqa: ARG002 - as the client
        return Exchange(request, Response(200, (), b"{}"), 1.0, oddities=(SURPLUS,))


def test_an_oddity_of_the_answer_is_observed(tmp_path: Path) -> None:
    client = _OddClient(Guard.for_contract(), run_id="r")
    with opened(environment(client=client), journal=tmp_path / "journal") as check:
        check.send(Request("GET", "http://127.0.0.1:9/"), "ListProfiles", Purpose.DIRECTED)
    lines = [json.loads(line) for line in (tmp_path / "journal").read_text().splitlines()]
    seen = [line for line in lines if line["kind"] == "observation"]
    assert [(line["value"], line["operation_id"]) for line in seen] == [(SURPLUS, "ListProfiles")]
