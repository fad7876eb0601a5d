"""Small documents of somebody else's, each odd in one way, and how to make them."""

import copy
from typing import Any

from verify_harness.spec import bundled_spec

METHODS = ("get", "post", "patch", "delete")


def ours() -> dict[str, Any]:
    """A copy of the bundled document, to be changed."""
    return copy.deepcopy(bundled_spec().document)


def operations_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation's object."""
    items = [item for path, item in document["paths"].items() if not path.startswith("x-")]
    return [item[method] for item in items for method in METHODS if method in item]


def under_media_key(node: Any, key: str) -> Any:
    """Put every `content` of a document under another key than `application/json`."""
    if isinstance(node, list):
        return [under_media_key(item, key) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        (key if name == "application/json" else name): under_media_key(value, key)
        for name, value in node.items()
    }


def with_other_names(document: dict[str, Any]) -> dict[str, Any]:
    """The document with no operationIds, and every path parameter under another name."""
    for operation in operations_of(document):
        del operation["operationId"]
    names = ("verification_id", "verify_profile_id", "template_id", "phone_number")
    for parameter in document["components"]["parameters"].values():
        if parameter["in"] == "path" and parameter["name"] in names:
            parameter["name"] = f"my_{parameter['name']}"
    document["paths"] = {
        path.replace("{", "{my_"): item for path, item in document["paths"].items()
    }
    return document


def with_extensions(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `x-` members wherever OpenAPI allows them."""
    extension = {"$ref": "http://nowhere.invalid/", "nullable": True}
    for operation in operations_of(document):
        operation |= {"x-any": extension}
        operation["responses"] |= {"x-any": "text", "x-other": extension}
    for item in document["paths"].values():
        item["x-any"] = [extension]
    document["paths"] |= {"x-any": extension, "x-other": "text"}
    return document | {"x-any": extension}


def with_balance(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one more operation, of another product."""
    answer = {"200": {"description": "The balance"}}
    document["paths"]["/balance"] = {"get": {"operationId": "GetBalance", "responses": answer}}
    return document


def as_published(document: dict[str, Any]) -> dict[str, Any]:
    """The document as the vendor publishes it: 200 and 400 only, error codes as integers."""
    for operation in operations_of(document):
        answers = operation["responses"]
        operation["responses"] = {key: answers[key] for key in ("200", "400") if key in answers}
    document["components"]["schemas"]["Error"]["properties"]["code"] = {"type": "integer"}
    return document


def document(paths: dict[str, Any], **components: Any) -> dict[str, Any]:
    """A whole document with these paths and components."""
    info = {"title": "Somebody else's", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}


def reading(schema: Any, key: str = "application/json", **components: Any) -> dict[str, Any]:
    """A document that only reads a verification, with this schema for the answer."""
    answer = {"description": "One", "content": {key: {"schema": schema}}}
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {"parameters": [parameter], "responses": {"200": answer}}
    return document({"/verifications/{id}": {"get": operation}}, **components)
