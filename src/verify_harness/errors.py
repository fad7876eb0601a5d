"""Everything that can go wrong for a user, as one tree.

HarnessError                 a person can act on it; printed in two lines, never as a traceback
├── UsageError          (2)  a flag, a configuration value or a file that was named is wrong
│   ├── ContentError         a bundled or user-supplied data file does not say what it must
│   ├── SpecError            the OpenAPI document cannot be used
│   │   └── NotInDocument    it lacks an operation that a check needs
│   ├── PortInUse            the sandbox cannot listen where it was told to
│   ├── DirectoryInUse       another process writes into the run directory
│   ├── NotComparable        two runs that say nothing about each other
│   └── UnaskedConsent       a file that nobody named permits to call other machines
├── NoVerdict           (3)  nothing could be judged
│   ├── TargetUnreachable    no HTTP answer at all
│   ├── CredentialsRefused   the target knows none of our keys
│   ├── IntermediaryAnswered a proxy or firewall answers for the target
│   ├── BasePathWrong        the target answers, but no operation of this API is there
│   ├── CannotWrite          the disk is full or may not be written
│   ├── BudgetReached        the next priced request would cost more than was allowed
│   └── CannotPay            the service answered 402: the account has no money
└── SafetyRefusal       (4)  refused before any request was sent
    ├── HostNotAllowed       not loopback and not named by --allow-remote
    ├── LiveApiRefused       the vendor's own service
    ├── LocalhostElsewhere   `localhost` leads to another machine
    ├── RemoteLoadRefused    load on a host that is neither loopback nor named by --allow-remote
    ├── CeilingMissing       load off loopback that nothing bounds
    ├── PlainTextRefused     http:// to another machine would show the key to the network
    ├── NotInLivePlan        a request to the live service that its fixed plan does not hold
    ├── NotConfirmed         nobody confirmed that the live service may be called with this key
    ├── NumberNotOwned       a telephone number that is not in the user's file of own numbers
    ├── ProfileUnsafe        the live profile has no daily limit, or may send anywhere
    ├── PriceUnknown         a live request that no price table prices
    ├── LedgerUnusable       the ledger cannot be read or written, so nothing may be spent
    ├── KeyInCommandLine     an API key was given where every process of the machine reads it
    └── ExternalReference    the OpenAPI document points to another file or to the network
"""

import errno
from typing import ClassVar

from verify_harness.exitcodes import ExitCode


class HarnessError(Exception):
    """A failure with a cause (`str(error)`) and a next step (`error.hint`)."""

    exit_code: ClassVar[ExitCode] = ExitCode.HARNESS_BUG
    label: ClassVar[str] = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(HarnessError):
    """The command line, the configuration or a named file is wrong."""

    exit_code = ExitCode.USAGE


class ContentError(UsageError):
    """A data file of ours or of the user does not hold what it must."""


class SpecError(UsageError):
    """The OpenAPI document is missing, broken, empty or points nowhere."""


class NotInDocument(SpecError, KeyError):
    """An operation of the Verify API that the user's document does not have."""

    def __init__(self, operation_id: str) -> None:
        super().__init__(f"not in the document: {operation_id}")

    def __str__(self) -> str:
        """The sentence as it is; KeyError would quote it."""
        return str(self.args[0])


class PortInUse(UsageError):
    """Somebody else listens where we were told to listen."""

    def __init__(self, address: str, port: int, option: str = "--port") -> None:
        super().__init__(
            f"port {port} on {address} is already in use.",
            hint=f"choose another with {option}, or {option} 0 for any free one",
        )


class DirectoryInUse(UsageError):
    """Another process writes into the run directory."""

    def __init__(self, directory: object, owner: str) -> None:
        super().__init__(
            f"{owner} is writing into {directory}.",
            hint="wait for its end, or name another directory with -o",
        )


class UnaskedConsent(UsageError):
    """A file of the working directory permits what only its user may."""

    def __init__(self, path: object, key: str, value: str) -> None:
        super().__init__(
            f"{path} sets {key} to {value}: a file that merely lies here does not permit that.",
            hint=f"if you trust it: verify-harness --config {path} …, or set {key} by its flag",
        )


class NotComparable(UsageError):
    """Two runs cannot be held against each other."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the runs cannot be compared: {reason}.",
            hint="compare two whole runs of one command, against targets of one kind",
        )


class NoVerdict(HarnessError):
    """The run could not judge anything."""

    exit_code = ExitCode.NO_VERDICT
    label = "no verdict"


class TargetUnreachable(NoVerdict):
    """No HTTP answer came from the target."""

    def __init__(self, url: str, cause: str) -> None:
        super().__init__(
            f"{url} does not answer: {cause}.",
            hint="check the address, or leave --target out to use the embedded sandbox",
        )


class CredentialsRefused(NoVerdict):
    """The target answers, but not to our key."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} refuses the key (401).",
            hint="put a valid key into TELNYX_API_KEY or name a file with --api-key-file",
        )


class IntermediaryAnswered(NoVerdict):
    """Something in front of the service answered in its place."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(
            f"a proxy or firewall answers for {url}: {status} with a page of HTML.",
            hint="let this machine through, or name the service itself",
        )


class BasePathWrong(NoVerdict):
    """Something answers, but 404 to the operations that every Verify API has."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} answers 404 to every operation of this API.",
            hint="check the base path: it usually ends in /v2",
        )


NO_ROOM = frozenset(
    (
        *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS),
        *(errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE),
    )
)
"""Errors of writing that are the disk's, not ours."""


class CannotWrite(NoVerdict):
    """A result could not be written, so it cannot be trusted to be whole."""

    def __init__(self, place: object, error: OSError) -> None:
        elsewhere = "name another place for it"
        super().__init__(
            f"cannot write into {place}: {error.strerror}.",
            hint=f"make room, or {elsewhere}" if error.errno in NO_ROOM else elsewhere,
        )


class BudgetReached(NoVerdict):
    """The next priced request was not sent: with it, more would be spent than was allowed."""

    def __init__(self, what: str, price: str, left: str) -> None:
        super().__init__(
            f"the budget does not allow {what} for {price}: {left} of it is left today.",
            hint="raise --budget, or see `verify-harness spend` for what was spent",
        )


class CannotPay(NoVerdict):
    """A request was answered 402; whatever follows would be answered so, too."""

    def __init__(self) -> None:
        super().__init__(
            "the account cannot pay: a request was answered 402.",
            hint="add funds to the account, then run again",
        )


class SafetyRefusal(HarnessError):
    """Refused before any request, because it could cost money or reach a stranger."""

    exit_code = ExitCode.REFUSED
    label = "refused"


class HostNotAllowed(SafetyRefusal):
    """The guard does not know this host; nothing was sent."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is not a loopback address and was not allowed.",
            hint=f"if you mean it: --allow-remote {host}",
        )


class LiveApiRefused(SafetyRefusal):
    """The vendor's own service bills every trigger and texts real people."""

    def __init__(self, host: str, address: str | None = None) -> None:
        whose = "is" if address is None else f"leads to {address}, an address of"
        super().__init__(
            f"{host} {whose} the live service: a trigger costs money and reaches a real phone.",
            hint="test against the embedded sandbox (no --target) or a system of your own",
        )


class LocalhostElsewhere(SafetyRefusal):
    """`localhost` resolves to an address of another machine."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            f"{host} leads to {address}, which is not this machine.",
            hint="correct the hosts file, or name the target by its address, such as 127.0.0.1",
        )


class RemoteLoadRefused(SafetyRefusal):
    """The guard does not know this host, and a load would hit it hard."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"load on {host} is refused: it is not a loopback address and was not allowed.",
            hint=f"if you mean it: --allow-remote {host} --max-triggers N --max-rate R/s",
        )


class CeilingMissing(SafetyRefusal):
    """Load on another machine says first how much it may trigger."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"load on {host} needs a ceiling of triggers and of their rate.",
            hint="add --max-triggers N --max-rate R/s to `load run`, or set max_triggers and "
            "max_rate_per_s in the profile",
        )


class PlainTextRefused(SafetyRefusal):
    """The key would cross the network in clear."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"http://{host} would send the key unencrypted.",
            hint=f"use https://{host}, or add --allow-plain-text if the network may see the key",
        )


class NotInLivePlan(SafetyRefusal):
    """The live service gets the requests of a fixed plan, and no other; this one was not sent."""

    def __init__(self, request: str, reason: str) -> None:
        super().__init__(
            f"{request} was not sent to the live service: {reason}.",
            hint="see `verify-harness smoke --live --show-plan` for what may be sent",
        )


class NotConfirmed(SafetyRefusal):
    """The live service is called with a key that somebody confirmed, and only then."""

    def __init__(self, reason: str, fingerprint: str) -> None:
        super().__init__(
            f"the live service was not called: {reason}.",
            hint=f"if you mean it: confirm at the prompt, or set VERIFY_HARNESS_LIVE={fingerprint}"
            if fingerprint
            else "put the key into TELNYX_API_KEY, or name a file with --api-key-file",
        )


class NumberNotOwned(SafetyRefusal):
    """A telephone number that could be a stranger's."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"the number ..{number[-2:]} is not in the file of your own numbers.",
            hint="add it to the file that --numbers names, if it is yours",
        )


class ProfileUnsafe(SafetyRefusal):
    """The service itself would not stop what goes wrong here."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the profile may not be used for live checks: {reason}.",
            hint="enable its daily_spend_limit and name the countries of whitelisted_destinations",
        )


class PriceUnknown(SafetyRefusal):
    """What has no price cannot be held against a budget."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"no price is known for {what}.",
            hint="name a file with --prices that has it; specs/prices.toml shows the form",
        )


class LedgerUnusable(SafetyRefusal):
    """What was spent is not known, or could not be remembered."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(
            f"the ledger {path} cannot be used: {reason}.",
            hint="repair it, or name another file with --ledger",
        )


class ExternalReference(SafetyRefusal):
    """The OpenAPI document points out of itself; the address was not opened."""

    def __init__(self, place: str, reference: str) -> None:
        super().__init__(
            f"the spec refers to {reference} at {place or 'its top'}; it was not opened.",
            hint="bundle the document into one file first",
        )


class KeyInCommandLine(SafetyRefusal):
    """An API key as an argument is shown to every user of the machine and to a shell's history."""

    def __init__(self) -> None:
        super().__init__(
            "a key in a command line can be read by every process of this machine (ps).",
            hint="replace that key; give the next in TELNYX_API_KEY or by --api-key-file",
        )
