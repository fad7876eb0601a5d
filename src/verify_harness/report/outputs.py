"""One `name=value` a line: outputs of a GitHub step, or a dotenv report of GitLab."""

from collections.abc import Iterator

from verify_harness.report.renderers import renderer
from verify_harness.results.model import RunView
from verify_harness.sanitize import one_line


@renderer("outputs")
def outputs(view: RunView) -> str:
    """Verdict, exit code, counts and ids; nothing that a target wrote."""
    return "".join(f"{name}={value}\n" for name, value in _values(view))


def _values(view: RunView) -> Iterator[tuple[str, object]]:
    yield "verdict", view.verdict
    yield "exit_code", view.exit_code
    yield "partial", str(view.partial).lower()
    yield "requirements", len(view.requirements)
    for status in ("fail", "error", "flaky", "warn"):
        found = view.with_status(status)
        yield status, len(found)
        yield f"{status}_ids", one_line(",".join(item.id for item in found))
    if view.load is not None:
        at = dict(view.load.response_by_percentile)
        yield from ((f"p{percent}_ms", at[percent]) for percent in (50, 95, 99) if percent in at)
