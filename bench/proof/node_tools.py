"""Specmatic and Portman with Newman, each set up as its manual advises (`make bench-proof`)."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bench.proof import documents
from bench.proof.bed import KEYS, UNKNOWN, Job, Things

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / ".node" / "bench" / "node_modules"
FORMATS = ("e164", "verification-code", "dtmf-digits")
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_SETTINGS = """
version: 2
contracts:
  - provides: [contract.json]
test:
  resiliencyTests: {enable: all}
  maxTestRequestCombinations: 20
security:
  OpenAPI:
    securitySchemes:
      bearerAuth: {type: bearer, token: "%s"}
"""


def _program(name: str) -> str:
    return str(PACKAGES / ".bin" / name)


def specmatic(job: Job) -> frozenset[str]:
    """Resiliency tests, valid and invalid, with a dictionary of existing things.

    At most 20 combinations of fields for an operation: without a limit there are 17 000 tests,
    which take longer than a fault is given. A failure is an operation's answer, place and reason.
    """
    documents.with_dictionary(job.folder, job.arranged()["alice"])
    (job.folder / "specmatic.yaml").write_text(_SETTINGS % KEYS["alice"])
    jar = PACKAGES / "specmatic" / "specmatic.jar"
    place = (f"--testBaseURL={job.url}", "--junitReportDir=reports")
    job.execute(["java", "-jar", str(jar), "test", *place])
    report = ET.parse(job.folder / "reports" / "TEST-junit-jupiter.xml")  # noqa: S314  its own file
    return frozenset(_reason(each.get("message", "")) for each in report.iter("failure"))


def _reason(failure: str) -> str:
    lines = [each.strip() for each in failure.splitlines() if each.strip()]
    told = [each for each in lines if each.startswith(("API:", ">>"))]
    return _IDENTIFIER.sub("ID", " ".join([*told, lines[-1]]))


def portman(job: Job) -> frozenset[str]:
    """Contract tests of every operation, variations for 401 and 404, fuzzed bodies for 400."""
    config = job.folder / "portman-config.json"
    config.write_text(json.dumps(_portman_config(job.arranged()["alice"])))
    contract = ("--local", str(documents.plain()), "--baseUrl", job.url)
    place = ("--portmanConfigFile", str(config), "--output", "collection.json")
    job.execute([_program("portman"), *contract, *place, "--extraUnknownFormats", *FORMATS])
    report = ("--reporters", "json", "--reporter-json-export", "report.json")
    job.execute([_program("newman"), "run", "collection.json", *report])
    run = json.loads((job.folder / "report.json").read_text())["run"]
    return frozenset(
        assertion["assertion"]
        for execution in run["executions"]
        for assertion in execution.get("assertions", ())
        if "error" in assertion
    )


def _portman_config(things: Things) -> dict[str, Any]:
    security = {"bearer": {"token": KEYS["alice"]}}
    common = ("contentType", "jsonBody", "schemaValidation")
    contract = ["statusSuccess", *common, "headersPresent"]
    return {
        "version": 1.0,
        "globals": {"securityOverwrites": security},
        "tests": {
            "contractTests": [
                {"openApiOperation": "*::/*", **{name: {"enabled": True} for name in contract}}
            ],
            "variationTests": _variations(common),
        },
        "overwrites": _overwrites(things),
    }


def _variations(common: tuple[str, ...]) -> list[dict[str, Any]]:
    def answers(status: int) -> dict[str, Any]:
        checks: dict[str, Any] = {name: {"enabled": True} for name in common}
        return {"contractTests": [checks | {"statusCode": {"enabled": True, "code": status}}]}

    def of(operation: str, status: int, name: str, **change: Any) -> dict[str, Any]:
        variation = {"name": name, "tests": answers(status), **change}
        return {
            "openApiOperation": operation,
            "openApiResponse": str(status),
            "variations": [variation],
        }

    wrong_key = [{"overwriteRequestSecurity": {"bearer": {"token": "wrong"}}}]
    fuzzing = [{"requestBody": [{"requiredFields": {"enabled": True}}]}]
    return [
        of("*::/*", 401, "WrongKey", overwrites=wrong_key),
        *(
            of(f"*::{path}", 404, "Unknown", overwrites=[_in_path(name, UNKNOWN)])
            for path, name in (
                ("/verifications/{verification_id}", "verification_id"),
                ("/verify_profiles/{verify_profile_id}", "verify_profile_id"),
                ("/verify_profiles/templates/{template_id}", "template_id"),
            )
        ),
        of("POST::/*", 400, "Missing", fuzzing=fuzzing)
        | {"excludeForOperations": ["CreateMessageTemplate"]},  # it cannot parse {{code}}
    ]


def _in_path(name: str, value: str) -> dict[str, Any]:
    return {"overwriteRequestPathVariables": [{"key": name, "value": value, "overwrite": True}]}


def _overwrites(things: Things) -> list[dict[str, Any]]:
    """Existing things in paths and bodies; the profile that is deleted is a spare one."""
    body = [
        {"key": name, "value": things[name], "overwrite": True}
        for name in ("phone_number", "verify_profile_id")
    ]
    triggers = ("sms", "call", "flashcall", "whatsapp")
    profile = "/verify_profiles/{verify_profile_id}"
    number = "/verifications/by_phone_number/{phone_number}"
    paths = (
        ("GET::/verifications/{verification_id}", "verification_id"),
        ("POST::/verifications/{verification_id}/actions/verify", "verification_id"),
        (f"GET::{number}", "phone_number"),
        (f"POST::{number}/actions/verify", "phone_number"),
        ("GET::/number_lookup/{phone_number}", "phone_number"),
        (f"GET::{profile}", "verify_profile_id"),
        (f"PATCH::{profile}", "verify_profile_id"),
        ("PATCH::/verify_profiles/templates/{template_id}", "template_id"),
    )
    return [
        *({"openApiOperation": one, **_in_path(name, things[name])} for one, name in paths),
        {
            "openApiOperation": f"DELETE::{profile}",
            **_in_path("verify_profile_id", things["spare_profile_id"]),
        },
        *(
            {"openApiOperation": f"POST::/verifications/{channel}", "overwriteRequestBody": body}
            for channel in triggers
        ),
        {
            "openApiOperation": f"POST::{number}/actions/verify",
            "overwriteRequestBody": body[1:],
        },
    ]
