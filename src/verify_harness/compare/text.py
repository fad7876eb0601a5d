"""A comparison for the console: every figure, then what stands otherwise, the verdict last."""

from collections.abc import Iterator, Sequence

from verify_harness.exitcodes import ExitCode
from verify_harness.report.changes_in_words import ABSENT, SYMBOLS, change, interval, measured, why
from verify_harness.results.comparison import DOUBT, Change, Comparison, LoadComparison
from verify_harness.results.figures import plural
from verify_harness.sanitize import one_line


def exit_code(comparison: Comparison, *, fail_on_change: bool = False) -> ExitCode:
    """1 for a regression, or for any change where that was asked for, else 0."""
    failed = comparison.verdict == "regression" or (fail_on_change and comparison.has_changed)
    return ExitCode.FAIL if failed else ExitCode.PASS


def told(comparison: Comparison, code: ExitCode) -> str:
    """The comparison as lines to read; `code` is how the command ends."""
    return "\n".join(_lines(comparison, code)) + "\n"


def _lines(comparison: Comparison, code: ExitCode) -> Iterator[str]:
    yield f"before: {one_line(comparison.before)}"
    yield f"after:  {one_line(comparison.after)}"
    yield ""
    if comparison.load is not None:
        yield from _load(comparison.load)
    yield from _changes("requirement", comparison.requirements)
    yield from _changes("observation", comparison.observations)
    yield from _changes("operation", comparison.operations)
    yield from _changes("keyword list", comparison.keywords)
    yield from (one_line(note) for note in comparison.notes)
    yield f"verdict: {comparison.verdict} (exit {int(code)})  {why(comparison)}"


def _load(load: LoadComparison) -> Iterator[str]:
    certainty = f"{100 * (1 - DOUBT):g} % interval"
    yield f"load of {one_line(load.profile)}; response times count from the planned start"
    yield f"  {'step':<20}{'':<10}{'before':>11}{'after':>11}{'change':>12}   {certainty}"
    for item in load.figures:
        place = f"{SYMBOLS[item.judgement]} {one_line(item.step):<20}{item.measure:<10}"
        values = f"{measured(item, item.before):>11}{measured(item, item.after):>11}"
        word = "" if item.judgement == "no change" else f"   {item.judgement}"
        yield f"{place}{values}{change(item, item.change):>12}   {interval(item)}{word}"
    yield from (f"  not compared: {one_line(reason)}" for reason in load.left_out)
    yield ""


def _changes(noun: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield f"{plural(len(changes), noun)} changed"
    for item in changes:
        before, after = (one_line(text or ABSENT) for text in (item.before, item.after))
        yield f"{SYMBOLS[item.judgement]} {one_line(item.subject)}: {before} → {after}"
    yield ""
