"""What comes with the package, from the lock: `python -m bench.supply_chain > sbom.cdx.json`.

A CycloneDX 1.6 document of the runtime closure: each package with its version, its package URL,
the hashes of its files and what it depends on. It holds no time and no random number, so the same
lock gives the same document.
"""

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verify_harness import __version__

LOCK = Path(__file__).parents[1] / "uv.lock"
ROOT = "verify-harness"

Packages = Mapping[str, Mapping[str, Any]]


def read(lock: Path = LOCK) -> Packages:
    """The packages of a lock by name; our own, which has none there, with its version."""
    document = tomllib.loads(lock.read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in document["package"]}
    return packages | {ROOT: {**packages[ROOT], "version": __version__}}


def depends_on(package: Mapping[str, Any], extras: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """What a package needs on any platform, with these extras."""
    optional = package.get("optional-dependencies", {})
    wanted = [*package.get("dependencies", []), *(x for e in extras for x in optional.get(e, []))]
    return sorted(wanted, key=lambda each: str(each["name"]))


def closure(packages: Packages, root: str = ROOT) -> tuple[str, ...]:
    """Every package that comes with `root`, on any platform, in order; `root` is none of them."""
    found: set[tuple[str, tuple[str, ...]]] = set()
    left: list[tuple[str, tuple[str, ...]]] = [(root, ())]
    while left:
        name, extras = left.pop()
        for each in depends_on(packages[name], extras):
            wanted = (each["name"], tuple(each.get("extra", ())))
            if wanted not in found:
                found.add(wanted)
                left.append(wanted)
    return tuple(sorted({name for name, _ in found}))


def bill_of_materials(packages: Packages) -> dict[str, Any]:
    """The CycloneDX document."""
    names = closure(packages)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", **_identity(packages[ROOT])}},
        "components": [_component(packages[name]) for name in names],
        "dependencies": [_edges(packages, name) for name in (ROOT, *names)],
    }


def _identity(package: Mapping[str, Any]) -> dict[str, str]:
    reference = f"pkg:pypi/{package['name']}@{package['version']}"
    return {
        "bom-ref": reference,
        "name": package["name"],
        "version": package["version"],
        "purl": reference,
    }


def _component(package: Mapping[str, Any]) -> dict[str, Any]:
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    references = [
        {
            "type": "distribution",
            "url": file["url"],
            "hashes": [{"alg": "SHA-256", "content": file["hash"].removeprefix("sha256:")}],
        }
        for file in files
    ]
    return {"type": "library", **_identity(package), "externalReferences": references}


def _edges(packages: Packages, name: str) -> dict[str, Any]:
    below = {each["name"] for each in depends_on(packages[name])}
    references = [_identity(packages[each])["bom-ref"] for each in sorted(below)]
    return {"ref": _identity(packages[name])["bom-ref"], "dependsOn": references}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill_of_materials(read()), indent=1) + "\n")
