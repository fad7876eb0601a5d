"""Small changes to the modules that keep money, secrets and journals: does a test see each?

Run `python -m bench.mutants` (all), `--module safety/guard.py`, `--sample 40 --seed 3`; the last
line is JSON. A mutant changes one place: a comparison, a connective, a constant, or a statement
that is left out. Its tests run in a forked process on a copy of the sources. Mutants that nothing
can see are listed with their reason in `bench/equivalent_mutants.toml`; any other survivor is exit
code 1.
"""

import argparse
import ast
import copy
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "verify_harness"
KNOWN = Path(__file__).with_name("equivalent_mutants.toml")
LIMIT_SECS = 120
"""A mutant may loop for ever; that counts as seen."""

TESTS = {
    "safety/guard.py": ("guard", "addresses", "live_gate"),
    "safety/addresses.py": ("addresses", "guard"),
    "safety/permission.py": ("guard", "addresses"),
    "safety/live_gate.py": ("live_gate",),
    "safety/ledger.py": ("ledger", "ledger_processes"),
    "safety/redaction.py": ("redact", "long_bodies", "journal"),
    "safety/secrets.py": ("redact", "long_bodies"),
    "journal/writer.py": ("journal",),
    "journal/reader.py": ("journal",),
    "journal/merging.py": ("journal",),
    "journal/syncing.py": ("journal",),
    "journal/checksums.py": ("journal",),
    "journal/long_bodies.py": ("long_bodies",),
    "journal/encoding.py": ("journal", "redact"),
}
"""The test modules of `tests/unit/` that have to see a mutant of each module."""

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed place of a module."""

    module: str
    line: int
    was: str
    now: str
    source: str

    @property
    def name(self) -> str:
        """What names it in the list of known ones; it outlives a move of the line."""
        return f"{self.module}: {self.was} -> {self.now}"


def main() -> int:
    """Try the mutants; prints each survivor, then the figures."""
    options = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    options.add_argument("--module", choices=TESTS, action="append")
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    chosen = [each for module in given.module or TESTS for each in mutants(module)]
    if given.sample:
        chosen = Random(given.seed).sample(chosen, min(given.sample, len(chosen)))
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        seen = list(pool.imap(is_seen, chosen, chunksize=1))
    survivors = [each for each, was_seen in zip(chosen, seen, strict=True) if not was_seen]
    unexplained = [each for each in survivors if each.name not in known]
    for each in unexplained:
        print(f"survived: {each.module}:{each.line}  {each.was}  ->  {each.now}")
    figures = {
        "mutants": len(chosen),
        "seen": sum(seen),
        "explained": len(survivors) - len(unexplained),
    }
    print(json.dumps(figures | {"survived": len(unexplained)}))
    return 1 if unexplained else 0


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    skipped = set(_class_options(tree))
    nodes = list(ast.walk(tree))
    for index, node in enumerate(nodes):
        for change in range(0 if node in skipped else _changes(node)):
            changed_tree = copy.deepcopy(tree)
            target = list(ast.walk(changed_tree))[index]
            was = _said(target)
            if (now := _change(target, change)) not in {None, was}:
                line = getattr(node, "lineno", 0)
                yield Mutant(module, line, was, now, ast.unparse(changed_tree))


def _class_options(tree: ast.AST) -> Iterator[ast.AST]:
    """What stands in `@dataclass(frozen=True)`: it guards against us, and nothing at run time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for part in (*node.decorator_list, *node.keywords):
                yield from ast.walk(part)


def _changes(node: ast.AST) -> int:
    """How many ways of changing a node there are."""
    match node:
        case ast.Compare():
            return len(node.ops)
        case ast.BoolOp() | ast.UnaryOp() | ast.BinOp() | ast.If() | ast.Return():
            return 1
        case ast.Constant():
            return int(isinstance(node.value, int))
        case ast.FunctionDef():
            return sum(map(_is_removable, node.body))
        case _:
            return 0


def _is_removable(statement: ast.stmt) -> bool:
    is_call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return is_call or isinstance(statement, ast.Raise | ast.AugAssign)


def _change(node: ast.AST, change: int) -> str | None:
    """Change a node in place; returns what it says now, None where nothing was changed."""
    match node:
        case ast.Compare():
            node.ops[change] = _swapped(node.ops[change])
        case ast.BoolOp():
            node.op = _swapped(node.op)
        case ast.BinOp() if type(node.op) in _SWAPS:
            node.op = _swapped(node.op)
        case ast.UnaryOp(op=ast.Not()):
            node.operand = ast.UnaryOp(op=ast.Not(), operand=node.operand)
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.If():
            node.test = ast.Constant(value=False)
            return "if False"
        case ast.Return(value=ast.expr()):
            node.value = ast.Constant(value=None)
        case ast.FunctionDef():
            statement = [each for each in node.body if _is_removable(each)][change]
            node.body[node.body.index(statement)] = ast.Pass()
            return f"without {ast.unparse(statement)[:80]}"
        case _:
            return None
    return _said(node)


def _swapped(operator: Any) -> Any:
    return _SWAPS.get(type(operator), type(operator))()


def _said(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}"
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)[:80]}"
    return ast.unparse(node)[:80]


def is_seen(mutant: Mutant) -> bool:
    """Whether a test fails with the mutant; runs in a process of its own."""
    signal.alarm(0)
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copied = Path(folder) / "verify_harness"
        shutil.copytree(PACKAGE, copied, ignore=shutil.ignore_patterns("__pycache__"))
        (copied / mutant.module).write_text(mutant.source, encoding="utf-8")
        child = os.fork()
        if child == 0:
            signal.alarm(LIMIT_SECS)
            _run_tests(folder, mutant.module)
        _, status = os.waitpid(child, 0)
    return status != 0


def _run_tests(folder: str, module: str) -> None:
    """Run the tests of a module on the sources in a folder, and leave the process."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.path.insert(0, folder)
    os.environ["PYTHONPATH"] = folder
    sys.dont_write_bytecode = True
    import pytest  # noqa: PLC0415 - in the child alone

    files = [str(ROOT / "tests" / "unit" / f"test_{name}.py") for name in TESTS[module]]
    flags = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(ROOT)]
    os._exit(pytest.main([*flags, *files]))


if __name__ == "__main__":
    sys.exit(main())
