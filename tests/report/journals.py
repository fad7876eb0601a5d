"""Synthetic journals: a builder that makes the records a run would write, and a realistic run."""

import random
from collections.abc import Iterable
from typing import Any

import msgspec
from hdrh.histogram import HdrHistogram

from verify_harness import catalogue
from verify_harness.journal.encoding import well_formed
from verify_harness.journal.records import AnyRecord, LoadBegun, LoadEnded, LoadFinished

STARTED = 1_795_292_160.0
"""2026-11-21T20:16:00Z in unix seconds: the sample must not depend on the day it is made."""

TARGET = "http://127.0.0.1:8700/v2"
PROFILE = "4900017a-e7c8-e79e-0a7c-0d98f49b09cc"
OPERATIONS = (
    ("CreateVerificationSms", "post", "/verifications/sms"),
    ("CreateVerificationCall", "post", "/verifications/call"),
    ("CreateFlashcallVerification", "post", "/verifications/flashcall"),
    ("CreateWhatsappVerification", "post", "/verifications/whatsapp"),
    ("RetrieveVerification", "get", "/verifications/{verification_id}"),
    ("VerifyVerificationCodeById", "post", "/verifications/{verification_id}/actions/verify"),
    ("ListVerifications", "get", "/verifications/by_phone_number/{phone_number}"),
    ("ListProfiles", "get", "/verify_profiles"),
    ("CreateVerifyProfile", "post", "/verify_profiles"),
    ("DeleteProfile", "delete", "/verify_profiles/{verify_profile_id}"),
)


class Journal:
    """Collects lines; every method that writes one keeps sequence numbers and times going."""

    def __init__(self) -> None:
        self.lines: list[AnyRecord] = []
        self._sequences: dict[str, int] = {}
        self._time = STARTED

    def line(self, kind: str, **fields: Any) -> None:
        self._time = round(self._time + 0.01, 2)
        self.lines.append(record(kind, t=self._time, **fields))

    def in_check(self, kind: str, check: str, **fields: Any) -> int:
        sequence = self._sequences.get(check, -1) + 1
        self._sequences[check] = sequence
        self.line(kind, check=check, seq=sequence, **fields)
        return sequence

    def start(self, *requirements: dict[str, Any] | str, **changes: Any) -> "Journal":
        given = [requirement(item) if isinstance(item, str) else item for item in requirements]
        fields: dict[str, Any] = {
            "tool": "verify-harness 0.1.0",
            "command": "check",
            "spec_sha256": "3f" * 32,
            "target": {"url": TARGET, "kind": "sandbox", "levers": ["clock", "outbox"]},
            "dialect": "documented",
            "started_at": "2026-11-21T20:16:00Z",
            "seed": 7,
            "level": "standard",
            "jobs": 2,
            "requirements": given,
        }
        waivers = changes.pop("waivers", [])
        fields |= changes
        self.line("run-started", **fields)
        self.line(
            "target-found",
            target=fields["target"],
            dialect=fields["dialect"],
            spec_sha256=fields["spec_sha256"],
            operations=[
                {"operation_id": name, "method": method, "path": path}
                for name, method, path in OPERATIONS
            ],
            waivers=waivers,
        )
        return self

    def begin(self, check: str, *requirements: str, operations: Iterable[str] = ()) -> "Journal":
        self.in_check(
            "check-started",
            check,
            requirements=list(requirements),
            operations=list(operations),
            title=check,
        )
        return self

    def end(self, check: str, status: str = "pass", **fields: Any) -> "Journal":
        told = {"reason": None, "duration_s": 0.25, "requests_sha256": None, **fields}
        self.in_check("check-finished", check, status=status, **told)
        return self

    def check(
        self, check: str, *requirements: str, status: str = "pass", **fields: Any
    ) -> "Journal":
        return self.begin(check, *requirements).end(check, status, **fields)

    def exchange(self, check: str, **changes: Any) -> int:
        fields: dict[str, Any] = {
            "operation_id": "CreateVerificationSms",
            "purpose": "directed",
            "request": request(),
            "response": response(),
            "failure": None,
            "elapsed_ms": 1.84,
        }
        return self.in_check("exchange", check, **{**fields, **changes})

    def finding(
        self, check: str, requirement: str, message: str = "wrong", **changes: Any
    ) -> "Journal":
        fields: dict[str, Any] = {
            "requirement": requirement,
            "severity": "fail",
            "message": message,
            "exchange_seq": None,
            "blocked_by": None,
            "replay": f"verify-harness contract run {requirement} --seed 7",
        }
        self.in_check("finding", check, **{**fields, **changes})
        return self

    def observe(
        self, check: str, key: str, value: str, operation_id: str | None = None
    ) -> "Journal":
        self.in_check("observation", check, key=key, value=value, operation_id=operation_id)
        return self

    def finish(self, **changes: Any) -> "Journal":
        fields = {"duration_s": 41.3, "exit_code": None, "partial": False, "reason": None}
        self.line("run-finished", **{**fields, **changes})
        return self

    def load_start(
        self, rate_per_s: float = 40, duration_s: float = 60, *slo: dict[str, Any], **more: Any
    ) -> "Journal":
        stage = {"shape": "poisson", "rate_per_s": rate_per_s, "duration_s": duration_s}
        profile = {
            "name": "smoke",
            "title": "A minute of everyday traffic",
            "scenario": "verify_journey",
            "arrivals": [stage],
            "mix": {"sms": 85, "call": 15},
            **more,
        }
        planned = {"journeys": round(rate_per_s * duration_s), "duration_s": duration_s}
        self.line("load-started", profile=profile, planned=planned, slo=list(slo))
        return self

    def load_second(
        self, second: int, step: str, latencies_us: Iterable[int], **changes: Any
    ) -> "Journal":
        values = list(latencies_us)
        fields: dict[str, Any] = {
            "requests": len(values),
            "throttled": 0,
            "errors": 0,
            "statuses": {"200": len(values)},
            "service": encoded(values),
            "response": encoded([value + 150 for value in values]),
        }
        self.line("load-second", second=second, step=step, **{**fields, **changes})
        return self

    def load_begin(self, second: int, started: int, late: int = 0) -> "Journal":
        self.line("load-begun", second=second, started=started, late=late)
        return self

    def load_finish(self, planned: int, duration_s: float = 60, **changes: Any) -> "Journal":
        fields: dict[str, Any] = {
            "duration_s": duration_s,
            "journeys": {
                "planned": planned,
                "started": planned,
                "completed": planned,
                "failed": 0,
                "late_starts": 0,
                "abandoned": 0,
            },
            "generator": {"cpu_percent": 23.5, "process": "locust 2.47"},
            "failures": [],
        }
        told = {**fields, **changes}
        kinds: set[type] = set()
        for made in self.lines:
            kinds = set() if isinstance(made, LoadFinished) else {*kinds, type(made)}
        counts = told["journeys"]
        if LoadBegun not in kinds:
            self.load_begin(0, counts["started"], counts["late_starts"])
        if LoadEnded not in kinds:
            ends = {name: counts[name] for name in ("completed", "failed", "abandoned")}
            self.line("load-ended", second=0, channel="sms", **ends)
        self.line("load-finished", **told)
        return self


def record(kind: str, **fields: Any) -> AnyRecord:
    """What the reader makes of a line that the writer wrote."""
    made: AnyRecord = msgspec.convert(well_formed({"kind": kind, **fields}), AnyRecord)
    return made


def limit(
    expression: str, limit: str, measure: str, bound: float, **changes: Any
) -> dict[str, Any]:
    return {
        "expression": expression,
        "limit": limit,
        "measure": measure,
        "step": None,
        "channel": None,
        "only_willing": False,
        "comparison": limit.split(maxsplit=1)[0],
        "bound": bound,
        **changes,
    }


SOURCE = "facts.md#right-code-accepted"
"""What the requirements of these journals cite."""


def requirement(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"Title of {name}",
        "statement": f"Statement of {name}.",
        "basis": "documented",
        "severity": "fail",
        "sources": ["facts.md#recheck-unknown"],
        "levers": [],
        "price_class": "trigger",
        **changes,
    }


def request(**changes: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": f"{TARGET}/verifications/sms",
        "headers": {
            "Authorization": "Bearer $TELNYX_API_KEY",
            "Content-Type": "application/json",
            "User-Agent": "verify-harness/0.1.0 run-5d1c request-17",
        },
        "body": '{"phone_number":"+12025550123","verify_profile_id":"' + PROFILE + '"}',
        **changes,
    }


def response(status: int = 200, **changes: Any) -> dict[str, Any]:
    body = (
        '{"data":{"id":"12ade33a-21c0-473b-b055-b3c836e1c292","phone_number":"+12025550123",'
        '"record_type":"verification","status":"pending","timeout_secs":300}}'
    )
    headers = {"content-type": "application/json", "x-request-id": "5d1c-17"}
    return {"status": status, "headers": headers, "body": body, "truncated": False, **changes}


def encoded(values_us: Iterable[int]) -> str:
    histogram = HdrHistogram(1, 60_000_000, 3)
    for value in values_us:
        histogram.record_value(value)
    return str(histogram.encode().decode())


SKIPPED = {"VFY-TRIG-003": "outbox", "VFY-CODE-008": "outbox", "VFY-LIFE-003": "clock"}
BLOCKED = ("VFY-ISO-001", "VFY-ISO-002", "VFY-PROF-003")


def realistic() -> list[AnyRecord]:
    """A `check` run of a whole catalogue against a build with a handful of defects."""
    journal = Journal()
    known = [msgspec.to_builtins(item) for item in catalogue.load().values()]
    journal.start(*known)
    for index, item in enumerate(known):
        _ordinary_check(journal, index, item["id"])
    _broken_code(journal)
    _broken_profile(journal)
    _warning(journal)
    _load(journal)
    return journal.finish(duration_s=78.4).lines


_SPECIAL = {"VFY-CODE-004", "VFY-PROF-001", "VFY-AUTH-003", "VFY-NUM-002", *SKIPPED, *BLOCKED}


def _ordinary_check(journal: Journal, index: int, name: str) -> None:
    check = f"test_{name.lower().replace('-', '_')}.py::test_it"
    if name in SKIPPED:
        journal.check(check, name, status="skip", reason=f"not observable: {SKIPPED[name]}")
    if name == "VFY-NUM-002":
        journal.check(check, name, status="error", reason="no answer within 30 s, three times")
    if name in _SPECIAL:
        return
    operation, method, path = OPERATIONS[index % len(OPERATIONS)]
    journal.begin(check, name, operations=[operation])
    for number in range(1 + index % 4):
        sent = request(method=method.upper(), url=TARGET + path.replace("{", "").replace("}", ""))
        refused = (index + number) % 5 == 0
        journal.exchange(
            check,
            operation_id=operation,
            request=sent,
            response=response(400 if refused else 200),
        )
        if refused:
            journal.observe(check, "C2", "400", operation)
    journal.end(check, requests_sha256=f"{index:064x}")


def _broken_code(journal: Journal) -> None:
    check = "verifications/test_check_code.py::test_a_code_works_once[sms-by_id]"
    journal.begin(check, "VFY-CODE-004", operations=["VerifyVerificationCodeById"])
    url = f"{TARGET}/verifications/12ade33a-21c0-473b-b055-b3c836e1c292/actions/verify"
    body = '{"data":{"phone_number":"+12025550123","response_code":"accepted"}}'
    sequences = [
        journal.exchange(
            check,
            operation_id="VerifyVerificationCodeById",
            request=request(url=url, body='{"code":"code-1"}'),
            response=response(body=body),
        )
        for _ in range(2)
    ]
    message = "The second check of an accepted code was answered accepted; it must be rejected."
    journal.finding(check, "VFY-CODE-004", message, exchange_seq=sequences[1])
    journal.end(check, "fail")


def _broken_profile(journal: Journal) -> None:
    check = "profiles/test_profiles.py::test_a_created_profile_reads_back_equal"
    journal.begin(check, "VFY-PROF-001", operations=["CreateVerifyProfile"])
    errors = '{"errors":[{"code":"10015","title":"Bad Request","detail":"language is unknown"}]}'
    sequence = journal.exchange(
        check,
        operation_id="CreateVerifyProfile",
        request=request(
            url=f"{TARGET}/verify_profiles", body='{"name":"it\'s","language":"en-US"}'
        ),
        response=response(400, body=errors),
    )
    message = "A profile with the documented language en-US was refused with 400."
    journal.finding(check, "VFY-PROF-001", message, exchange_seq=sequence).end(check, "fail")
    for name in BLOCKED:
        blocked = f"profiles/test_{name.lower().replace('-', '_')}.py::test_it"
        journal.begin(blocked, name)
        told = "its profile could not be created"
        journal.finding(blocked, name, told, blocked_by="VFY-PROF-001").end(blocked, "fail")


def _warning(journal: Journal) -> None:
    check = "auth/test_keys.py::test_a_401_names_its_scheme"
    journal.begin(check, "VFY-AUTH-003", operations=["ListProfiles"])
    headers = {"content-type": "application/json"}
    sequence = journal.exchange(
        check,
        operation_id="ListProfiles",
        request=request(method="GET", url=f"{TARGET}/verify_profiles", headers={}, body=None),
        response=response(401, headers=headers, body='{"errors":[{"code":"10009"}]}'),
    )
    message = "The 401 carries no WWW-Authenticate header."
    journal.finding(check, "VFY-AUTH-003", message, severity="warn", exchange_seq=sequence)
    journal.end(check, "fail")


def _load(journal: Journal) -> None:
    chance = random.Random(7)
    journal.load_start(
        40,
        60,
        limit("p95(trigger)", "< 250 ms", "p95", 250, step="trigger"),
        limit("p99(check)", "< 3 ms", "p99", 3, step="check"),
        limit("error_rate", "< 1 %", "error_rate", 1),
    )
    started = failed = 0
    for second in range(64):
        slow = 4.0 if 26 <= second < 31 else 1.0  # a pause of the target in the middle
        arrivals = round(chance.gauss(40, 6)) if second < 60 else 0
        checks = round(chance.gauss(38, 6)) if second >= 2 else 0
        started += arrivals
        journal.load_begin(second, arrivals, late=4 if second == 26 else 0)
        for step, count, middle_us in (("trigger", arrivals, 2600), ("check", checks, 1500)):
            if count > 0:
                took = [
                    int(chance.lognormvariate(0, 0.45) * middle_us * slow) for _ in range(count)
                ]
                errors = int(slow > 1 and step == "trigger" and second % 2)
                failed += errors
                statuses = {"200": count - errors, "503": errors} if errors else {"200": count}
                journal.load_second(second, step, took, errors=errors, statuses=statuses)
    counts = {"started": started, "completed": started - failed, "failed": failed}
    journal.load_finish(
        started,
        duration_s=64,
        journeys={"planned": started, **counts, "late_starts": 4, "abandoned": 0},
        failures=[{"step": "trigger", "message": "503 Service Unavailable", "count": failed}],
    )
