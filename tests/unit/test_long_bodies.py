"""Long bodies are cut before they are redacted, and nothing secret slips through the cut."""

import json
import time
from collections.abc import Callable

import pytest

from verify_harness import exchange as http
from verify_harness.journal.long_bodies import beginning
from verify_harness.journal.records import Exchange
from verify_harness.safety.redaction import Redactor

KEY = "KEY_canary_0123456789abcdef"
KEPT = 16 * 1024


def recorded(body: str) -> str:
    request = http.Request("POST", "http://127.0.0.1/", (), body.encode())
    redactor = Redactor({KEY: "$TELNYX_API_KEY"})
    record = Exchange.of(http.Exchange(request, None, 1.0, failure="x"), "check", redactor.text)
    assert record.request.body is not None
    return record.request.body


@pytest.mark.parametrize("before", [*range(KEPT - 40, KEPT + 2, 5), 2 * KEPT - 9])
def test_a_key_across_the_cut_is_replaced(before: int) -> None:
    text = "x" * before + KEY + "x" * KEPT
    for body in (text, json.dumps({"data": text})):
        assert KEY[:8] not in recorded(body)


def test_a_code_is_known_by_its_place_however_long_the_body_is() -> None:
    members = {"filler": "x" * 9000, "code": "48151623", "rest": ["y" * 99] * 4000}
    text = recorded(json.dumps(members))
    assert "48151623" not in text
    assert '"code": "code-1"' in text
    assert len(text) == KEPT


def test_what_is_no_json_is_cut_where_it_is() -> None:
    assert beginning("{" + "x" * 100, 10) == "{" + "x" * 9
    assert beginning("[" * 100_000, 10) == "[" * 10


def test_little_of_a_long_body_is_kept_but_all_of_a_short_one() -> None:
    short = {"a": [1, None, True, "é"], "b": {"c": []}}
    assert json.loads(beginning(json.dumps(short), 100)) == short
    many = json.dumps([{"id": index} for index in range(50_000)])
    assert len(beginning(many, 1000)) < 10_000


def test_a_long_body_costs_far_less_than_its_whole_redaction() -> None:
    numbers = [f"+1202555{last:04}" for last in range(10_000)]
    body = json.dumps({"data": [{"id": n[::-1], "phone_number": n} for n in numbers]})

    def best(work: Callable[[str], object]) -> float:
        times = []
        for _ in range(3):
            began = time.process_time()
            work(body)
            times.append(time.process_time() - began)
        return min(times)

    assert 4 * best(recorded) < best(Redactor({KEY: "$TELNYX_API_KEY"}).text)


def test_letters_stay_letters() -> None:
    assert beginning('{"name":"\u00e9"}', 100) == '{"name": "\u00e9"}'
