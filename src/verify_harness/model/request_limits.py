"""How often a key may ask, and a number be sent to, where the lever set a limit."""

from collections import defaultdict
from dataclasses import dataclass, field

from verify_harness.model.calls import Answer
from verify_harness.model.judgement import Judgement

WINDOW_SECS = 60.0
"""What "per minute" means: beyond the limit nothing is served within it."""
NUMBER_WINDOW_SECS = 600.0
_MARGIN_SECS = 0.5


def _told_wait(judgement: Judgement, answer: Answer) -> float | None:
    """What a 429 says in Retry-After; a divergence where it says nothing."""
    told = answer.headers.get("retry-after", "")
    judgement.among("VFY-RATE-001", "errors[].code", answer.error_codes, [["10011"]])
    is_whole = told.isascii() and told.isdigit()
    judgement.holds("VFY-RATE-002", "Retry-After", told, "whole seconds", is_fine=is_whole)
    return float(told) if is_whole else None


@dataclass(slots=True)
class KeyLimit:
    """The requests of one key in a minute."""

    limit: int | None = None
    used: int = 0
    began_at: float = 0.0
    """When the first request of the window was sent."""
    ends_at: float | None = None
    """When the wait is over that the first refusal told."""

    def set(self, limit: int | None) -> None:
        """Another limit; counting starts again."""
        self.limit, self.used, self.ends_at = limit, 0, None

    def judge(self, judgement: Judgement, answer: Answer) -> bool:
        """Whether the answer is that of a served request; a divergence where it must not be."""
        if self.limit is None:
            return True
        is_served = answer.status != 429
        if self.used < self.limit:
            self._judge_served(judgement, answer, "VFY-RATE-001")
        elif self.ends_at is not None and answer.sent_at >= self.ends_at:
            self._begin_again()
            self._judge_served(judgement, answer, "VFY-RATE-002")
        elif answer.received_at < self.began_at + WINDOW_SECS - _MARGIN_SECS:
            judgement.equal("VFY-RATE-001", "status", answer.status, 429)
        elif is_served:
            self._begin_again()
            self._judge_served(judgement, answer, "VFY-RATE-001")
        if not is_served and not judgement.divergences:
            self._note_refusal(judgement, answer)
        return is_served

    def _begin_again(self) -> None:
        self.used, self.ends_at = 0, None

    def _judge_served(self, judgement: Judgement, answer: Answer, requirement: str) -> None:
        self.began_at = answer.sent_at if self.used == 0 else self.began_at
        self.used += 1
        wanted = "any but 429"
        is_fine = answer.status != 429
        judgement.holds(requirement, "status", answer.status, wanted, is_fine=is_fine)
        remaining = str((self.limit or 0) - self.used)
        told = answer.headers.get("x-ratelimit-remaining")
        judgement.equal("VFY-RATE-003", "x-ratelimit-remaining", told, remaining)

    def _note_refusal(self, judgement: Judgement, answer: Answer) -> None:
        wait_secs = _told_wait(judgement, answer)
        if wait_secs is not None and self.ends_at is None:
            self.ends_at = answer.received_at + wait_secs
        bound = self.began_at + WINDOW_SECS
        if wait_secs is not None and self.ends_at is not None:
            judgement.holds(
                "VFY-RATE-002",
                "Retry-After",
                wait_secs,
                "no longer than was told before",
                is_fine=answer.sent_at + wait_secs <= max(self.ends_at, bound) + 2,
            )


@dataclass(slots=True)
class NumberLimit:
    """The triggers for one number in ten minutes, on all channels and profiles together."""

    limit: int | None = None
    sent: defaultdict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(list[tuple[float, float]])
    )
    waits: dict[str, float] = field(default_factory=dict)
    """When the wait is over that a refusal told, by number."""

    def set(self, limit: int | None) -> None:
        """Another limit; counting starts again."""
        self.limit = limit
        self.sent.clear()
        self.waits.clear()

    def expects(self, number: str, answer: Answer) -> str:
        """`served`, `refused`, or `either` where the boundary lies within the exchange."""
        if self.limit is None:
            return "served"
        if answer.sent_at >= self.waits.get(number, float("inf")):
            return "served"
        low = answer.received_at - NUMBER_WINDOW_SECS
        surely = sum(sent > low + _MARGIN_SECS for sent, _ in self.sent[number])
        perhaps = sum(received > low - _MARGIN_SECS - 1 for _, received in self.sent[number])
        if surely >= self.limit:
            return "refused"
        return "served" if perhaps < self.limit else "either"

    def note_sent(self, number: str, answer: Answer) -> None:
        """A trigger for the number was served."""
        self.waits.pop(number, None)
        self.sent[number].append((answer.sent_at, answer.received_at))

    def note_refused(self, judgement: Judgement, number: str, answer: Answer) -> None:
        """A trigger for the number was answered 429."""
        wait_secs = _told_wait(judgement, answer)
        if wait_secs is not None:
            self.waits.setdefault(number, answer.received_at + wait_secs)
