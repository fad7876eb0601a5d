"""`verify-harness spend`: what the live service was paid."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from verify_harness.cli.live_options import LEDGER_OPTION
from verify_harness.safety.ledger import Ledger, default_path
from verify_harness.safety.money import shown
from verify_harness.safety.spend_summary import Charged, Total, by_class, by_run, total

_ROW = "{:<16}{:>9}{:>9}  {:>12}"


@click.command
@LEDGER_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def spend(ledger: Path | None, *, as_json: bool) -> None:
    """Print what was spent on the live service: by price class and by run, as the ledger has it.

    A request whose outcome is not known counts as spent; prices are those of the day it was sent.

    \b
    verify-harness spend
    verify-harness spend --json
    """
    path = ledger or default_path()
    charges = _charges(path)
    click.echo(_as_json(path, charges) if as_json else _as_text(path, charges))


def _charges(path: Path) -> list[Charged]:
    """What the ledger holds; nothing where there is none yet."""
    if not path.exists():
        return []
    with closing(Ledger(path)) as ledger:
        return ledger.charges()


def _as_text(path: Path, charges: list[Charged]) -> str:
    if not charges:
        return f"nothing was spent; the ledger would be {path}"
    lines = [f"ledger: {path}", "", _ROW.format("price class", "requests", "spent", "amount")]
    lines += [_row(each) for each in (*by_class(charges), total("all", charges))]
    lines += ["", f"{_ROW.format('run', 'requests', 'spent', 'amount')}  began (UTC)          key"]
    lines += [
        f"{_row(each.total)}  {each.began:%Y-%m-%d %H:%M:%S}  {each.account}"
        for each in by_run(charges)
    ]
    return "\n".join(lines)


def _row(each: Total) -> str:
    return _ROW.format(each.name, each.charged, each.spent, shown(each.usd))


def _as_json(path: Path, charges: list[Charged]) -> str:
    runs = [
        {"run": each.run, "key": each.account, "began": each.began.isoformat(), **_sum(each.total)}
        for each in by_run(charges)
    ]
    classes = {each.name: _sum(each) for each in by_class(charges)}
    document = {"ledger": str(path), **_sum(total("all", charges)), "classes": classes}
    return json.dumps({**document, "runs": runs}, indent=2)


def _sum(each: Total) -> dict[str, Any]:
    return {"requests": each.charged, "spent": each.spent, "usd": f"{each.usd.normalize():f}"}
