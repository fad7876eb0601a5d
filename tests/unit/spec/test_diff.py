"""Pairs of small documents: one known change each, or none that matters."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.program import Harness
from verify_harness import bundled
from verify_harness.spec.diff import Row, diff

Document = dict[str, Any]
Change = Callable[[Document], object]

BASE: Document = yaml.safe_load("""
openapi: 3.1.0
info: {title: small, version: "1", description: About nothing.}
security: [{bearer: []}]
paths:
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: ReadThing
      parameters:
        - {name: page, in: query, schema: {type: integer, maximum: 50, default: 1}}
      responses:
        '200':
          description: it
          headers: {x-left: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        '404': {description: none}
    patch:
      operationId: ChangeThing
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Wish'}}}
      responses:
        '200':
          description: it
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string}
        status: {type: string, enum: [pending, accepted]}
        size: {type: integer, minimum: 1}
        parent: {$ref: '#/components/schemas/Thing'}
        errors: {type: array, items: {type: object, properties: {code: {type: string}}}}
    Wish:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 10}
        kind: {oneOf: [{$ref: '#/components/schemas/Short'}, {$ref: '#/components/schemas/Long'}]}
        note: {type: string, readOnly: true}
    Short: {type: string, pattern: '^a$'}
    Long: {type: object, properties: {text: {type: string}}}
webhooks:
  told: {post: {requestBody: {content: {application/json: {schema: {type: object,
    properties: {event: {type: string}}}}}}}}
""")


def schema(document: Document, name: str) -> Document:
    found: Document = document["components"]["schemas"][name]
    return found


def member(document: Document, name: str, of: str = "Thing") -> Document:
    found: Document = schema(document, of)["properties"][name]
    return found


def method(document: Document, name: str) -> Document:
    found: Document = document["paths"]["/things/{id}"][name]
    return found


def told(document: Document) -> Document:
    found: Document = document["webhooks"]["told"]["post"]["requestBody"]["content"]
    body: Document = found["application/json"]["schema"]
    return body


SLIP = "(a slip of the vendor's published documents, facts C22; text is still taken)"
BREAKS, SERVICE, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)
CHANGED: dict[str, tuple[Change, str, tuple[bool, bool]]] = {
    "an operation goes": (
        lambda it: it["paths"]["/things/{id}"].pop("patch"),
        "ChangeThing the operation is gone",
        BREAKS,
    ),
    "an operation comes": (
        lambda it: it["paths"].update({"/all": {"get": {"responses": {}}}}),
        "GET /all the operation is new",
        SERVICE,
    ),
    "a parameter goes": (
        lambda it: method(it, "get")["parameters"].clear(),
        "ReadThing query parameter page is gone",
        BREAKS,
    ),
    "a parameter comes": (
        lambda it: method(it, "get")["parameters"].append({"name": "q", "in": "query"}),
        "ReadThing query parameter q is new",
        SERVICE,
    ),
    "a required parameter comes": (
        lambda it: method(it, "get")["parameters"].append(
            {"name": "q", "in": "query", "required": True}
        ),
        "ReadThing query parameter q is new and required",
        BREAKS,
    ),
    "a parameter's bound falls": (
        lambda it: method(it, "get")["parameters"][0]["schema"].update(maximum=20),
        "ReadThing query parameter page maximum 50 became 20",
        BREAKS,
    ),
    "a default changes": (
        lambda it: method(it, "get")["parameters"][0]["schema"].update(default=2),
        "ReadThing query parameter page default 1 became 2",
        BREAKS,
    ),
    "a status comes": (
        lambda it: method(it, "get")["responses"].update({"410": {"description": "over"}}),
        "ReadThing status 410 is new",
        NEITHER,
    ),
    "an error status goes": (
        lambda it: method(it, "get")["responses"].pop("404"),
        "ReadThing status 404 is gone",
        SERVICE,
    ),
    "a success goes": (
        lambda it: method(it, "patch")["responses"].pop("200"),
        "ChangeThing status 200 is gone",
        BOTH,
    ),
    "a header goes": (
        lambda it: method(it, "get")["responses"]["200"]["headers"].clear(),
        "ReadThing 200 header x-left is gone",
        BREAKS,
    ),
    "a header is promised": (
        lambda it: method(it, "get")["responses"]["200"]["headers"]["x-left"].update(required=True),
        "ReadThing 200 header x-left became required",
        SERVICE,
    ),
    "a body is required": (
        lambda it: method(it, "patch")["requestBody"].update(required=True),
        "ChangeThing body became required",
        BREAKS,
    ),
    "a media type comes": (
        lambda it: method(it, "patch")["requestBody"]["content"].update({"text/plain": {}}),
        "ChangeThing body text/plain is new",
        SERVICE,
    ),
    "an answer gains a value": (
        lambda it: member(it, "status")["enum"].append("paused"),
        'Thing.status may also be "paused"',
        BREAKS,
    ),
    "an answer loses a value": (
        lambda it: member(it, "status")["enum"].remove("pending"),
        'Thing.status is no longer "pending"',
        SERVICE,
    ),
    "an answer gains a member": (
        lambda it: schema(it, "Thing")["properties"].update(colour={"type": "string"}),
        "Thing.colour is new",
        NEITHER,
    ),
    "an answer loses a member": (
        lambda it: schema(it, "Thing")["properties"].pop("size"),
        "Thing.size is gone",
        BREAKS,
    ),
    "an answer's member is promised": (
        lambda it: schema(it, "Thing")["required"].append("size"),
        "Thing.size became required",
        SERVICE,
    ),
    "an answer's member may be missing": (
        lambda it: schema(it, "Thing")["required"].clear(),
        "Thing.id is no longer required",
        BREAKS,
    ),
    "an answer's type changes": (
        lambda it: member(it, "size").update(type="string"),
        "Thing.size type integer became string",
        BOTH,
    ),
    "an answer's type widens": (
        lambda it: member(it, "size").update(type="number"),
        "Thing.size type integer became number",
        BREAKS,
    ),
    "an answer may be null": (
        lambda it: member(it, "id").update(type=["string", "null"]),
        "Thing.id type string became string or null",
        BREAKS,
    ),
    "the known slip of the vendor": (
        lambda it: member(it, "errors")["items"]["properties"]["code"].update(type="integer"),
        f"Thing.errors[].code type string became integer {SLIP}",
        BOTH,
    ),
    "a wish gains a member": (
        lambda it: schema(it, "Wish")["properties"].update(colour={"type": "string"}),
        "Wish.colour is new",
        SERVICE,
    ),
    "a wish needs a member": (
        lambda it: schema(it, "Wish")["required"].append("kind"),
        "Wish.kind became required",
        BREAKS,
    ),
    "a wish's member is no longer taken": (
        lambda it: member(it, "name", "Wish").update(readOnly=True),
        "Wish.name is gone",
        BREAKS,
    ),
    "a wish is shorter": (
        lambda it: member(it, "name", "Wish").update(maxLength=8),
        "Wish.name maxLength 10 became 8",
        BREAKS,
    ),
    "a wish is longer": (
        lambda it: member(it, "name", "Wish").pop("maxLength"),
        "Wish.name maxLength 10 became (none)",
        SERVICE,
    ),
    "a wish is closed": (
        lambda it: schema(it, "Wish").update(additionalProperties=False),
        "Wish additionalProperties (none) became false",
        BREAKS,
    ),
    "an alternative comes": (
        lambda it: (
            member(it, "kind", "Wish")["oneOf"].append({"type": "null"})
            or member(it, "kind", "Wish")["oneOf"].append({"type": "boolean"})
        ),
        'Wish.kind the alternative {"type": "boolean"} is new',
        SERVICE,
    ),
    "a pattern changes within an alternative": (
        lambda it: schema(it, "Short").update(pattern="^b$"),
        'Short pattern "^a$" became "^b$"',
        BOTH,
    ),
    "a key is needed no longer": (
        lambda it: it.update(security=[{"bearer": []}, {}]),
        "ReadThing security no credential is accepted, too",
        SERVICE,
    ),
    "what the service sends loses a member": (
        lambda it: told(it)["properties"].clear(),
        "WEBHOOK told body.event is gone",
        BREAKS,
    ),
}


def _rows(change: Change) -> tuple[Row, ...]:
    new = copy.deepcopy(BASE)
    change(new)
    assert new != BASE
    return diff(BASE, new).rows


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_is_told_once(name: str) -> None:
    change, sentence, breaks = CHANGED[name]
    rows = {f"{row.place} {row.text}": row for row in _rows(change)}
    assert (rows[sentence].breaks("callers"), rows[sentence].breaks("service")) == breaks
    concerned = 2 if "security" in sentence else 1  # the key stands above both operations
    assert len(rows) == concerned


def test_the_way_back_breaks_the_other_side() -> None:
    new = copy.deepcopy(BASE)
    member(new, "status")["enum"].append("paused")
    (there,), (back,) = diff(BASE, new).rows, diff(new, BASE).rows
    assert (there.callers, there.service) == (back.service, back.callers)


def test_a_component_of_many_operations_is_one_row() -> None:
    (row,) = _rows(lambda it: member(it, "size").update(minimum=0))
    assert set(row.operations) == {"ReadThing", "ChangeThing"}


def _rename(it: Document) -> None:
    text = json.dumps(it).replace("schemas/Thing", "schemas/Other").replace('"Thing":', '"Other":')
    it.update(json.loads(text))


def _cut_in_two(it: Document) -> None:
    thing = schema(it, "Thing")
    rest = {name: each for name, each in thing["properties"].items() if name != "id"}
    thing.update(properties={"id": {"type": "string"}}, allOf=[{"properties": rest}])


def _inline(it: Document) -> None:
    wish = schema(it, "Wish")
    method(it, "patch")["requestBody"]["content"]["application/json"]["schema"] = wish


def _reversed(value: Any) -> Any:
    """The same with each mapping, and each list that is a set, in the other order."""
    if isinstance(value, dict):
        turned = {key: _reversed(each) for key, each in reversed(value.items())}
        sets = {"enum", "required", "oneOf"} & turned.keys()
        lists = {key: turned[key][::-1] for key in sets if isinstance(turned[key], list)}
        return {**turned, **lists}
    return [_reversed(each) for each in value] if isinstance(value, list) else value


SAME: dict[str, Change] = {
    "a component has another name": _rename,
    "a reference is written out": _inline,
    "a reference stands in an allOf": lambda it: method(it, "patch")["requestBody"].update(
        content={"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/Wish"}]}}}
    ),
    "a schema is cut in two": _cut_in_two,
    "descriptions": lambda it: [
        each.update(description="Other words.")
        for each in (it["info"], schema(it, "Thing"), member(it, "id"), method(it, "get"))
    ],
    "a parameter of the path has another name": lambda it: it.update(
        paths={"/things/{thing}": it["paths"].pop("/things/{id}")}
    ),
    "a type as a list": lambda it: member(it, "id").update(type=["string"]),
    "one alternative": lambda it: schema(it, "Thing")["properties"].update(
        id={"anyOf": [{"type": "string"}]}
    ),
    "tags": lambda it: it.update(tags=[{"name": "new"}]),
    "an extension": lambda it: member(it, "id").update({"x-owner": "us"}),
    "examples": lambda it: member(it, "id").update(examples=["1"]),
    "a reference that is escaped": lambda it: member(it, "parent").update(
        {"$ref": "#/components/schemas/%54hing"}
    ),
    "a media type's parameter": lambda it: method(it, "patch")["requestBody"].update(
        content={
            "Application/JSON; charset=utf-8": {"schema": {"$ref": "#/components/schemas/Wish"}}
        }
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_no_change(name: str) -> None:
    assert _rows(SAME[name]) == ()


def test_order_is_no_change() -> None:
    assert diff(BASE, _reversed(BASE)).rows == ()


@pytest.mark.parametrize(
    "old, new",
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ({"const": 1}, {"enum": [1]}),
        ({"exclusiveMinimum": 1}, {"minimum": 1, "exclusiveMinimum": True}),
        ({"minimum": 3}, {"allOf": [{"minimum": 1}, {"minimum": 3}]}),
        ({"additionalProperties": True}, {}),
    ],
)
def test_two_spellings_of_one_schema(old: Document, new: Document) -> None:
    one, two = copy.deepcopy(BASE), copy.deepcopy(BASE)
    one["components"]["schemas"]["Short"] = old
    two["components"]["schemas"]["Short"] = new
    assert diff(one, two).rows == diff(two, one).rows == ()


def test_prose_is_counted() -> None:
    new = copy.deepcopy(BASE)
    new["info"]["description"] = "About something."
    assert diff(BASE, new).texts == ("About something.",)


def test_of_two_documents_with_our_api_other_apis_are_only_counted() -> None:
    old = copy.deepcopy(BASE)
    old["paths"]["/v2/verifications/sms"] = {"post": {"responses": {}}}
    new = copy.deepcopy(old)
    new["paths"].pop("/things/{id}")
    new["paths"]["/v2/verifications/dtmf"] = {"post": {"responses": {}}}
    found = diff(old, new)
    assert [row.operations for row in found.rows] == [("POST /v2/verifications/dtmf",)]
    assert found.foreign == 2


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def shuffled(tmp_path: Path) -> Path:
    """Our own document, turned round, with other names for its components."""
    ours = yaml.safe_load((bundled.specs() / "verify.openapi.yaml").read_text())
    text = json.dumps(_reversed(ours))
    for kind in ("schemas", "responses", "parameters", "examples", "headers", "links"):
        for name in ours["components"].get(kind, {}):
            text = text.replace(f'#/components/{kind}/{name}"', f'#/components/{kind}/{name}X"')
    document = json.loads(text)
    for kind, named in document["components"].items():
        if kind != "securitySchemes":
            document["components"][kind] = {f"{name}X": each for name, each in named.items()}
    path = tmp_path / "shuffled.json"
    path.write_text(json.dumps(document))
    return path


def test_our_document_shuffled_and_renamed_is_the_same(harness: Harness, shuffled: Path) -> None:
    ended = harness("spec", "diff", str(shuffled), "--fail-on", "any", output=False)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "no change for callers or for the service; 0 texts reworded or new\n"


def test_a_breaking_change_fails_where_it_was_asked_to(harness: Harness, tmp_path: Path) -> None:
    old = bundled.specs() / "verify.openapi.yaml"
    new = tmp_path / "new.yaml"
    new.write_text(old.read_text().replace("enum: [accepted, rejected]", "enum: [accepted]", 1))
    assert new.read_text() != old.read_text()
    words = ("spec", "diff", str(old), str(new))
    assert harness(*words, output=False).code == 0
    assert harness(*words, "--fail-on", "any", output=False).code == 1
    for side, code in (("callers", 0), ("service", 1)):
        assert harness(*words, "--fail-on", "breaking", "--for", side, output=False).code == code
    rows = json.loads(harness(*words, "--json", output=False).out)["rows"]
    assert {"VFY-SPEC-002"} <= {name for row in rows for name in row["requirements"]}


def test_a_document_that_cannot_be_used_is_refused(harness: Harness, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("openapi: 2.0\n")
    ended = harness("spec", "diff", str(path), output=False)
    assert ended.code == 2
    assert str(path) in ended.err
    assert "Traceback" not in ended.err
