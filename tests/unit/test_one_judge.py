"""The contract checks and the load's sample are of one opinion about any answer."""

import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from verify_harness.contract import generated
from verify_harness.exchange import Exchange, Request, Response
from verify_harness.load.client.answer import Answer
from verify_harness.load.client.api_steps import Step
from verify_harness.load.engine.response_sampling import Sampling
from verify_harness.spec import Operation, Spec, contract

ANSWERS = 200
TYPES = ("application/json", "application/json; charset=utf-8", "text/html", "", "json")
TEXTS = ("", "{", '{"a": 1, "a": 2}', "[NaN]", '["\\ud800"]', "[" * 70 + "]" * 70, "1" * 30)
VALUES: tuple[Any, ...] = (
    None,
    True,
    7,
    -0.5,
    "text",
    [],
    {},
    "12ade33a-21c0-473b-b055-b3c836e1c292",
)
HEADERS = (("Retry-After", "soon"), ("x-ratelimit-remaining", "-1"), ("X-RateLimit-Limit", "9"))


@pytest.fixture(scope="module", params=[False, True], ids=["base", "chosen"])
def spec(request: pytest.FixtureRequest) -> Spec:
    return contract(None, chosen=request.param)


def _answers(spec: Spec) -> list[tuple[Operation, Response]]:
    """Answers of every kind, valid and broken, the same in each run."""
    random = Random(20261125)
    return [_answer(spec, random) for _ in range(ANSWERS)]


def _answer(spec: Spec, random: Random) -> tuple[Operation, Response]:
    operation = random.choice(spec.operations)
    status = int(random.choice([*(each for each in operation.responses if each.isdigit()), "418"]))
    body = json.dumps(_broken(_example(spec, operation, status), random))
    broken_text, other_type = random.random() < 0.15, random.random() < 0.15
    if broken_text:
        body = random.choice(TEXTS)
    media_type = random.choice(TYPES) if other_type else TYPES[0]
    given = random.sample(HEADERS, random.randrange(len(HEADERS)))
    headers = (*given, *((("Content-Type", media_type),) if media_type else ()))
    return operation, Response(status, headers, body.encode())


def _example(spec: Spec, operation: Operation, status: int) -> Any:
    """A documented answer; an error for all but a 200."""
    if status != 200:
        return {"errors": [{"code": "10015", "title": "Bad request", "detail": "Look."}]}
    node = spec.document["paths"][operation.path][operation.method.lower()]
    examples = node["responses"]["200"]["content"]["application/json"]["examples"]
    name = next(iter(examples))
    return json.loads(json.dumps(spec.document["components"]["examples"][name]["value"]))


def _broken(value: Any, random: Random) -> Any:
    """The value with a member changed, taken away or added, in about half of all cases."""
    node = value
    while isinstance(node, (dict, list)) and node and random.random() < 0.7:
        keys: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = random.choice(keys)
        if isinstance(node[key], (dict, list)) and random.random() < 0.8:
            node = node[key]
            continue
        change = random.randrange(3)
        if change == 0:
            node[key] = random.choice(VALUES)
        elif change == 1:
            del node[key]
        elif isinstance(node, dict):
            node["more"] = random.choice(VALUES)
        break
    return value


def _by_the_contract(operation: Operation, response: Response) -> list[tuple[str, str]]:
    request = Request(operation.method, "http://127.0.0.1:1/v2/")
    return generated.judged(Exchange(request, response, 1.0), operation)


def _by_the_load(spec: Spec, operation: Operation, response: Response) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    witness = Sampling(spec, 100, 0).draw(None, lambda *entry: told.append(entry))
    assert witness is not None
    lines = [f"{name}: {value}" for name, value in response.headers]
    head = "\r\n".join([f"HTTP/1.1 {response.status} x", *lines, "", ""]).encode()
    step = Step("step", operation.method, operation.path, operation.operation_id)
    witness.saw(step, (), None, Answer(response.status, response.body, head=head))
    prefix = f"step answered {response.status}: "
    return [(requirement, text.removeprefix(prefix)) for requirement, text in told]


def test_two_hundred_answers_find_one_opinion(spec: Spec) -> None:
    requirements: Counter[str] = Counter()
    for operation, response in _answers(spec):
        if response.status == 429:
            continue  # a class of its own in a load
        opinion = _by_the_contract(operation, response)
        assert _by_the_load(spec, operation, response) == opinion
        requirements.update({requirement for requirement, _ in opinion} or {"valid"})
    assert requirements.keys() == {"valid", "VFY-SPEC-001", "VFY-SPEC-002", "VFY-SPEC-003"}
    assert min(requirements.values()) >= 10
    assert requirements["valid"] >= 30
