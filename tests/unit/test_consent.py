"""Consent: the key's fingerprint in the environment, or the amount typed by a person."""

from decimal import Decimal

import pytest

from verify_harness.errors import NotConfirmed
from verify_harness.live.consent import VARIABLE, require_consent

KEY, MOST = "82c9ea6d856a", Decimal("0.0955")


@pytest.mark.parametrize("typed", ["0.0955 USD", "0.0955", " 0.0955 USD "])
def test_the_amount_has_to_be_typed(typed: str) -> None:
    require_consent(KEY, MOST, {}, lambda _question: typed)


@pytest.mark.parametrize("typed", ["", "y", "yes", "0.09 USD", "0.0955 EUR", KEY])
def test_whatever_else_is_typed_is_a_no(typed: str) -> None:
    with pytest.raises(NotConfirmed, match="was not typed") as refused:
        require_consent(KEY, MOST, {}, lambda _question: typed)
    assert f"{VARIABLE}={KEY}" in refused.value.hint


def test_a_fingerprint_of_this_key_needs_no_question() -> None:
    require_consent(KEY, MOST, {VARIABLE: KEY}, None)


@pytest.mark.parametrize("given", ["1", "true", KEY[:-1], KEY.upper()])
def test_another_fingerprint_is_a_no_and_nobody_is_asked(given: str) -> None:
    with pytest.raises(NotConfirmed, match="names another key"):
        require_consent(KEY, MOST, {VARIABLE: given}, lambda _question: "0.0955 USD")


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}])
def test_where_nobody_can_be_asked_it_is_a_no(environment: dict[str, str]) -> None:
    with pytest.raises(NotConfirmed, match="nobody confirmed"):
        require_consent(KEY, MOST, environment, None)
