"""The curl line, read by a real shell whose `curl` prints its arguments."""

import os
import subprocess
from typing import Any

import pytest

from tests.report.journals import request
from verify_harness.journal.embedded import Request
from verify_harness.results.curl import curl_line


def line(**changes: Any) -> str:
    return curl_line(Request(**request(**changes)))


def arguments(command: str) -> list[str]:
    fake = 'curl() { printf "%s\\0" "$@"; }\n'
    environment = {**os.environ, "TELNYX_API_KEY": "KEY0123"}
    ran = subprocess.run(
        ["bash", "-c", fake + command], capture_output=True, check=True, env=environment
    )
    return ran.stdout.decode().split("\0")[:-1]


def test_the_key_comes_from_the_environment() -> None:
    assert '"Authorization: Bearer $TELNYX_API_KEY"' in line()
    assert "Authorization: Bearer KEY0123" in arguments(line())


@pytest.mark.parametrize(
    "body",
    [
        '{"name":"it\'s"}',
        "$(id >&2) `id` ${HOME} $HOME !!",
        "$TELNYX_API_KEYS",
        "line one\nline two\ttab",
        "\x1b[31m\u202e\x07 über",
        "@/etc/passwd",
        "",
        "back\\slash \\x41 '",
    ],
)
def test_a_body_arrives_as_it_was_and_runs_nothing(body: str) -> None:
    assert arguments(line(body=body))[-2:] == ["--data-raw", body]


def test_a_key_in_a_body_expands_and_the_rest_does_not() -> None:
    assert arguments(line(body='"$HOME $TELNYX_API_KEY"'))[-1] == '"$HOME KEY0123"'


def test_a_body_with_nul_goes_through_a_pipe() -> None:
    command = line(body="a%s\0\\b'")
    sent = subprocess.run(
        ["bash", "-c", "curl() { cat; }\n" + command], capture_output=True, check=True
    )
    assert sent.stdout == b"a%s\0\\b'"


@pytest.mark.parametrize("text", ["\x1b", "\u202e", "\0", "\r"])
def test_nothing_invisible_stands_in_the_line(text: str) -> None:
    assert text not in line(url=f"http://127.0.0.1/{text}", body=f"x{text}")


def test_method_address_and_headers_are_words_of_their_own() -> None:
    headers = {"X-Odd": "a b; c", "Empty": "", "Host": "elsewhere", "Content-Type": "a/b"}
    words = arguments(line(method="PATCH", url="http://h/?filter[name]=a&b", headers=headers))
    assert words[:5] == ["--globoff", "--path-as-is", "-X", "PATCH", "http://h/?filter[name]=a&b"]
    assert words[5:11] == ["-H", "X-Odd: a b; c", "-H", "Empty;", "-H", "Content-Type: a/b"]


def test_a_request_without_body_or_type_sends_none() -> None:
    assert arguments(line(method="GET", body=None, headers={}))[2:] == [request()["url"]]
    assert "--head" in arguments(line(method="HEAD", body=None))


def test_curl_adds_no_content_type_of_its_own() -> None:
    assert "Content-Type:" in arguments(line(headers={}, body="x"))
