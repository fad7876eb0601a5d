"""The list of profiles: its pages, its filter, its order (facts.md#list-meta)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from verify_harness.model.accounts import Account, Profile
from verify_harness.model.calls import Answer, Call
from verify_harness.model.envelopes import judge_meta, must_refuse, must_succeed, rows_of
from verify_harness.model.judgement import Judgement
from verify_harness.model.known_order import SENSES, KnownOrder
from verify_harness.model.profile_frames import judge_same


class Page(NamedTuple):
    """Which rows were asked for."""

    number: int
    size: int
    wanted: str
    is_plain: bool
    """Whether neither number nor size was given."""

    def rows(self, total: int) -> int:
        """How many rows of so many stand on it."""
        return max(0, min(self.size, total - (self.number - 1) * self.size))


def page_of(call: Call) -> Page | None:
    """The page that a call asks for; None where no page is numbered or sized so."""
    number, size = call.parameter("page[number]"), call.parameter("page[size]")
    numbers = (_bounded(number, 1, 1_000_000), _bounded(size, 25, 250))
    if None in numbers:
        return None
    wanted = call.parameter("filter[name]") or ""
    return Page(numbers[0] or 1, numbers[1] or 25, wanted, number is None and size is None)


def _bounded(text: str | None, default: int, highest: int) -> int | None:
    if text is None:
        return default
    is_whole = text.isascii() and text.isdigit()
    return int(text) if is_whole and 1 <= int(text) <= highest else None


def judge_list(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    """One page of the list."""
    page = page_of(call)
    if page is None:
        must_refuse(judgement, answer, "VFY-LIST-006")
        return
    is_empty = not any(
        SENSES["part"](each.shown["name"], page.wanted) for each in account.live_profiles
    )
    if not must_succeed(judgement, answer, "VFY-LIST-008" if is_empty else "VFY-SPEC-006"):
        return
    rows = rows_of(judgement, answer)
    if rows is None or not _judge_rows(judgement, account, neighbour, page, rows):
        return
    if judgement.settings.is_closed and _judge_counts(judgement, account, page, rows, answer):
        _judge_order(judgement, account.order, page, [row["id"] for row in rows])


def _judge_rows(
    judgement: Judgement,
    account: Account,
    neighbour: Account,
    page: Page,
    rows: Sequence[dict[str, Any]],
) -> bool:
    seen: set[str] = set()
    for row in rows:
        requirement, is_fine = _reason_against(account, neighbour, page, row, seen)
        wanted = "a profile that the list has to hold, once"
        judgement.holds(requirement, "data[].id", row["id"], wanted, is_fine=is_fine)
        seen.add(row["id"])
        profile = account.profile(row["id"])
        if profile is not None:
            judge_same(judgement, profile, row, "VFY-LIST-009")
    return not judgement.divergences


def _reason_against(
    account: Account, neighbour: Account, page: Page, row: dict[str, Any], seen: set[str]
) -> tuple[str, bool]:
    """The requirement that decides whether a row may be there, and whether it may."""
    name = str(row.get("name"))
    if page.wanted and not any(SENSES[each](name, page.wanted) for each in account.order.senses):
        return "VFY-LIST-004", False
    if row["id"] in seen:
        return "VFY-LIST-003", False
    if row["id"] in neighbour.profiles:
        return "VFY-ISO-001", False
    is_ours = row["id"] in account.profiles
    is_gone = is_ours and account.profile(row["id"]) is None
    return "VFY-PROF-018", not is_gone


def _judge_counts(
    judgement: Judgement,
    account: Account,
    page: Page,
    rows: Sequence[dict[str, Any]],
    answer: Answer,
) -> bool:
    """Numbers of rows, here and in all, for one of the senses that the filter may have."""
    total = answer.body.get("meta", {}).get("total_results")
    senses = account.order.senses if page.wanted else account.order.senses[:1]
    counts = {each: len(_matching(account, page, each)) for each in senses}
    fitting = tuple(
        each for each, count in counts.items() if (total, len(rows)) == (count, page.rows(count))
    )
    if page.wanted and fitting:
        account.order.senses = fitting
    count = counts[fitting[0]] if fitting else counts[senses[0]]
    judgement.among(
        _about_rows(page, count),
        "number of rows",
        len(rows),
        {page.rows(each) for each in counts.values()},
    )
    pages = -(-count // page.size)
    judge_meta(
        judgement,
        answer,
        total_results=set(counts.values()) if not fitting else {count},
        total_pages={pages} if count else {0, 1},
        page_size={page.size},
        page_number={page.number},
    )
    return not judgement.divergences


def _matching(account: Account, page: Page, sense: str) -> list[Profile]:
    return [
        each for each in account.live_profiles if SENSES[sense](each.shown["name"], page.wanted)
    ]


def _about_rows(page: Page, total: int) -> str:
    """The requirement that a wrong number of rows breaks."""
    if total and not page.rows(total):
        return "VFY-LIST-005"
    if page.is_plain and total > page.size:
        return "VFY-LIST-010"
    return "VFY-LIST-004" if page.wanted else "VFY-LIST-003"


def _judge_order(judgement: Judgement, order: KnownOrder, page: Page, ids: Sequence[str]) -> None:
    """Each row keeps its place, and any two rows keep their order."""
    places = order.places.setdefault(page.wanted, {})
    first = (page.number - 1) * page.size
    for at, row_id in enumerate(ids, first):
        known = places.setdefault(at, row_id)
        judgement.equal("VFY-LIST-007", f"row {at + 1}", row_id, known)
    twice = len(set(places.values())) != len(places)
    judgement.holds("VFY-LIST-003", "pages", ids, "each row on one page", is_fine=not twice)
    placed = [places[at] for at in sorted(places)]
    pairs = {(one, other) for at, one in enumerate(placed) for other in placed[at + 1 :]}
    turned = any((other, one) in order.before for one, other in pairs)
    judgement.holds(
        "VFY-LIST-007", "order", ids, "the order of the list before", is_fine=not turned
    )
    order.before |= pairs
