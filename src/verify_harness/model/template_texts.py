"""Message templates: created, changed one at a time, and listed whole."""

from typing import Any

from verify_harness.model.accounts import Account
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import (
    INVALID,
    members,
    must_be_unknown,
    must_refuse,
    must_succeed,
    rows_of,
)
from verify_harness.model.field_rules import problems
from verify_harness.model.judgement import ABSENT, Judgement

STOCK_TEMPLATES = 6
"""How many templates of the vendor's own each list holds (facts.md#stock-templates)."""


def judge_creation(judgement: Judgement, account: Account, call: Call, answer: Answer) -> None:
    """A new template."""
    text = _sound_text(judgement, call, answer, "VFY-TMPL-001")
    if text is None:
        return
    data = members(answer)
    identity = data.get("id")
    judgement.equal(_about(text, "VFY-TMPL-001"), "text", data.get("text", ABSENT), text)
    is_new = isinstance(identity, str) and identity not in {*account.templates, *account.stock}
    if judgement.holds("VFY-TMPL-001", "id", identity, "an id of its own", is_fine=is_new):
        account.templates[str(identity)] = text
        account.last_template = "VFY-TMPL-001"


def judge_update(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """A new text for a template."""
    if call.variable in account.stock:
        _follow_stock(account, call, answer)
        return
    if call.variable not in account.templates:
        _judge_missing(judgement, account, neighbour, call, answer)
        return
    text = _sound_text(judgement, call, answer, "VFY-TMPL-002")
    if text is None:
        return
    data = members(answer)
    judgement.equal(_about(text, "VFY-TMPL-002"), "text", data.get("text", ABSENT), text)
    judgement.equal("VFY-TMPL-002", "id", data.get("id", ABSENT), call.variable)
    account.templates[call.variable] = text
    account.edited.add(call.variable)
    account.last_template = "VFY-TMPL-002"


def _follow_stock(account: Account, call: Call, answer: Answer) -> None:
    """A change of the vendor's own template, of which nothing is documented."""
    if answer.succeeded:
        account.stock[call.variable] = str(call.fields.get("text"))


def _judge_missing(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    if problems(call.operation, call.body):
        must_refuse(judgement, answer, "VFY-TMPL-005")
    elif call.variable in neighbour.templates:
        known = account.answers_to_unknown.get(call.operation)
        must_be_unknown(judgement, answer, "VFY-ISO-002", known)
    elif said := must_be_unknown(judgement, answer, "VFY-ERR-003", None):
        account.answers_to_unknown[call.operation] = said


def _sound_text(judgement: Judgement, call: Call, answer: Answer, requirement: str) -> str | None:
    """The text of a call that has succeeded; None where it was refused."""
    if bad := problems(call.operation, call.body):
        must_refuse(judgement, answer, bad[0].requirement, statuses=INVALID, pointer=bad[0].pointer)
        return None
    text = str(call.fields["text"])
    if answer.status in INVALID and not _is_plain(text):
        return None
    return text if must_succeed(judgement, answer, requirement) else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _about(text: str, requirement: str) -> str:
    return requirement if _is_plain(text) else "VFY-TMPL-008"


def judge_list(judgement: Judgement, account: Account, neighbour: Account, answer: Answer) -> None:
    """All templates: the vendor's own and the tenant's."""
    if not must_succeed(judgement, answer, "VFY-SPEC-007"):
        return
    rows = rows_of(judgement, answer)
    if rows is None:
        return
    texts = {row["id"]: row.get("text", ABSENT) for row in rows}
    judgement.equal("VFY-TMPL-001", "rows", len(rows), len(texts))
    foreign = sorted(texts.keys() & neighbour.templates.keys())
    judgement.equal("VFY-ISO-001", "rows of another tenant", foreign, [])
    for identity, text in account.templates.items():
        about = account.last_template if identity in texts else "VFY-TMPL-001"
        judgement.equal(about, f"text of {identity}", texts.get(identity, ABSENT), text)
    _judge_stock(judgement, account, texts)
    if not judgement.divergences:
        after = list(texts)
        before = [each for each in account.template_order if each in texts]
        kept = [each for each in after if each in set(before)]
        judgement.equal("VFY-LIST-007", "order", kept, before)
        account.template_order = after


def _judge_stock(judgement: Judgement, account: Account, texts: dict[str, Any]) -> None:
    """The vendor's own templates; only where our choices hold is nothing else there."""
    others = {key: text for key, text in texts.items() if key not in account.templates}
    if not judgement.settings.is_closed:
        account.stock.update({key: str(text) for key, text in others.items()})
        return
    if account.stock:
        judgement.equal("VFY-TMPL-003", "stock templates", others, account.stock)
        return
    judgement.equal("VFY-TMPL-003", "number of stock templates", len(others), STOCK_TEMPLATES)
    account.stock.update({key: str(text) for key, text in others.items()})
