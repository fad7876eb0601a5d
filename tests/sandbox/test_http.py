"""Plain HTTP: paths, methods, media types, sizes, headers."""

import pytest

from tests.sandbox.conftest import Account

UNKNOWN = "12ade33a-21c0-473b-b055-b3c836e1c292"


def _code(account: Account, method: str, path: str, **more: object) -> tuple[int, str]:
    answer = account.api.request(method, path, **more)  # type: ignore[arg-type]  # httpx's own names
    assert answer.headers["content-type"] == "application/json"
    (error,) = answer.json()["errors"]
    assert error["meta"]["url"].endswith(f"/{error['code']}")
    assert error["title"]
    return answer.status_code, error["code"]


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/verifications", "/verify_profiles/", f"/verifications/{UNKNOWN}/x"]
)
def test_an_unknown_path_is_404(account: Account, path: str) -> None:
    assert _code(account, "GET", path) == (404, "10005")


@pytest.mark.parametrize(
    "method, path, allow",
    [
        ("PUT", "/verify_profiles", "GET, HEAD, POST"),
        ("GET", "/verifications/sms", "POST"),
        ("DELETE", "/verify_profiles/templates", "GET, HEAD, POST"),
        ("GET", f"/verify_profiles/templates/{UNKNOWN}", "PATCH"),
        ("POST", f"/verify_profiles/{UNKNOWN}", "DELETE, GET, HEAD, PATCH"),
        ("OPTIONS", "/number_lookup/+13035550100", "GET, HEAD"),
        ("TRACE", "/verifications/call", "POST"),
    ],
)
def test_an_undeclared_method_is_405_and_names_the_others(
    account: Account, method: str, path: str, allow: str
) -> None:
    assert _code(account, method, path) == (405, "10030")
    assert account.api.request(method, path).headers["allow"] == allow


def test_head_answers_like_get_without_a_body(account: Account) -> None:
    answer = account.api.head("/verify_profiles")
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"{'a': 1}", b"\xff", b'{"name": NaN}', b"[" * 100_000),
        *(
            b'{"name":"x","name":"x"}',
            b'{"name":"x","sms":{"a":1,"a" :2}}',
            b'{"a":1,"\\u0061":":"}',
        ),
    ],
)
def test_a_body_that_is_no_json_is_400(account: Account, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert _code(account, "POST", "/verify_profiles", content=body, headers=headers) == (
        400,
        "10023",
    )


@pytest.mark.parametrize("body", [b"null", b"[]", b'"name"', b"5"])
def test_a_body_that_is_no_object_is_400(account: Account, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert _code(account, "POST", "/verify_profiles", content=body, headers=headers)[0] == 400


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json5", "", None],
)
def test_another_media_type_is_415(account: Account, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = _code(account, "POST", "/verify_profiles", content=b'{"name":"x"}', headers=headers)
    assert answer == (415, "10024")


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_may_be_written_with_parameters_and_capitals(
    account: Account, content_type: str
) -> None:
    headers = {"content-type": content_type}
    answer = account.api.post("/verify_profiles", content=b'{"name":"x"}', headers=headers)
    assert answer.status_code == 200


def test_a_body_over_a_mebibyte_is_413(account: Account) -> None:
    body = b'{"name":"' + b"x" * 1_048_576 + b'"}'
    headers = {"content-type": "application/json"}
    assert _code(account, "POST", "/verify_profiles", content=body, headers=headers)[0] == 413
    assert account.api.get("/verify_profiles").status_code == 200


def test_a_colon_in_a_text_is_no_second_member(account: Account) -> None:
    body = {"name": "one: two", "webhook_url": "http://example.com/a:b", "sms": {}}
    assert account.api.post("/verify_profiles", json=body).status_code == 200


def test_a_compressed_body_is_415(account: Account) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    answer = _code(account, "POST", "/verify_profiles", content=b'{"name":"x"}', headers=headers)
    assert answer == (415, "10024")


def test_head_tells_the_length_of_get(account: Account) -> None:
    head, get = (account.api.request(method, "/verify_profiles") for method in ("HEAD", "GET"))
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize("given", ["mine-1", "x" * 128])
def test_a_request_keeps_the_name_it_came_with(account: Account, given: str) -> None:
    answer = account.api.get("/verify_profiles", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", [None, "x" * 129, "two words", ""])
def test_a_request_without_a_good_name_gets_one(account: Account, given: str | None) -> None:
    headers = {} if given is None else {"x-request-id": given}
    names = {
        account.api.get("/verify_profiles", headers=headers).headers["x-request-id"]
        for _ in range(3)
    }
    assert len(names) == 3
    assert all(len(name) == 16 for name in names)


def test_answers_are_not_to_be_stored(account: Account) -> None:
    assert account.api.get("/verify_profiles").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "method, path, told",
    [
        (
            "POST",
            "/v2/verifications",
            "The channel is part of the path: POST /v2/verifications/sms",
        ),
        ("GET", "/v2/verify_profile", "The nearest one is /v2/verify_profiles."),
        (
            "POST",
            "/v2/verifications/by_tn/%2B12025550101/actions/verify",
            "The nearest one is /v2/verifications/by_phone_number/{phone_number}/actions/verify.",
        ),
        (
            "GET",
            "/v2/lookup/%2B12025550101",
            "The nearest one is /v2/number_lookup/{phone_number}.",
        ),
        ("GET", "/verify_profiles", "Its paths begin with /v2/."),
        ("GET", "/v2/2fa", "The API has no such path."),
        ("PUT", "/v2/verify_profiles", "it has GET, HEAD, POST."),
    ],
)
def test_a_wrong_address_is_answered_by_the_right_one(
    account: Account, method: str, path: str, told: str
) -> None:
    url = account.api.base_url.copy_with(raw_path=path.encode())
    answer = account.api.request(method, url, json={} if method in {"POST", "PUT"} else None)
    assert answer.status_code in {404, 405}
    assert answer.json()["errors"][0]["detail"].endswith(told) or told in answer.text
