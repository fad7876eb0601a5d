"""What requests cost: the dated table in `specs/prices.toml`, and a file of the user's own over it.

Price classes are sends (by channel and country), accepted checks, and lookups.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

import msgspec

from verify_harness import bundled, toml_files
from verify_harness.errors import ContentError, PriceUnknown
from verify_harness.safety.money import NOTHING, Usd
from verify_harness.toml_files import Text

PriceClass = Literal["send", "accepted check", "lookup"]
Channel = Literal["sms", "call", "flashcall", "whatsapp"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)

_ANY_COUNTRY = "*"
_HIGHEST: Usd = Decimal(1000)


class PriceTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices in US dollars, with the day and the place that they were read."""

    dated: date
    source: Text
    accepted_check: Usd | None = None
    lookup: Usd | None = None
    sends: Mapping[Channel, Mapping[str, Usd]] = {}
    """By channel, then by country (ISO 3166-1 alpha-2) or `*`."""

    def send(self, channel: Channel, country: str) -> Usd:
        """The price of one delivery; raises PriceUnknown where the table has none."""
        prices = self.sends.get(channel, {})
        price = prices.get(country, prices.get(_ANY_COUNTRY))
        return _known(price, f"a message by {channel} to {country}")

    def check(self) -> Usd:
        """The price of an accepted check; raises PriceUnknown where the table has none."""
        return _known(self.accepted_check, "an accepted check")

    def look_up(self) -> Usd:
        """The price of a lookup; raises PriceUnknown where the table has none."""
        return _known(self.lookup, "a lookup")

    def over(self, below: "PriceTable") -> "PriceTable":
        """The same table, with the prices of another where it has none."""
        return PriceTable(
            dated=self.dated,
            source=self.source,
            accepted_check=_first(self.accepted_check, below.accepted_check),
            lookup=_first(self.lookup, below.lookup),
            sends={
                channel: {**below.sends.get(channel, {}), **self.sends.get(channel, {})}
                for channel in CHANNELS
            },
        )


def load(own: Path | None = None) -> PriceTable:
    """The bundled prices under those of the user's file; raises ContentError for a wrong one."""
    table = _read(bundled.specs() / "prices.toml")
    return table if own is None else _read(own).over(table)


def _read(path: Path) -> PriceTable:
    table = toml_files.read(path, PriceTable, hint="see specs/prices.toml for the form")
    named = {"accepted_check": table.accepted_check, "lookup": table.lookup}
    for channel, prices in table.sends.items():
        named |= {f"sends.{channel}.{country}": price for country, price in prices.items()}
    for place, price in named.items():
        if price is not None and not (price.is_finite() and NOTHING <= price <= _HIGHEST):
            raise ContentError(f"{path}: {place}: {price} is no price in US dollars.")
    return table


def _first(one: Usd | None, other: Usd | None) -> Usd | None:
    return other if one is None else one


def _known(price: Usd | None, what: str) -> Usd:
    if price is None:
        raise PriceUnknown(what)
    return price
