"""From a YAML or JSON file to plain JSON values, with one line for whatever is wrong with it.

YAML is read by the rules of its version 1.2 (`NO` is a country, not a falsehood; dates stay text),
tags can build nothing, and keys are always text.
"""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from verify_harness.errors import SpecError
from verify_harness.spec import strict_json

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 200
MAX_VALUES = 2_000_000
"""How many values a file may hold once its YAML aliases are written out."""


def read(path: Path) -> dict[str, Any]:
    """The mapping in a `.json` file or a YAML file.

    Raises:
        SpecError: missing, not a file, too large, not UTF-8, a syntax error (with its place), a key
            given twice, a tag, or no mapping at the top.

    """
    text = _text(path)
    try:
        _refuse_html(text)
        value = _json(text) if path.suffix.lower() == ".json" else _yaml(text)
        _refuse_bombs(value)
    except RecursionError:
        raise SpecError(f"{path}: is nested too deeply, or holds itself.") from None
    except _Refused as refused:
        raise SpecError(f"{path}: {refused}.") from None
    if not isinstance(value, dict):
        raise SpecError(f"{path}: holds no mapping at the top." if value else f"{path}: is empty.")
    return value


class _Refused(Exception):
    """What is wrong with the text, without the file's name."""


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise SpecError(f"{path}: is a directory, not a file.")
        if path.exists() and not path.is_file():
            raise SpecError(f"{path}: is not a regular file.")
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(f"{path}: is larger than {MAX_BYTES // 1024**2} MiB.")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        cause = getattr(error, "strerror", None) or str(error)
        raise SpecError(f"{path}: cannot be read: {cause}.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(f"{path}: is not UTF-8 (byte {error.start}).") from None


def _refuse_html(text: str) -> None:
    """Name a page where a document is expected: a portal's, or one for logging in."""
    if text.lstrip()[:1] == "<":
        raise _Refused("holds a page of HTML or XML, not an OpenAPI document")


def _json(text: str) -> Any:
    try:
        return strict_json.parse(text, max_depth=MAX_DEPTH, bounds_integers=False)
    except strict_json.NotJson as error:
        at = f"{error.pointer}: " if error.pointer else ""
        raise _Refused(f"{at}{error}") from None


def _yaml(text: str) -> Any:
    try:
        _refuse_depth(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        raise _Refused(_place(error) + _one_line(error.problem)) from None
    except yaml.YAMLError as error:
        raise _Refused(_one_line(str(error))) from None
    except ValueError as error:  # a number outside what Python reads
        raise _Refused(_one_line(str(error))) from None


def _refuse_depth(text: str) -> None:
    """Look at the nesting before building anything: the C composer overruns its stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _Refused("is nested too deeply")


def _place(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    return f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""


def _one_line(text: str | None) -> str:
    return " ".join((text or "not YAML").split())


class _Loader(yaml.CSafeLoader):
    """Safe YAML with text keys, each given once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        own = [key for key, _ in node.value]
        _refuse_twins(own)
        self.flatten_mapping(node)  # writes `<<` out; own keys come last and win
        return {
            _key_text(key): self.construct_object(value, deep=deep) for key, value in node.value
        }


def _key_text(key: yaml.Node) -> str:
    if not isinstance(key, yaml.ScalarNode):
        raise yaml.constructor.ConstructorError(None, None, "a key must be text", key.start_mark)
    return str(key.value)


def _refuse_twins(keys: list[yaml.Node]) -> None:
    seen: set[str] = set()
    for key in keys:
        name = _key_text(key)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {name!r} is given twice", key.start_mark
            )
        seen.add(name)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?", "-+0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )


def _refuse_bombs(value: Any) -> None:
    if _count(value, {}) > MAX_VALUES:
        raise _Refused("holds too many values once its aliases are written out")


def _count(value: Any, known: dict[int, int]) -> int:
    """How many values there are with every alias written out; shared ones are walked once."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        children = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_count(child, known) for child in children)
    return known[id(value)]
