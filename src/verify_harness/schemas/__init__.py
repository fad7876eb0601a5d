"""The JSON Schemas of what a run writes, generated from its types and shipped beside this module.

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


SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "journal.schema.json": journal_schema,
    "run.schema.json": run_schema,
}


def text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=1) + "\n"


def _schema(name: str, kind: Any) -> Schema:
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "$id": name, **msgspec.json.schema(kind)}
