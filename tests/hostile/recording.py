"""Carries out a case with the product's own code, down to where a connection would be opened.

Nothing is dialled: name resolution, sockets and asyncio's connections are replaced by ones that
write down who would have been called, answer as the case says, and go nowhere.
"""

import asyncio
import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import click

import verify_harness.client
from tests.hostile.call_rules import Call
from tests.hostile.combinations import DOCUMENTS, Case, Channel
from verify_harness import config
from verify_harness.cli import cli, running
from verify_harness.cli import contract as contract_commands
from verify_harness.cli import load as load_commands
from verify_harness.client import Client
from verify_harness.errors import HarnessError
from verify_harness.exchange import Request
from verify_harness.load.launcher import LoadRun
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.profile import Profile, load_profile
from verify_harness.load.profile.forecast import Forecast, forecast
from verify_harness.run import life, steps
from verify_harness.run.plan import RunPlan
from verify_harness.safety.guard import Guard
from verify_harness.sandbox import webhooks
from verify_harness.spec import contract, load
from verify_harness.targets import embedded_sandbox

_KEY = "KEY0123456789ABCDEF"
_OWN = {"TELNYX_API_KEY": _KEY}
_CLIENT = {"TELNYX_CLIENT_ID": "client-0123456789", "TELNYX_CLIENT_SECRET": "secret-0123456789"}
_REFUSALS = (HarnessError, click.ClickException)
_ANSWER = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
_MINIMAL = {
    "openapi": "3.1.0",
    "info": {"title": "Verify", "version": "1"},
    "paths": {
        "/verify_profiles": {
            "get": {"operationId": "ListProfiles", "responses": {"200": {"description": "all"}}}
        }
    },
}


# What is the same in every case is read once: it takes longer than all else.
_contract = cache(contract)
_load = cache(load)
_load_profile = cache(load_profile)
_FORECASTS: dict[str, Forecast] = {}


def _forecast(profile: Profile, seed: int) -> Forecast:
    if profile.name not in _FORECASTS:
        _FORECASTS[profile.name] = forecast(profile, seed)
    return _FORECASTS[profile.name]


class Place:
    """Where cases are carried out: a directory with the files that they name."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.documents: dict[str, Path] = {}
        for name, members in DOCUMENTS.items():
            self.documents[name] = directory / f"{name}.json"
            schemas = {"components": {"schemas": {"X": members}}} if "$ref" in members else members
            self.documents[name].write_text(json.dumps(_MINIMAL | schemas))
        self._loop = asyncio.Runner()
        bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._environment = mock.patch.dict(os.environ, bare, clear=True)
        self._environment.start()

    def calls(self, case: Case) -> list[Call]:
        """Everybody whom the product would call in this case."""
        recorder = _Recorder(case)
        with _nowhere(recorder, _variables(case)), suppress(*_REFUSALS):
            if case.command == "webhook":
                self._loop.run(_webhook(case, recorder))
            else:
                self._command(case, recorder)
        return recorder.calls

    def close(self) -> None:
        """Put back the environment, and end the loop that webhooks are sent in."""
        self._environment.stop()
        self._loop.close()

    def _command(self, case: Case, recorder: "_Recorder") -> None:
        """Run the command line of a case up to its plan, and the plan in this process."""

        def carry_out(plan: RunPlan, _work: object) -> None:
            _carried_out(plan, self.directory, recorder)
            raise click.Abort

        lying, named = self.directory / "verify-harness.toml", self.directory / "named.toml"
        lying.write_text(_settings(case, "lying file"))
        named.write_text(_settings(case, "named file"))
        with (
            mock.patch.object(running, "conduct", carry_out),
            mock.patch.object(load_commands, "assist", carry_out),
            mock.patch.object(config, "FILE", lying),
            mock.patch.object(running, "contract", _contract),
            mock.patch.object(contract_commands, "load_spec", _load),
            mock.patch.object(load_commands, "forecast", _forecast),
            mock.patch.object(load_commands, "load_profile", _load_profile),
            redirect_stderr(StringIO()),
            suppress(click.Abort),
        ):
            cli(self._words(case, named), prog_name="verify-harness", standalone_mode=False)

    def _words(self, case: Case, named: Path) -> list[str]:
        is_named = "named file" in {case.target_by, case.grants_by, case.proxy_by}
        words = ["--config", str(named)] if is_named else []
        words += [*case.command.split(), *_OF_COMMAND.get(case.command, ())]
        for option, texts in _by(case, "flag").items():
            words += [word for text in texts for word in (f"--{option}", text)]
        words += ["--allow-plain-text"] if case.plain_text else []
        if case.command == "load run":
            words += ["--max-triggers", "1000000"] if case.ceiling[0] else []
            words += ["--max-rate", "1000/s"] if case.ceiling[1] else []
        words += ["--token-url", case.token_url.text] if case.token_url else []
        words += ["--spec", str(self.documents[case.spec])] if case.spec else []
        return words


def _variables(case: Case) -> dict[str, str]:
    stray = {"HTTPS_PROXY": "http://evil.example:1", "http_proxy": "http://evil.example:1"}
    options = {
        f"VERIFY_HARNESS_{option.replace('-', '_').upper()}": " ".join(texts)
        for option, texts in _by(case, "environment").items()
    }
    return options | (_CLIENT if case.token_url else _OWN) | (stray if case.stray_proxy else {})


_OF_COMMAND = {
    "contract run": ("--jobs", "1"),
    "load run": ("smoke",),
    "load capacity": ("baseline",),
}


def _by(case: Case, channel: Channel) -> dict[str, list[str]]:
    """What one channel says, by option."""
    said: dict[str, list[str]] = {}
    if case.target is not None and case.target_by == channel:
        said["target"] = [case.target.text]
    if case.proxy is not None and case.proxy_by == channel:
        said["proxy"] = [case.proxy.text]
    if case.grants and case.grants_by == channel:
        said["allow-remote"] = [grant.text for grant in case.grants]
    if case.planted and channel == _below(case.grants_by, case):
        said["allow-remote"] = [grant.text for grant in case.planted]
    return said


def _below(channel: Channel, case: Case) -> Channel | None:
    """The place that the channel of the grants wins over."""
    if channel == "flag":
        return "environment"
    others: set[Channel] = {case.target_by, case.proxy_by}
    is_file_named = "lying file" not in others
    return "named file" if channel == "environment" and is_file_named else None


def _settings(case: Case, channel: Channel) -> str:
    """The lines of a file."""
    return "".join(
        f"{option} = {json.dumps(texts if option == 'allow-remote' else texts[0])}\n"
        for option, texts in _by(case, channel).items()
    )


class _Recorder:
    """Resolves names as the case says, writes down what is dialled, and answers."""

    def __init__(self, case: Case) -> None:
        self.calls: list[Call] = []
        self._case = case
        self._asked: Counter[str] = Counter()

    def getaddrinfo(self, host: str, port: int, *_more: object, **_named: object) -> list[Any]:
        answer = self._case.answer(host, self._asked[host])
        self._asked[host] += 1
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in answer]

    def connect(self, address: tuple[str, int], *_more: object, **_named: object) -> "_Line":
        """Like `socket.create_connection`."""
        call = Call(*address)
        self.calls.append(call)
        return _Line(call, self._answer)

    def secure(self, line: "_Line", _trust: object, _host: str, _deadline: object) -> "_Line":
        """Like `transport.http1.secured`."""
        line.call.is_encrypted = True
        return line

    def _answer(self, head: str) -> bytes:
        if head.startswith("connect "):
            return b"HTTP/1.1 200 OK\r\n\r\n"
        if self._case.redirect is not None and "/oauth/token" not in head:
            status, location = self._case.redirect
            return _ANSWER % (status, 2, f"Location: {location}\r\n".encode(), b"{}")
        status = 404 if "/_sandbox" in head else 200
        body = b'{"access_token": "token-0123456789", "expires_in": 3600, "data": []}'
        return _ANSWER % (status, len(body), b"", body)


class _Line:
    """A connection that goes nowhere: as much of a socket as the product uses."""

    def __init__(self, call: Call, answer: Callable[[str], bytes]) -> None:
        self.call = call
        self._answer = answer
        self._sent = b""
        self._waiting = b""

    def send(self, data: bytes) -> int:
        self._sent += bytes(data)
        head, end, _ = self._sent.partition(b"\r\n\r\n")
        if end:
            self.call.heads.append(head.decode("latin-1").lower())
            self._waiting += self._answer(self.call.heads[-1])
            self._sent = b""
        return len(data)

    def recv(self, size: int) -> bytes:
        if not self._waiting:
            raise BlockingIOError
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data

    def settimeout(self, _secs: float) -> None:
        pass

    def setsockopt(self, *_option: int) -> None:
        pass

    def close(self) -> None:
        pass


@contextmanager
def _nowhere(recorder: _Recorder, variables: dict[str, str]) -> Iterator[None]:
    """No name is resolved and nothing is dialled but by the recorder."""

    def plain(_self: socket.socket, address: Any) -> None:
        recorder.calls.append(Call(*address[:2]))
        raise ConnectionRefusedError

    with (
        mock.patch.dict(os.environ, variables),
        mock.patch.object(socket, "getaddrinfo", recorder.getaddrinfo),
        mock.patch.object(socket, "create_connection", recorder.connect),
        mock.patch.object(socket.socket, "connect", plain),
        mock.patch.object(verify_harness.client, "secured", recorder.secure),
        mock.patch.object(embedded_sandbox, "sandbox", _embedded),
    ):
        yield


@contextmanager
def _embedded(*_arguments: object) -> Iterator[embedded_sandbox.Embedded]:
    yield embedded_sandbox.Embedded("http://127.0.0.1:8080/v2", "token")


def _carried_out(plan: RunPlan, directory: Path, recorder: _Recorder) -> None:
    """What `life.conduct` and the processes of a run do with a plan, but for the checks."""
    guard = life._guard(plan, "run-1")
    spec = _contract(plan.spec, chosen=False)
    with life._target(plan, guard, "run-1", directory) as target:
        run = life.Run(plan, "run-1", directory, target, spec, guard)
        _send_contract(run)
        if plan.load is not None:
            with steps._prepared(run) as prepared:
                _send_load(prepared, recorder)


def _send_contract(run: life.Run) -> None:
    """Two requests as a check sends them (`contract/session.py`)."""
    task = steps.contract_task(run)
    guard = Guard.for_contract(task.allow_remote, allow_plain_text=task.allow_plain_text)
    with Client(guard, run_id=task.run_id, ca_file=task.ca_file, proxy=task.proxy) as client:
        for path in ("/verifications/sms", "/verify_profiles"):
            headers = (("Authorization", f"Bearer {_KEY}"),)
            client.send(Request("POST", f"{task.target}{path}", headers, b"{}"))


def _send_load(prepared: LoadRun, recorder: _Recorder) -> None:
    """Open the connections of a load process (`load/client/lean_client.py`), to every address."""
    settings = LoadSettings(
        target_url=prepared.target_url,
        api_key=prepared.api_key,
        profile="smoke",
        seed=prepared.seed,
        journal=Path("unused"),
        permission=prepared.permission,
        ceiling=prepared.ceiling,
    )
    route = settings.guard.route(settings.target_url)
    for address in route.addresses:
        line = recorder.connect((address, route.origin.port))
        line.call.is_encrypted = route.origin.scheme == "https"
        line.send(f"POST / HTTP/1.1\r\nHost: {route.origin.host_header}\r\n\r\n".encode())


async def _webhook(case: Case, recorder: _Recorder) -> None:
    """Deliver a webhook to the target's URL, which a profile may name."""

    async def open_connection(address: str, port: int) -> None:
        recorder.connect((address, port))
        raise ConnectionRefusedError

    place_of = webhooks.place_of  # the guard of a process remembers names; a case has its own
    with (
        mock.patch.object(webhooks, "place_of", lambda url: place_of(url, Guard.for_load())),
        mock.patch.object(asyncio, "open_connection", open_connection),
    ):
        url = case.target.text if case.target else "http://127.0.0.1:8080/v2"
        manner = webhooks.DeliveryPolicy(webhooks.addresses, webhooks.sign, webhooks.is_received)
        await webhooks.Courier()._post(url, b"{}", manner)
