"""Exceptions that end a check early; `outcomes.judge` decides what each one means."""


class Blocked(Exception):
    """A set-up step failed, so the check cannot judge its own requirement.

    `by` is the requirement that the failed step depends on.
    """

    def __init__(self, by: str, message: str) -> None:
        super().__init__(message)
        self.by = by


class NotObservable(Exception):
    """The target lacks a lever that the check needs."""

    def __init__(self, lever: str) -> None:
        super().__init__(f"not observable: {lever}")


class NoAnswer(Exception):
    """No HTTP response arrived.

    `blames` is the requirement of the set-up step that got none; None outside of set-up.
    """

    def __init__(self, message: str, blames: str | None = None) -> None:
        super().__init__(message)
        self.blames = blames


class FaultCaught(BaseException):
    """A proof has its finding, and the rest of the check would add nothing.

    Not an `Exception`, because hypothesis would catch and replay it.
    """

    def __init__(self, requirement: str) -> None:
        super().__init__(f"{requirement} caught the fault")
