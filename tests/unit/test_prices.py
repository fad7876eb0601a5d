"""Prices: a dated table with its source, under a file of the user's own; amounts are exact."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from verify_harness.errors import ContentError, PriceUnknown, UsageError
from verify_harness.safety import prices
from verify_harness.safety.money import parse_budget, shown

OWN = "dated = 2026-11-26\nsource = 'our contract'\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(OWN + text)
    return path


def test_the_bundled_prices_are_those_of_the_facts() -> None:
    table = prices.load()
    assert table.dated == date(2026, 7, 11)
    assert "telnyx.com/pricing/verify-api" in table.source
    assert (table.check(), table.look_up()) == (Decimal("0.03"), Decimal("0.0015"))
    assert table.send("sms", "US") == Decimal("0.004")
    assert all(table.send(channel, "US") for channel in prices.CHANNELS)


def test_a_country_without_a_price_is_not_called() -> None:
    with pytest.raises(PriceUnknown, match="a message by sms to DE"):
        prices.load().send("sms", "DE")


def test_prices_of_the_user_win_one_by_one(tmp_path: Path) -> None:
    own = "lookup = '0.01'\n[sends.sms]\nDE = 0.08\n'*' = '0.5'\n"
    table = prices.load(written(tmp_path, own))
    assert table.source == "our contract"
    assert (table.check(), table.look_up()) == (Decimal("0.03"), Decimal("0.01"))
    found = [table.send("sms", country) for country in ("US", "DE", "FR")]
    assert found == [Decimal("0.004"), Decimal("0.08"), Decimal("0.5")]
    with pytest.raises(PriceUnknown):
        table.send("call", "FR")


@pytest.mark.parametrize("missing", ["check", "look_up"])
def test_a_table_may_lack_a_price(missing: str) -> None:
    table = prices.PriceTable(dated=date(2026, 1, 1), source="x")
    with pytest.raises(PriceUnknown):
        getattr(table, missing)()


@pytest.mark.parametrize(
    "text, problem",
    [
        ("lookup = '-1'", "lookup: -1 is no price"),
        ("lookup = 'NaN'", "no price"),
        ("accepted_check = 1000.01", "no price"),
        ("[sends.sms]\nUS = 'Infinity'", "sends.sms.US: Infinity is no price"),
        ("[sends.pigeon]\nUS = 1", "pigeon"),
        ("look_up = 1", "unknown key 'look_up'"),
        ("lookup = 'cheap'", "lookup"),
    ],
)
def test_what_is_no_price_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ContentError, match=problem):
        prices.load(written(tmp_path, text))


@pytest.mark.parametrize("missing", ["dated = 2026-11-26", "source = 'our contract'"])
def test_a_table_without_its_day_or_source_is_refused(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(OWN.replace(missing, ""))
    with pytest.raises(ContentError, match=missing.split(maxsplit=1)[0]):
        prices.load(path)


@pytest.mark.parametrize(
    "text, amount", [("1.50USD", "1.50"), ("2 USD", "2"), ("0.0015USD", "0.0015"), ("0USD", "0")]
)
def test_a_budget_is_an_exact_amount(text: str, amount: str) -> None:
    assert parse_budget(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "1.50", "1,50USD", "-1USD", "1.5EUR", "1e3USD", "nanUSD"])
def test_what_is_no_budget_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--budget takes an amount"):
        parse_budget(text)


@pytest.mark.parametrize(
    "amount, text",
    [("0.0340", "0.034 USD"), ("1.5", "1.50 USD"), ("0", "0.00 USD"), ("100", "100.00 USD")],
)
def test_an_amount_is_shown_with_cents(amount: str, text: str) -> None:
    assert shown(Decimal(amount)) == text
