"""Loading: what is refused, with which sentence, and what YAML may and may not do."""

import json
import os
from pathlib import Path

import pytest

from verify_harness.errors import ExternalReference, SpecError
from verify_harness.exitcodes import ExitCode
from verify_harness.spec import Spec, load, reading

SMALL = """openapi: 3.1.0
info: {title: Small, version: '1'}
paths:
  /things:
    get:
      operationId: ListThings
      responses:
        200: {description: Things}
"""


def _with_schema(schema: str) -> str:
    content = f"{{application/json: {{schema: {schema}}}}}"
    return SMALL.replace("{description: Things}", f"{{description: Things, content: {content}}}")


BAD = {
    "empty": ("", "is empty"),
    "a list": ("- 1\n", "no mapping"),
    "syntax": ("openapi: 3.1.0\npaths: [1, 2\nx: }", "line 3, column 2"),
    "twin keys": (SMALL + "info: {}\n", "line 9, column 1: the key 'info' is given twice"),
    "twin keys under an alias": ("a: &a {x: 1}\nb: {<<: *a, x: 2, x: 3}", "line 2, column 19"),
    "a tag": ("openapi: !!python/object/apply:os.getcwd []\n", "line 1, column 10"),
    "a key that is a list": ("? [1]\n: 2\n", "line 1, column 3: a key must be text"),
    "two documents": (SMALL + "---\nopenapi: 3.1.0\n", "line 9, column 1"),
    "no version": ("paths: {}\n", "`openapi` is missing"),
    "another version": (SMALL.replace("3.1.0", "3.0.3"), "OpenAPI 3.0.3 is not supported"),
    "version as a number": (SMALL.replace("3.1.0", "3.1"), "OpenAPI 3.1 is not supported"),
    "no paths": ("openapi: 3.1.0\n", "no operations"),
    "paths without methods": ("openapi: 3.1.0\npaths: {/things: {}}\n", "no operations"),
    "paths as a list": ("openapi: 3.1.0\npaths: [1]\n", "/paths: must be an object"),
    "a method as text": ("openapi: 3.1.0\npaths: {/a: {get: x}}\n", "/paths/~1a/get"),
    "parameters as a mapping": (
        SMALL.replace("operationId", "parameters: {a: 1}\n      operationId"),
        "/parameters: must be a list",
    ),
    "a parameter without a name": (
        SMALL.replace("operationId", "parameters: [{in: query}]\n      operationId"),
        "a parameter without 'name'",
    ),
    "one id twice": (SMALL + "    post: {operationId: ListThings}\n", "ListThings is used twice"),
    "a reference to nowhere": (
        _with_schema("{$ref: '#/components/schemas/Gone'}"),
        "200/content/application~1json/schema: #/components/schemas/Gone leads nowhere",
    ),
    "a reference by anchor": (_with_schema("{$ref: '#gone'}"), "#gone leads nowhere"),
    "a type that is none": (_with_schema("{type: 12}"), "ListThings, answer 200: not a JSON sch"),
    "a pattern that is none": (_with_schema("{pattern: '('}"), "ListThings, answer 200: not a JS"),
    "a schema as text": (_with_schema("text"), "/responses/200: must be an object"),
    "a circle": (
        _with_schema("{$ref: '#/components/a'}")
        + "components: {a: {$ref: '#/components/b'}, b: {$ref: '#/components/a'}}\n",
        "refers to itself",
    ),
    "deep nesting in brackets": ("a: " + "[" * 200_000, "nested too deeply"),
    "deep nesting in dashes": ("- " * 200_000, "nested too deeply"),
    "an alias to itself": ("openapi: &a [*a]\n", "holds itself"),
    "an alias bomb": (
        "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)),
        "too many values",
    ),
}


@pytest.mark.parametrize("text,sentence", BAD.values(), ids=BAD.keys())
def test_bad_yaml_is_one_line_naming_file_and_place(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert sentence in message
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    "text,sentence",
    [
        ('{"openapi": "3.1.0",\n "paths" 1}', "line 2, column 10"),
        ('{"a": 1, "a": 2}', "the key 'a' is given twice"),
        ('{"a": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("", "line 1, column 1"),
    ],
)
def test_bad_json_is_one_line_naming_file_and_place(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "spec.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=sentence) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"gone\.yaml: cannot be read: No such file"):
        load(tmp_path / "gone.yaml")


def test_a_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="is a directory"):
        load(tmp_path)


def test_a_device_or_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(SpecError, match="not a regular file"):
        load(tmp_path / "pipe.yaml")


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"openapi: \xff")
    with pytest.raises(SpecError, match=r"not UTF-8 \(byte 9\)"):
        load(path)


def test_a_file_over_the_cap_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    with path.open("wb") as file:
        file.truncate(reading.MAX_BYTES + 1)
    with pytest.raises(SpecError, match="larger than 32 MiB"):
        load(path)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.yaml#/b", "file:///etc/passwd", "b.yaml"]
)
@pytest.mark.parametrize(
    "schema",
    ["{{$ref: '{}'}}", "{{properties: {{value: {{$ref: '{}'}}}}}}", "{{items: {{$ref: '{}'}}}}"],
)
def test_a_reference_out_of_the_document_is_refused_unopened(
    tmp_path: Path, schema: str, address: str
) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(_with_schema(schema.format(address)), encoding="utf-8")
    with pytest.raises(ExternalReference, match="not opened") as caught:
        load(path)
    assert caught.value.exit_code == ExitCode.REFUSED


def test_a_reference_inside_sample_data_is_data(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(_with_schema("{examples: [{$ref: 'http://x'}]}"), encoding="utf-8")
    assert load(path).operation("ListThings").path == "/things"


def test_a_schema_that_holds_itself_loads(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    tree = "components: {schemas: {Tree: {items: {$ref: '#/components/schemas/Tree'}}}}\n"
    path.write_text(_with_schema("{$ref: '#/components/schemas/Tree'}") + tree, encoding="utf-8")
    schema = load(path).operations[0].responses["200"].schemas["application/json"]
    assert schema["items"] == {"$ref": "#/components/schemas/Tree"}


def test_a_percent_encoded_reference_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    text = _with_schema("{$ref: '#/components/schemas/A%20B'}")
    path.write_text(text + "components: {schemas: {A B: {type: array}}}\n", encoding="utf-8")
    schema = load(path).operations[0].responses["200"].schemas["application/json"]
    assert schema["type"] == "array"


def test_words_that_older_yaml_turns_into_something_else_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SMALL + "x-words: [NO, y, 2020-09-14, 012, 1:30, .nan]\n", encoding="utf-8")
    words = load(path).document["x-words"]
    assert words == ["NO", "y", "2020-09-14", "012", "1:30", ".nan"]


def test_status_keys_may_be_written_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert set(load(path).operations[0].responses) == {"200"}


def test_the_same_document_has_the_same_hash_in_yaml_and_json(tmp_path: Path, base: Spec) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(base.document), encoding="utf-8")
    assert load(path).sha256 == base.sha256


def test_our_choices_change_the_hash(base: Spec, chosen: Spec) -> None:
    assert base.sha256 != chosen.sha256
    assert len(base.sha256) == 64


def test_a_broken_overlay_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.overlay.yaml"
    path.write_text("overlay: 1.0.0\nactions: [{target: $.gone, update: {}}]\n", encoding="utf-8")
    with pytest.raises(SpecError, match=r"mine\.overlay\.yaml: /actions/0: \$\.gone matches"):
        load(overlay=path)
