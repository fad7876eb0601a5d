"""Workflow commands for GitHub Actions: what stands beside a step, the worst first.

GitHub shows ten annotations of a kind for a step (docs.github.com, "Workflow commands").
"""

from collections.abc import Iterator, Sequence

from verify_harness.report.cases import Case, cases
from verify_harness.report.renderers import renderer
from verify_harness.report.wording import VERDICT_WORDS, headline
from verify_harness.results.model import RunView
from verify_harness.sanitize import one_line, shortened

MOST = 10
_MOST_MESSAGE = 600
_URGENCY = {"failed": 0, "error": 1}


@renderer("github")
def github(view: RunView) -> str:
    """At most ten errors and ten warnings, the rest counted; one notice with the verdict."""
    found = list(cases(view))
    errors = sorted((case for case in found if case.outcome in _URGENCY), key=_urgency)
    warnings = [case for case in found if case.kind == "warn"]
    told = f"{VERDICT_WORDS[view.verdict]} (exit {view.exit_code}): {headline(view)}"
    lines = [*_commands("error", errors), *_commands("warning", warnings)]
    return "\n".join([*lines, _command("notice", f"verify-harness {view.command}", told)]) + "\n"


def _urgency(case: Case) -> tuple[int, bool]:
    """What is broken, then what could not be judged; what another failure blocked comes last."""
    return _URGENCY[case.outcome], case.message.startswith("blocked by ")


def _commands(kind: str, found: Sequence[Case]) -> Iterator[str]:
    shown = found if len(found) <= MOST else found[: MOST - 1]
    for case in shown:
        yield _command(kind, case.name, case.message or case.kind)
    if rest := found[len(shown) :]:
        names = ", ".join(case.key for case in rest)
        yield _command(kind, f"and {len(rest)} more", f"not shown here: {names}")


def _command(kind: str, title: str, message: str) -> str:
    text = shortened(one_line(message), _MOST_MESSAGE)
    return f"::{kind} title={_property(one_line(title))}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
