"""One check of a live run: sends, records, judges each answer by the document, reports."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from verify_harness import access_tokens, catalogue
from verify_harness.client import Client
from verify_harness.contract.check_journal import CheckJournal
from verify_harness.contract.findings import Findings
from verify_harness.errors import CannotPay, HarnessError
from verify_harness.exchange import Exchange, Request
from verify_harness.journal import Journal
from verify_harness.journal.records import LIVE_CHECKS
from verify_harness.safety.addresses import origin_of
from verify_harness.spec import Spec, answers
from verify_harness.targets import Target

ANY_ANSWER = ("VFY-SPEC-001", "VFY-SPEC-002", "VFY-SPEC-003")
"""What every answer is held to: its status, its body and its media type are documented."""


class Ended(Exception):
    """The check cannot go on; what there is to say is recorded."""


@dataclass
class Session:
    """What the checks of one live run share; its access token is renewed between checks."""

    target: Target
    spec: Spec
    client: Client
    journal: Journal
    run_id: str

    @contextmanager
    def check(self, name: str, title: str, *requirements: str) -> Iterator["LiveCheck"]:
        """Run a check and record its end; what ends the run is recorded and raised again."""
        keys = access_tokens.fresh(self.client, self.target.keys, self.target.url)
        self.target = self.target.with_keys(keys)
        check, started = LiveCheck(self, f"{LIVE_CHECKS}{name}"), time.monotonic()
        check.journal.started((*requirements, *ANY_ANSWER), title=title)
        try:
            yield check
        except Ended:
            check.finish(started)
        except HarnessError as error:
            check.findings.conclude("error", str(error))
            check.finish(started)
            raise
        else:
            check.findings.complete = True
            check.finish(started)


class LiveCheck:
    """A check that is running."""

    def __init__(self, session: Session, name: str) -> None:
        self._session = session
        self.journal = CheckJournal(session.journal, name, session.target.keys.secrets)
        self.findings = Findings(self.journal, catalogue.load(), session.target)

    def call(
        self,
        operation_id: str,
        body: Any = None,
        *,
        authorization: str | None = "",
        **path: str,
    ) -> Exchange:
        """Send one request of an operation, once; `authorization` replaces the key, None omits it.

        Raises Ended where no answer comes, CannotPay for a 402, and what the gate raises.
        """
        operation = self._session.spec.operation(operation_id)
        filled = operation.path
        for name, value in path.items():
            filled = filled.replace(f"{{{name}}}", quote(value, safe="+"))
        url = f"{self._session.target.url}{filled}"
        content = None if body is None else json.dumps(body).encode()
        request = Request(operation.method, url, self._headers(content, authorization), content)
        return self._judged(self._recorded(request, operation_id))

    def require(self, requirement: str, holds: bool, message: str) -> None:
        """Report a requirement that does not hold; the check goes on."""
        if not holds:
            self.findings.report(requirement, message)

    def demand(self, requirement: str, holds: bool, message: str) -> None:
        """Report a requirement that does not hold, and end the check with it."""
        self.require(requirement, holds, message)
        if not holds:
            raise Ended

    def finish(self, started: float) -> None:
        """Record the result of a check that began at this moment of the monotonic clock."""
        self.findings.finish(round(time.monotonic() - started, 3), None)

    def leave(self, reason: str) -> None:
        """End the check as skipped."""
        self.findings.conclude("skip", reason)
        raise Ended

    def _headers(
        self, content: bytes | None, authorization: str | None
    ) -> tuple[tuple[str, str], ...]:
        headers = [("Accept", "application/json")]
        if content is not None:
            headers.append(("Content-Type", "application/json"))
        if authorization is not None:
            headers.append(
                ("Authorization", authorization or f"Bearer {self._session.target.keys.first}")
            )
        return tuple(headers)

    def _recorded(self, request: Request, operation_id: str) -> Exchange:
        sent = self._session.client.send(request)
        exchange = self.journal.exchange(replace(sent, operation_id=operation_id))
        self.findings.last_exchange = exchange
        for oddity in exchange.oddities:
            self.findings.observe("http", oddity, operation_id)
        if exchange.status == HTTPStatus.PAYMENT_REQUIRED:
            raise CannotPay
        if exchange.failure is not None:
            host = origin_of(request.url).host
            self.findings.conclude("error", f"{operation_id} on {host}: {exchange.failure}")
            raise Ended
        return exchange

    def _judged(self, exchange: Exchange) -> Exchange:
        """The exchange; what its operation does not document is reported, once of a kind."""
        response = exchange.response
        if response is not None and exchange.operation_id is not None:
            operation = self._session.spec.operation(exchange.operation_id)
            found = answers.judge(operation, response.status, response.headers, response.body)
            for violation in found:
                self.findings.report_once(violation.requirement, str(violation))
        return exchange
