"""From results to the table that people read."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from bench.proof.results import Result

HEADINGS = (
    *("tool", "caught", "share", "seconds", "CPU seconds", "requests"),
    *("false alarms", "timed out"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A tool over all faults it was tried on; seconds and requests are medians of one fault."""

    tool: str
    faults: int
    caught: int
    seconds: float
    cpu_seconds: float
    requests: int
    false_alarms: int
    """Different failures on the clean sandbox."""
    timed_out: int
    missed: tuple[str, ...]


def row(tool: str, results: Iterable[Result]) -> Row | None:
    """The tool's row; None where its clean run or any fault is still to be measured.

    A fault is caught if the tool reports a failure that no clean run reported.
    """
    mine = [each for each in results if each.tool == tool]
    alarms = {failure for each in mine if each.fault is None for failure in each.failures}
    broken = [each for each in mine if each.fault is not None]
    if not broken or len(broken) == len(mine):
        return None
    missed = sorted(str(each.fault) for each in broken if not set(each.failures) - alarms)
    return Row(
        tool=tool,
        faults=len(broken),
        caught=len(broken) - len(missed),
        seconds=round(median(each.seconds for each in broken), 1),
        cpu_seconds=round(median(each.cpu_seconds for each in broken), 1),
        requests=round(median(each.requests for each in broken)),
        false_alarms=len(alarms),
        timed_out=sum(each.timed_out for each in broken),
        missed=tuple(missed),
    )


def markdown(rows: Sequence[Row], title: Callable[[str], str]) -> str:
    """The rows as a table, and below it what each tool missed."""
    lines = [_line(HEADINGS), "|---" * len(HEADINGS) + "|"]
    lines += [_line(_cells(each, title(each.tool))) for each in rows]
    missed = [
        f"- {title(each.tool)}: {', '.join(f'`{name}`' for name in each.missed) or 'nothing'}"
        for each in rows
    ]
    return "\n".join([*lines, "", "Not caught:", "", *missed, ""])


def _cells(row: Row, title: str) -> tuple[str, ...]:
    caught = f"{row.caught} of {row.faults}"
    figures = (row.seconds, row.cpu_seconds, row.requests, row.false_alarms, row.timed_out)
    return (title, caught, _share(row), *map(str, figures))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _share(row: Row) -> str:
    """What the sample says of all faults: Wilson's interval of 95 %, in per cent."""
    z, size, share = 1.96, row.faults, row.caught / row.faults
    middle = share + z * z / (2 * size)
    reach = z * math.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    low, high = ((middle + way * reach) / (1 + z * z / size) for way in (-1, 1))
    return f"{100 * max(low, 0):.0f} to {100 * min(high, 1):.0f} %"


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows for machines."""
    return [asdict(each) for each in rows]
