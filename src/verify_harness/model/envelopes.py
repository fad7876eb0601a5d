"""Status and form of an answer: what has to succeed, what has to be refused, and how."""

from collections.abc import Collection, Iterable
from typing import Any

from verify_harness.model.calls import Answer
from verify_harness.model.judgement import Judgement

REFUSALS = (400, 401, 403, 404, 422, 429)
"""Every status of a refusal that some source gives (facts.md#other-error-statuses)."""
INVALID = (400, 422)
"""What a bad field is answered with (facts.md#c2)."""
CODES_OF_UNKNOWN = frozenset({"10005", "10006", "10017"})
"""The codes that fit an object that is not there (facts.md#error-codes)."""


def judge_form(judgement: Judgement, answer: Answer) -> bool:
    """Whether an answer has a documented status and the envelope of that status."""
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.body is not None or media_type:
        judgement.equal("VFY-SPEC-003", "Content-Type", media_type, "application/json")
    if answer.status >= 500:
        return judgement.holds("VFY-SPEC-004", "status", answer.status, "below 500", is_fine=False)
    if not answer.succeeded:
        return judgement.among(
            "VFY-SPEC-001", "status", answer.status, (200, *REFUSALS)
        ) and _judge_errors(judgement, answer)
    has_data = isinstance(answer.body, dict) and "data" in answer.body
    return judgement.holds("VFY-SPEC-002", "body", answer.body, "{data: …}", is_fine=has_data)


def _judge_errors(judgement: Judgement, answer: Answer) -> bool:
    errors = answer.errors
    named = bool(errors) and all("code" in each and "title" in each for each in errors)
    fine = judgement.holds(
        "VFY-ERR-001", "body", answer.body, "errors with code and title", is_fine=named
    )
    if not judgement.settings.is_documented:  # facts.md#c22
        return fine
    texts = all(isinstance(each.get("code"), str) for each in errors)
    return fine and judgement.holds(
        "VFY-SPEC-002", "errors[].code", errors, "a string of digits", is_fine=texts
    )


def must_succeed(judgement: Judgement, answer: Answer, requirement: str) -> bool:
    """Whether an answer is a 200, as it has to be."""
    if answer.succeeded:
        return judgement.equal("VFY-SPEC-001", "status", answer.status, 200)
    return judgement.equal(requirement, "status", told(answer), 200)


def must_refuse(
    judgement: Judgement,
    answer: Answer,
    requirement: str,
    *,
    statuses: Iterable[int] = REFUSALS,
    pointer: str | None = None,
) -> bool:
    """Whether an answer is a refusal, as it has to be; `pointer` is the field it has to name."""
    if not judgement.among(requirement, "status", answer.status, statuses):
        return False
    if pointer is None or not judgement.settings.is_closed:
        return True
    sources = [each.get("source") for each in answer.errors]
    pointers = [each.get("pointer") for each in sources if isinstance(each, dict)]
    return judgement.holds(
        "VFY-ERR-004", "errors[].source.pointer", pointers, pointer, is_fine=pointer in pointers
    )


def must_be_unknown(
    judgement: Judgement,
    answer: Answer,
    requirement: str,
    known: tuple[int, tuple[str, ...]] | None,
) -> tuple[int, tuple[str, ...]] | None:
    """Judge the answer about an object that is not there; returns status and codes.

    `known` is what an id that nobody has was answered with: another tenant's is answered alike.
    """
    if not must_refuse(judgement, answer, requirement):
        return None
    codes = answer.error_codes
    fits = CODES_OF_UNKNOWN.issuperset(codes)
    if not judgement.holds(
        "VFY-ERR-003", "errors[].code", codes, str(sorted(CODES_OF_UNKNOWN)), is_fine=fits
    ):
        return None
    said = (answer.status, tuple(codes))
    if known is not None:
        judgement.equal("VFY-ISO-001", "status and codes", said, known)
    return said


def told(answer: Answer) -> str | int:
    """The status, and the codes of a refusal."""
    codes = answer.error_codes
    return f"{answer.status} {', '.join(codes)}" if codes else answer.status


def members(answer: Answer) -> dict[str, Any]:
    """The object in `data`; empty where there is none."""
    return answer.data if isinstance(answer.data, dict) else {}


def rows_of(judgement: Judgement, answer: Answer) -> list[dict[str, Any]] | None:
    """The rows in `data`; None where they are not objects with ids."""
    rows = answer.data
    is_fine = isinstance(rows, list) and all(
        isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows
    )
    judgement.holds("VFY-SPEC-002", "data", rows, "a list of objects with ids", is_fine=is_fine)
    return rows if is_fine else None


def judge_meta(judgement: Judgement, answer: Answer, **wanted: Collection[int]) -> None:
    """Compare `meta`, number by number, with what it may say."""
    meta = answer.body.get("meta") if isinstance(answer.body, dict) else None
    found = meta if isinstance(meta, dict) else {}
    for name, acceptable in wanted.items():
        judgement.among("VFY-LIST-002", f"meta.{name}", found.get(name), acceptable)
