"""The contract in the forms that other tools read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.proof.bed import CODE
from verify_harness import bundled
from verify_harness.spec.document import load


def plain() -> Path:
    """The contract as it is."""
    return bundled.specs() / "verify.openapi.yaml"


def bounded(folder: Path) -> Path:
    """The contract with the bounds that the sandbox announces, as ours reads it there."""
    return _written(folder, load(overlay=bundled.specs() / "chosen.overlay.yaml").document)


def with_dictionary(folder: Path, things: Mapping[str, str]) -> Path:
    """The bounded contract with a dictionary for Specmatic: existing things by name."""
    contract = bounded(folder)
    schemas = json.loads(contract.read_text())["components"]["schemas"]
    known = {**things, "messaging_template_id": things["template_id"], "code": CODE}
    dictionary: dict[str, Any] = {"PARAMETERS": {"PATH": things}}
    for name, schema in schemas.items():
        values = {each: known[each] for each in schema.get("properties", ()) if each in known}
        if values:
            dictionary[name] = values
    (folder / "contract_dictionary.json").write_text(json.dumps(dictionary))
    return contract


def _written(folder: Path, document: Any) -> Path:
    path = folder / "contract.json"
    path.write_text(json.dumps(document))
    return path
