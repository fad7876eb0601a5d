"""The JSON Schemas of what a run writes and of what sets it up, generated from their types.

They are shipped beside this module.

`python -m verify_harness.schemas` writes them again; a test says when they are stale.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent

Schema = dict[str, Any]


def journal_schema() -> Schema:
    """One line of journal.ndjson."""
    from verify_harness.journal.records import VERSION, AnyRecord  # noqa: PLC0415 - see `_schema`

    return _schema(f"verify-harness/journal/{VERSION}", AnyRecord)


def run_schema() -> Schema:
    """run.json."""
    from verify_harness.report.run_json import SCHEMA, Document  # noqa: PLC0415

    return _schema(SCHEMA, Document)


def settings_schema() -> Schema:
    """verify-harness.toml; `allow-remote` and `allow_remote` are the same key."""
    from verify_harness.config import Settings  # noqa: PLC0415

    schema = _schema("verify-harness/settings/1", Settings)
    properties = schema["$defs"][Settings.__name__]["properties"]
    properties |= {name.replace("_", "-"): value for name, value in properties.items()}
    return schema


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "journal.schema.json": journal_schema,
    "run.schema.json": run_schema,
    "settings.schema.json": settings_schema,
}


def text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=1) + "\n"


def _schema(name: str, kind: Any) -> Schema:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": name, **msgspec.json.schema(kind)}
