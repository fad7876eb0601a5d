"""Breaks the safety modules one small piece at a time: does a unit test notice?

    python -m bench.mutation [MODULE…]

Each mutant is one changed comparison, boolean operator, constant, negation, or one statement left
out. It runs in a process of its own that loads the changed source in place of the module and runs
the module's tests up to the first failure. Prints the survivors that `mutation_survivors.toml` does
not explain; exit status 1 if there are any.
"""

import argparse
import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

Change = tuple[int, str, Callable[[], None]]
"""Line, description, and what makes it."""

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "verify_harness"
EXPLAINED = Path(__file__).with_name("mutation_survivors.toml")
UNIT = "tests/unit/"
TESTS = {
    "safety/guard.py": ("test_guard.py", "test_live_gate.py"),
    "safety/addresses.py": ("test_addresses.py", "test_guard.py"),
    "safety/permission.py": ("test_guard.py",),
    "safety/ledger.py": ("test_ledger.py", "test_live_gate.py"),
    "safety/redaction.py": ("test_redact.py",),
    "safety/secrets.py": ("test_redact.py",),
    "journal/reader.py": ("test_journal.py",),
    "journal/writer.py": ("test_journal.py",),
    "journal/merging.py": ("test_journal.py",),
    "journal/checksums.py": ("test_journal.py",),
    "journal/encoding.py": ("test_journal.py",),
    "journal/syncing.py": ("test_journal.py",),
}
MOST_SECS = 60.0
"""A mutant that takes longer hangs, and was noticed."""

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_LOADER = """
import importlib.abc, importlib.util, os, sys
NAME, SOURCE = os.environ["MUTANT_NAME"], os.environ["MUTANT_SOURCE"]
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.util.spec_from_loader(name, self, origin=SOURCE) if name == NAME else None
    def exec_module(self, module):
        exec(compile(open(SOURCE, encoding="utf-8").read(), SOURCE, "exec"), module.__dict__)
sys.meta_path.insert(0, Finder())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    line: int
    what: str
    source: str

    @property
    def id(self) -> str:
        """How a survivor is named: by its text, since lines move."""
        return f"{self.module}: {self.what}"


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    text = (SOURCE / module).read_text(encoding="utf-8")
    for index in range(sum(1 for _ in _changes(ast.parse(text)))):
        tree = ast.parse(text)
        line, what, change = next(islice(_changes(tree), index, None))
        change()
        yield Mutant(module, line, what, ast.unparse(ast.fix_missing_locations(tree)))


def _changes(tree: ast.AST) -> Iterator[Change]:
    """What can be changed in a tree, in a fixed order; nothing is changed yet."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(ops=[operator]) if type(operator) in _OPPOSITE:
                other = _OPPOSITE[type(operator)]()
                yield node.lineno, _shown(node, "other comparison"), _set(node, "ops", [other])
            case ast.BoolOp(op=operator):
                swapped = ast.Or() if isinstance(operator, ast.And) else ast.And()
                yield node.lineno, _shown(node, "and <-> or"), _set(node, "op", swapped)
            case ast.UnaryOp(op=ast.Not()):
                yield node.lineno, _shown(node, "without not"), _set(node, "op", ast.UAdd())
            case ast.Constant(value=bool(value)):
                yield node.lineno, _shown(node, "opposite"), _set(node, "value", not value)
            case ast.Constant(value=int(value)):
                yield node.lineno, _shown(node, "one more"), _set(node, "value", value + 1)
        for statements in (getattr(node, "body", None), getattr(node, "orelse", None)):
            yield from _removals(statements if isinstance(statements, list) else [])


def _removals(statements: list[ast.stmt]) -> Iterator[Change]:
    for at, statement in enumerate(statements):
        if isinstance(statement, ast.Raise | ast.AugAssign) or _is_call(statement):
            what = _shown(statement, "left out")
            yield statement.lineno, what, partial(statements.__setitem__, at, ast.Pass())


def _is_call(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def _set(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return partial(setattr, node, name, value)


def _shown(node: ast.AST, change: str) -> str:
    return f"{ast.unparse(node)} ({change})"


def is_noticed(mutant: Mutant) -> bool:
    """Whether a test of the module fails, or hangs, with the mutant in its place."""
    with NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
        file.write(mutant.source)
        file.flush()
        name = "verify_harness." + mutant.module.removesuffix(".py").replace("/", ".")
        environment = {**os.environ, "MUTANT_NAME": name, "MUTANT_SOURCE": file.name}
        tests = [UNIT + test for test in TESTS[mutant.module]]
        options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider"]
        command = [sys.executable, "-c", _LOADER, *options, *tests]
        try:
            ended = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                capture_output=True,
                timeout=MOST_SECS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
    return ended.returncode != 0


def main() -> int:
    """Try every mutant of the modules; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    chosen = [mutant for module in parser.parse_args().modules for mutant in mutants(module)]
    explained = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")) if EXPLAINED.exists() else {}
    survivors, unexplained = 0, 0
    with ThreadPoolExecutor(2) as pool:
        for mutant, was_noticed in zip(chosen, pool.map(is_noticed, chosen), strict=True):
            survivors += not was_noticed
            if not was_noticed and mutant.id not in explained:
                unexplained += 1
                print(f"{mutant.module}:{mutant.line}: {mutant.what}", flush=True)
    noticed = len(chosen) - survivors
    told = f"{len(chosen)} mutants, {noticed} noticed, {survivors} survived"
    print(f"{told}, {unexplained} of them unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
