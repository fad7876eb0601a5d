"""Documents of somebody else's: each row is one oddity that public bug reports showed."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.unit.spec import documents as made
from verify_harness.errors import NotInDocument, SpecError
from verify_harness.spec import Spec, bundled_spec, contract, judge, load
from verify_harness.spec.lint import warnings

Loader = Callable[[dict[str, Any]], Spec]
ID = "4900017a-e7c8-e79e-0a7c-0d98f49b09cc"


@pytest.fixture
def loaded(tmp_path: Path) -> Loader:
    """The contract made of a document."""

    def load_it(document: dict[str, Any]) -> Spec:
        path = tmp_path / "own.json"
        path.write_text(json.dumps(document))
        return contract(path, chosen=True)

    return load_it


def _judged(
    spec: Spec, body: Any, content_type: str = "application/json", *, status: int = 200
) -> list[tuple[str, str, str]]:
    """Subject, place and keyword of what is wrong with an answer of the one operation."""
    operation = spec.operation("RetrieveVerification")
    raw = json.dumps(body).encode()
    found = judge(operation, status, [("content-type", content_type)], raw)
    return [(each.subject, each.place, each.keyword) for each in found]


TYPED = {"type": "object", "properties": {"a": {"type": "integer"}}}
WRONG = [("schema", "/a", "type")]
ELSEWHERE = [("media-type", "", "content-type")]


class MediaType(NamedTuple):
    """A key of `content`, what an answer says, and what is wrong with a body that is."""

    key: str
    says: str
    expected: list[tuple[str, str, str]]


@pytest.mark.parametrize(
    "row",
    [
        MediaType("application/json; charset=utf-8", "application/json", WRONG),
        MediaType("application/json; charset=utf-8", "application/json;charset=UTF-8", WRONG),
        MediaType("Application/JSON", "application/json", WRONG),
        MediaType("*/*", "application/json", WRONG),
        MediaType("application/*", "application/json", WRONG),
        MediaType("application/vnd.api+json", "application/vnd.api+json; v=1", WRONG),
        MediaType("application/*+json", "application/vnd.api+json", WRONG),
        MediaType("application/*", "application/problem+json", WRONG),
        MediaType("*/*", "text/plain", []),
        MediaType("text/*", "application/json", ELSEWHERE),
        MediaType("application/json", "application/problem+json", [*ELSEWHERE, *WRONG]),
        MediaType("application/json", "json", [*ELSEWHERE, *WRONG]),
        MediaType("application/json", "", [*ELSEWHERE, *WRONG]),
    ],
)
def test_media_types_and_ranges(loaded: Loader, row: MediaType) -> None:
    assert _judged(loaded(made.reading(TYPED, row.key)), {"a": "x"}, row.says) == row.expected


@pytest.mark.parametrize(
    "says,keyword",
    [
        ("application/json; charset=utf-8", "minimum"),
        ("application/json", "maximum"),
        ("application/cbor+json", "multipleOf"),
        ("text/json", "enum"),
    ],
)
def test_the_most_specific_key_applies(loaded: Loader, says: str, keyword: str) -> None:
    document = made.reading({"enum": [1]}, "*/*")
    answers = document["paths"]["/verifications/{id}"]["get"]["responses"]["200"]
    answers["content"] |= {
        "application/*": {"schema": {"multipleOf": 4}},
        "application/json": {"schema": {"maximum": 1}},
        "application/json;charset=utf-8": {"schema": {"minimum": 100}},
    }
    assert _judged(loaded(document), 3, says) == [("schema", "", keyword)]


TEXT = {"type": "string", "maxLength": 3}
TREE = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Tree"}}}


@pytest.mark.parametrize(
    "schema,components,body,expected",
    [
        ({"$ref": "#/components/schemas/T", "minLength": 2}, {"T": TEXT}, "x", "minLength"),
        ({"$ref": "#/components/schemas/T", "minLength": 2}, {"T": TEXT}, "xxxx", "maxLength"),
        ({"$ref": "#/components/schemas/T", "maxLength": 9}, {"T": TEXT}, "xxxx", "maxLength"),
        (
            {"$ref": "#/components/schemas/U"},
            {"T": TEXT, "U": {"$ref": "#/components/schemas/T", "maxLength": 9}},
            "xxxx",
            "maxLength",
        ),
        ({"$ref": "#/components/schemas/T", "description": "a"}, {"T": TEXT}, "xxx", None),
        ({"$ref": "#text"}, {"T": {"$anchor": "text", **TEXT}}, "xxxx", "maxLength"),
        ({"items": {"$ref": "#text"}}, {"T": {"$dynamicAnchor": "text", **TEXT}}, ["xxx"], None),
        ({"$ref": "#/components/schemas/Tree"}, {"Tree": TREE}, {"next": {"next": {}}}, None),
        ({"$ref": "#/components/schemas/Tree"}, {"Tree": TREE}, {"next": {"next": 1}}, "type"),
        (True, {}, [1], None),
        (False, {}, [1], "not"),
    ],
)
def test_references(
    loaded: Loader, schema: Any, components: dict[str, Any], body: Any, expected: str | None
) -> None:
    spec = loaded(made.reading(schema, schemas=components))
    assert [keyword for _, _, keyword in _judged(spec, body)] == ([expected] if expected else [])


HIDDEN = {"properties": {"pin": {"type": "string", "writeOnly": True}, "id": {"readOnly": True}}}
BOTH = {"required": ["pin", "id"]}


@pytest.mark.parametrize(
    "schema",
    [
        {**HIDDEN, **BOTH},
        {"allOf": [HIDDEN, BOTH]},
        {**BOTH, "allOf": [{"$ref": "#/components/schemas/Hidden"}]},
        {**BOTH, "$ref": "#/components/schemas/Hidden"},
        {**BOTH, "properties": {"pin": {"$ref": "#/components/schemas/Pin"}, "id": {}}},
    ],
)
def test_what_is_only_written_is_required_of_requests_and_what_is_only_read_of_answers(
    loaded: Loader, schema: dict[str, Any]
) -> None:
    shared = {"Hidden": HIDDEN, "Pin": {"writeOnly": True}}
    spec = loaded(made.reading(schema, schemas=shared))
    assert _judged(spec, {"id": 1}) == []
    assert _judged(spec, {"pin": "1"}) == [("schema", "", "required")]


def test_what_is_only_read_is_not_required_of_requests(loaded: Loader) -> None:
    document = made.ours()
    body = document["components"]["schemas"]["CreateMessageTemplateRequest"]
    body["required"] = ["text", "id"]
    body["properties"]["id"] = {"type": "string", "readOnly": True}
    schema = loaded(document).operation("CreateMessageTemplate").request_schema
    assert schema is not None
    assert schema["required"] == ["text"]


@pytest.mark.parametrize(
    "keys,status,is_documented",
    [
        (("2XX",), 200, True),
        (("2xx",), 299, True),
        (("default",), 404, True),
        (("200",), 201, False),
        (("4XX",), 500, False),
        (("200",), 404, True),  # our bundled contract documents it
    ],
)
def test_ranges_default_and_what_the_document_is_silent_about(
    loaded: Loader, keys: tuple[str, ...], status: int, is_documented: bool
) -> None:
    document = made.reading({})
    operation = document["paths"]["/verifications/{id}"]["get"]
    operation["responses"] = {key: {"description": "an answer"} for key in keys}
    spec = loaded(document)
    found = judge(spec.operation("RetrieveVerification"), status, [], b'{"errors": []}')
    assert ("status" not in [each.subject for each in found]) == is_documented


def test_default_is_asked_before_the_bundled_contract(loaded: Loader) -> None:
    document = made.reading({})
    answers = document["paths"]["/verifications/{id}"]["get"]["responses"]
    answers["default"] = {"description": "", "content": {"*/*": {"schema": {"type": "array"}}}}
    assert _judged(loaded(document), {"errors": []}, status=404) == [("schema", "", "type")]


NUMBER = {"schema": {"type": "integer", "minimum": 0}, "required": True}


@pytest.mark.parametrize(
    "header,given,keyword",
    [
        (NUMBER, "12", None),
        (NUMBER, None, "required"),
        (NUMBER, "-1", "minimum"),
        (NUMBER, "x", "type"),
        ({"schema": {"type": "string"}}, "12", None),
        ({"schema": {"type": "string"}}, None, None),
        ({"schema": {"type": "array", "items": {"type": "integer"}}}, "1, 2", None),
        ({"schema": {"type": "array", "items": {"type": "integer"}}}, "1, x", "type"),
        ({"$ref": "#/components/headers/Number"}, "x", "type"),
    ],
)
def test_headers_of_answers(
    loaded: Loader, header: Any, given: str | None, keyword: str | None
) -> None:
    document = made.reading({}, headers={"Number": NUMBER})
    answers = document["paths"]["/verifications/{id}"]["get"]["responses"]["200"]
    del answers["content"]
    answers["headers"] = {"X-Left": header, "Content-Type": {"required": True}}
    headers = [] if given is None else [("x-left", given)]
    found = judge(loaded(document).operation("RetrieveVerification"), 200, headers, b"")
    assert [each.keyword for each in found] == ([keyword] if keyword else [])


SPELLINGS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "as it is": dict,
    "a charset": partial(made.under_media_key, key="application/json; charset=utf-8"),
    "a range": partial(made.under_media_key, key="*/*"),
    "other names": made.with_other_names,
    "extensions": made.with_extensions,
    "another operation": made.with_balance,
}


@pytest.mark.parametrize("change", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_our_operations_are_found_in_another_document(
    loaded: Loader, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    spec = loaded(change(made.ours()))
    for theirs, own in zip(spec.operations, bundled_spec().operations, strict=True):
        assert (theirs.operation_id, theirs.path) == (own.operation_id, own.path)
        assert [each.name for each in theirs.parameters] == [each.name for each in own.parameters]
        assert (theirs.request_schema is None) == (own.request_schema is None)
        assert theirs.responses.keys() == own.responses.keys()


def test_an_id_of_ours_on_another_operation_is_not_taken_for_it(loaded: Loader) -> None:
    document = made.reading(TYPED)
    document["paths"]["/things"] = {
        "get": {"operationId": "ListProfiles", "responses": {"200": {"description": "Things"}}}
    }
    spec = loaded(document)
    assert [each.operation_id for each in spec.operations] == ["RetrieveVerification"]
    with pytest.raises(NotInDocument, match=r"^not in the document: ListProfiles$"):
        spec.operation("ListProfiles")


def test_a_reference_into_a_path_that_got_our_names_still_leads_there(loaded: Loader) -> None:
    document = made.reading(TYPED)
    answers = document["paths"]["/verifications/{id}"]["get"]["responses"]
    answers["200"]["content"]["application/json"]["schema"] = {
        "properties": {
            "b": {"$ref": "#/paths/~1verifications~1%7Bid%7D/get/responses/202/content/a~1b/schema"}
        }
    }
    answers["202"] = {"description": "", "content": {"a/b": {"schema": {"type": "integer"}}}}
    assert _judged(loaded(document), {"b": "x"}) == [("schema", "/b", "type")]


def _with_pattern() -> dict[str, Any]:
    return made.reading(
        {"$ref": "#/components/schemas/A"}, schemas={"A": {"items": {"pattern": "("}}}
    )


MADE_OF_ITSELF = {"allOf": [{"allOf": [{"$ref": "#/components/schemas/A"}]}]}


def _twice(*paths: str, **ids: str) -> dict[str, Any]:
    operation = {"responses": {"200": {"description": ""}}}
    return made.document({path: {"get": operation | ids} for path in paths})


@pytest.mark.parametrize(
    "document,says",
    [
        (_with_pattern(), "at /components/schemas/A/items/pattern."),
        (
            _twice("/verifications/{a}", "/verifications/{b}"),
            "the paths /verifications/{a} and /verifications/{b} are the same one",
        ),
        (
            _twice("/verify_profiles", "/b", operationId="Twice"),
            "the operationId Twice is used twice: GET /b and GET /verify_profiles",
        ),
        (_twice("/balance"), "has none of the 17 operations of the Verify API"),
        (
            made.reading({"items": {"$dynamicRef": "#a"}}),
            "/schema/items: $dynamicRef is not supported",
        ),
        (
            made.reading({}, schemas={"A": {"$anchor": "a"}, "B": {"$anchor": "a"}}),
            "the anchor a is set at /components/schemas/",
        ),
        (
            made.reading({"$ref": "#/components/schemas/A"}, schemas={"A": MADE_OF_ITSELF}),
            "/components/schemas/A: the schema is a member of its own allOf.",
        ),
        (made.reading({"$ref": "#gone"}), "/schema: #gone leads nowhere"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_place(
    loaded: Loader, document: dict[str, Any], says: str
) -> None:
    with pytest.raises(SpecError) as caught:
        loaded(document)
    assert says in str(caught.value)


def _published() -> dict[str, Any]:
    return made.as_published(made.ours())


def _without_templates() -> dict[str, Any]:
    document = made.ours()
    del document["paths"]["/verify_profiles/templates"]
    return document


@pytest.mark.parametrize(
    "document,says",
    [
        (_published(), "error codes are typed as integers at /components/schemas/Errors: "),
        (_published(), "judged as in the bundled contract: 401 (17), 403 (17), 404 (17)"),
        (
            _without_templates(),
            "skipped: GET /verify_profiles/templates, POST /verify_profiles/templates.",
        ),
        (made.with_balance(made.ours()), "neither called nor judged: GET /balance."),
        (
            made.reading({"properties": {"nullable": {}, "b": {"nullable": True}}}),
            "/get/responses/200/content/application~1json/schema/properties/b; write `type: [",
        ),
        (
            _twice("/verify_profiles", "/x/{a}", "/x/{b}"),
            "these paths are the same one: /x/{a}, /x/{b}.",
        ),
    ],
)
def test_lint_warns_of_each_cause_once(tmp_path: Path, document: dict[str, Any], says: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(document))
    assert len([each for each in warnings(load(path)) if says in each]) == 1


def test_the_bundled_document_gives_no_cause_to_warn() -> None:
    assert warnings(bundled_spec()) == ()


@pytest.mark.parametrize("code", ["10015", 10015], ids=["text", "integer"])
def test_a_document_with_integer_codes_lets_them_be_text(loaded: Loader, code: object) -> None:
    spec = loaded(_published())
    error = {"errors": [{"code": code, "title": "Bad request"}]}
    assert _judged(spec, error, status=400) == []
    assert _judged(spec, {"errors": [{"code": None, "title": "x"}]}, status=400) == [
        ("schema", "/errors/0/code", "type")
    ]
