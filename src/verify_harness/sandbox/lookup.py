"""Number lookup: data made up from the number, the same every time (facts.md#lookup-members)."""

from typing import Any
from zlib import crc32

from verify_harness.sandbox import destinations
from verify_harness.sandbox.error_envelope import refuse

TYPES = ("carrier", "caller-name", "caller-identity", "enhanced-caller-name")

_LINES = ("mobile", "fixed line", "voip")
_CARRIERS = ("Example Mobile", "Sample Telecom", "Model Networks", "Fiction Wireless")
_NAMES = ("ALEX EXAMPLE", "SAMPLE LLC", "KIM FICTION", "MODEL COMPANY")


def _pick(choices: tuple[str, ...], number: str, salt: str) -> str:
    return choices[crc32(f"{salt}{number}".encode()) % len(choices)]


def _line(number: str) -> str:
    """A kind of line that the number can have."""
    kind = destinations.kind_of(number)
    return _pick(_LINES, number, "line") if kind == "fixed line or mobile" else kind


def _carrier(number: str, country: str) -> dict[str, Any]:
    name = _pick(_CARRIERS, number, "carrier")
    return {
        "name": name,
        "type": _line(number),
        "normalized_carrier": name,
        "mobile_country_code": country,
        "mobile_network_code": "001",
        "error_code": None,
    }


def _caller_identity(number: str, country: str) -> dict[str, Any]:
    return {
        "name": _pick(_NAMES, number, "name"),
        "confidence_score": 50 + crc32(number.encode()) % 41,
        "error_code": None,
        "address": {
            "street_line_1": "1 Example Street",
            "street_line_2": "",
            "city": "Sampleton",
            "state_code": "EX",
            "postal_code": "00000",
            "zip4": "0000",
            "country_code": country,
        },
    }


def _portability(number: str) -> dict[str, Any]:
    carrier = _pick(_CARRIERS, number, "carrier")
    return {
        "altspid": "000X",
        "altspid_carrier_name": carrier,
        "altspid_carrier_type": "1",
        "city": "SAMPLETON",
        "line_type": _line(number),
        "lrn": number[2:8] + "0000",
        "ocn": "000X",
        "ported_date": "",
        "ported_status": "N",
        "spid": "000X",
        "spid_carrier_name": carrier,
        "spid_carrier_type": "1",
        "state": "Example",
    }


def unparsable(_number: str) -> dict[str, Any]:
    """What is said about what is no number: nothing, but 422 (facts.md#lookup-unparsable)."""
    raise refuse(422, "10027", "The path holds no telephone number.")


def look_up(number: str, country: str, wanted: frozenset[str]) -> dict[str, Any]:
    """The record of a number; what was not asked for is null (facts.md#lookup-type)."""
    name = {"caller_name": _pick(_NAMES, number, "name"), "error_code": None}
    return {
        "record_type": "number_lookup",
        "phone_number": number,
        "country_code": country,
        "national_format": destinations.national_format(number),
        "valid_number": True,
        "fraud": None,
        "portability": _portability(number) if destinations.is_nanp(number) else None,
        "carrier": _carrier(number, country) if "carrier" in wanted else None,
        "caller_name": name if "caller-name" in wanted else None,
        "caller_identity": (
            _caller_identity(number, country) if "caller-identity" in wanted else None
        ),
        "enhanced_caller_name": name if "enhanced-caller-name" in wanted else None,
        "nnid_override": None,
    }
