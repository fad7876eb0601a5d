"""The list of a number's verifications (facts.md#list-by-number)."""

from typing import Any

from verify_harness.model.accounts import Account, Verification
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import judge_meta, must_succeed, rows_of
from verify_harness.model.judgement import Judgement
from verify_harness.model.verification_life import judge_shown


def judge_list(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """All verifications of a number, on one page: the operation declares no page."""
    if not call.is_plain and not answer.succeeded:
        return
    expected = account.of_number(call.variable)
    if not must_succeed(judgement, answer, "VFY-LIST-001" if expected else "VFY-LIST-008"):
        return
    rows = rows_of(judgement, answer)
    if rows is None:
        return
    foreign = [row["id"] for row in rows if row["id"] in neighbour.verifications]
    judgement.equal("VFY-ISO-001", "rows of another tenant", foreign, [])
    ids = [row["id"] for row in rows]
    about = "VFY-LIST-001" if call.is_plain else "VFY-NUM-004"
    surplus = [each for each in ids if each not in {one.id for one in expected}]
    if judgement.settings.is_closed or any(each in account.verifications for each in surplus):
        judgement.equal(about, "rows of another number", surplus, [])
    missing = [one.id for one in expected if one.id not in ids]
    judgement.equal(about, "missing rows", missing, [])
    judgement.equal(about, "rows", len(ids), len(set(ids)))
    if not judgement.divergences:
        _judge_rows(judgement, expected, rows, answer)
        _judge_meta(judgement, len(rows), answer)
        _judge_order(judgement, account, call.variable, ids)


def _judge_rows(
    judgement: Judgement,
    expected: list[Verification],
    rows: list[dict[str, Any]],
    answer: Answer,
) -> None:
    by_id = {row["id"]: row for row in rows}
    for verification in expected:
        judge_shown(judgement, verification, by_id[verification.id], answer, "VFY-LIST-009")


def _judge_meta(judgement: Judgement, total: int, answer: Answer) -> None:
    meta = answer.body.get("meta")
    size = meta.get("page_size") if isinstance(meta, dict) else None
    if judgement.settings.is_closed:
        judge_meta(
            judgement,
            answer,
            total_results={total},
            total_pages={1} if total else {0, 1},
            page_number={1},
        )
        is_whole = type(size) is int and size >= max(1, total)
        wanted = f"at least {max(1, total)}"
        judgement.holds("VFY-LIST-002", "meta.page_size", size, wanted, is_fine=is_whole)


def _judge_order(judgement: Judgement, account: Account, number: str, ids: list[str]) -> None:
    before = account.number_orders[number]
    after = [each for each in ids if each in set(before)]
    judgement.equal("VFY-LIST-007", "order", after, before)
    account.number_orders[number] = ids
