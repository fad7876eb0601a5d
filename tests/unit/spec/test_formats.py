"""The custom formats say yes to the form and to nothing near it."""

import pytest

from verify_harness.spec.formats import FORMATS

FITTING = {
    "e164": ["+13035550123", "+4930231250", "+999999999999999"],
    "verification-code": ["0000", "43612", "0123456789"],
    "dtmf-digits": ["", "1www2WABCDw9", "*#"],
    "uuid": [
        "12ade33a-21c0-473b-b055-b3c836e1c292",
        "4900017a-e7c8-e79e-0a7c-0d98f49b09cc",
        "12ADE33A-21C0-473B-B055-B3C836E1C292",
    ],
}
OTHER = {
    "e164": ["13035550123", "+03035550123", "+1303555012x", "+13035550123\n", "", "+1 303 5550123"],
    "verification-code": ["123", "12345678901", "12a45", "٤٣٦١٢", "43612\n", ""],
    "dtmf-digits": ["E", "1 2", "a", "1\n"],
    "uuid": ["12ade33a21c0473bb055b3c836e1c292", "12ade33a-21c0-473b-b055-b3c836e1c29", "", "sms"],
}


def _pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


@pytest.mark.parametrize("name,value", _pairs(FITTING))
def test_a_value_of_the_form_fits(name: str, value: str) -> None:
    assert FORMATS[name](value)


@pytest.mark.parametrize("name,value", _pairs(OTHER))
def test_anything_else_does_not(name: str, value: str) -> None:
    assert not FORMATS[name](value)
