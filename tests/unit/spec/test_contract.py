"""What the contract holds: operations, statuses, headers, security, links, webhooks, sources."""

import re
import tomllib

import pytest
from openapi_spec_validator import validate

from verify_harness import bundled, sources
from verify_harness.spec import Operation, Spec
from verify_harness.spec.reading import read

IDS = {
    "CreateVerificationSms": "POST /verifications/sms",
    "CreateVerificationCall": "POST /verifications/call",
    "CreateFlashcallVerification": "POST /verifications/flashcall",
    "CreateWhatsappVerification": "POST /verifications/whatsapp",
    "RetrieveVerification": "GET /verifications/{verification_id}",
    "VerifyVerificationCodeById": "POST /verifications/{verification_id}/actions/verify",
    "ListVerifications": "GET /verifications/by_phone_number/{phone_number}",
    "VerifyVerificationCodeByPhoneNumber": (
        "POST /verifications/by_phone_number/{phone_number}/actions/verify"
    ),
    "ListProfiles": "GET /verify_profiles",
    "CreateVerifyProfile": "POST /verify_profiles",
    "GetVerifyProfile": "GET /verify_profiles/{verify_profile_id}",
    "UpdateVerifyProfile": "PATCH /verify_profiles/{verify_profile_id}",
    "DeleteProfile": "DELETE /verify_profiles/{verify_profile_id}",
    "ListProfileMessageTemplates": "GET /verify_profiles/templates",
    "CreateMessageTemplate": "POST /verify_profiles/templates",
    "UpdateMessageTemplate": "PATCH /verify_profiles/templates/{template_id}",
    "LookupNumber": "GET /number_lookup/{phone_number}",
}
ERRORS = {"400", "401", "403", "404", "422", "429"}


def test_it_is_valid_openapi(spec: Spec) -> None:
    validate(spec.document)
    assert spec.document["openapi"] == "3.1.0"


def test_it_has_exactly_the_documented_operations(spec: Spec) -> None:
    found = {one.operation_id: f"{one.method} {one.path}" for one in spec.operations}
    assert found == IDS


def test_it_never_names_the_live_service_as_a_server(spec: Spec) -> None:
    assert [server["url"] for server in spec.document["servers"]] == ["http://127.0.0.1:8080/v2"]


def test_every_operation_lists_every_status_a_source_gives(spec: Spec) -> None:
    for operation in spec.operations:
        assert set(operation.responses) == {"200"} | ERRORS | _further(operation)


def _further(operation: Operation) -> set[str]:
    further = {"413", "415"} if operation.request_schema is not None else set()
    return further | ({"500"} if operation.operation_id == "ListProfileMessageTemplates" else set())


def test_bodies_are_documented_exactly_for_post_and_patch(spec: Spec) -> None:
    for operation in spec.operations:
        has_body = operation.method in {"POST", "PATCH"}
        assert (operation.request_schema is not None) == has_body
        assert operation.request_required == has_body


def test_every_answer_is_json_and_documents_the_rate_limit_headers(spec: Spec) -> None:
    limits = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
    for operation in spec.operations:
        for response in operation.responses.values():
            assert set(response.schemas) == {"application/json"}
            assert limits <= set(response.headers)


def test_every_operation_wants_a_bearer_key(spec: Spec) -> None:
    assert spec.document["security"] == [{"bearerAuth": []}]
    scheme = spec.document["components"]["securitySchemes"]["bearerAuth"]
    assert scheme == {"type": "http", "scheme": "bearer"}
    assert "www-authenticate" in spec.operations[0].responses["401"].headers


def test_paging_parameters_are_flat(spec: Spec) -> None:
    parameters = spec.operation("ListProfiles").parameters
    assert [parameter.name for parameter in parameters] == [
        "filter[name]",
        "page[number]",
        "page[size]",
    ]


@pytest.mark.parametrize("medium", ["sms", "call", "whatsapp"])
def test_a_trigger_links_to_reading_listing_and_both_ways_of_checking(
    spec: Spec, medium: str
) -> None:
    links = spec.document["paths"][f"/verifications/{medium}"]["post"]["responses"]["200"]["links"]
    components = spec.document["components"]["links"]
    assert {components[name]["operationId"] for name in links} == {
        "RetrieveVerification",
        "ListVerifications",
        "VerifyVerificationCodeById",
        "VerifyVerificationCodeByPhoneNumber",
    }


def test_every_link_leads_to_an_operation(spec: Spec) -> None:
    links = spec.document["components"]["links"].values()
    assert {link["operationId"] for link in links} <= IDS.keys()


def test_webhooks_are_signed(spec: Spec) -> None:
    webhooks = spec.document["webhooks"]
    parameters = spec.document["components"]["parameters"]
    assert set(webhooks) == {"verify.sent", "verify.delivered", "verify.failed"}
    for webhook in webhooks.values():
        names = [one["$ref"].rpartition("/")[2] for one in webhook["post"]["parameters"]]
        assert [parameters[name]["name"] for name in names] == [
            "telnyx-signature-ed25519",
            "telnyx-timestamp",
        ]


def test_the_base_document_closes_no_object(base: Spec) -> None:
    schemas = base.document["components"]["schemas"].values()
    assert not any(schema.get("additionalProperties") is False for schema in schemas)


def test_our_choices_close_answers_and_leave_requests_open(chosen: Spec) -> None:
    schemas = chosen.document["components"]["schemas"]
    closed = {name for name, one in schemas.items() if one.get("additionalProperties") is False}
    assert {"Verification", "VerifyProfile", "CheckResult", "Error", "Meta"} <= closed
    assert not any("Request" in name for name in closed)
    assert not closed & {"SmsSettings", "CallSettings", "FlashcallSettings", "WhatsappSettings"}


def test_every_choice_says_why_in_one_line() -> None:
    overlay = read(bundled.specs() / "chosen.overlay.yaml")
    reasons = [action["description"] for action in overlay["actions"]]
    assert all(reason and "\n" not in reason for reason in reasons)


def test_the_source_file_decides_every_conflict() -> None:
    source = tomllib.loads((bundled.specs() / "SOURCE.toml").read_text(encoding="utf-8"))
    conflicts = [each.upper() for each in sources.facts() if re.fullmatch(r"c\d+", each)]
    assert list(source["conflicts"]) == conflicts == [f"C{n + 1}" for n in range(26)]
