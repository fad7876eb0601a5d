"""The step of a live run: its fixed plan, with a note of what it spent."""

from collections.abc import Callable
from contextlib import closing

from verify_harness import journal
from verify_harness.client import Client
from verify_harness.errors import UsageError
from verify_harness.journal.records import Note
from verify_harness.live.code_sources import Codes, Inbox, Prompt
from verify_harness.live.live_checks import Run as LiveRun
from verify_harness.live.live_checks import smoke
from verify_harness.live.plan import LivePlan
from verify_harness.live.recorded_check import Session
from verify_harness.run.life import Run
from verify_harness.safety.ledger import Ledger
from verify_harness.safety.money import shown
from verify_harness.safety.redaction import Redactor
from verify_harness.safety.spend_summary import total


def smoke_live(run: Run, ask: Callable[[str], str]) -> None:
    """Run the plan's checks; `ask` puts a question to the person at the prompt.

    What was spent becomes a note of the journal, however the run ends.
    """
    plan = run.plan.live
    if plan is None:
        raise UsageError("the run has no plan for the live service.", hint="add --live")
    place = journal.part(run.directory, "live")
    with (
        Client(run.guard, run_id=run.id, ca_file=run.plan.ca_file, proxy=run.plan.proxy) as client,
        closing(journal.Journal(place, Redactor(run.plan.keys.secrets))) as lines,
    ):
        session = Session(run.target, run.spec, client, lines, run.id)
        try:
            smoke(LiveRun(plan, session, _codes(plan, ask)))
        finally:
            lines.write(Note(message=_spent(plan.ledger, run.id)))


def _codes(plan: LivePlan, ask: Callable[[str], str]) -> Codes:
    return Prompt(ask) if plan.prompts else Inbox(plan.inbox)


def _spent(ledger: Ledger, run_id: str) -> str:
    own = total(run_id, (each for each in ledger.charges() if each[0].run == run_id))
    return f"spent {shown(own.usd)} at most: {own.spent} priced requests of run {run_id}"
