"""What may be written: keys, codes and foreign numbers are replaced before the journal sees them.

Keys go by value in every encoding a server may echo them in, and so do their beginnings and ends,
because whatever cuts a text may cut a key; codes by their place in the JSON and,
once known, wherever they stand between token borders; telephone numbers outside the reserved ranges
keep their last two digits.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, quote_plus

from verify_harness import phone_numbers

CODE_FIELDS = frozenset({"code", "custom_code"})
"""JSON members that hold a one-time code, unless they stand in an error object."""

NUMBER_FIELD = "phone_number"
"""The JSON member that holds a telephone number, however it is spelled."""

_SHORTEST_SECRET = 8
_SHORTEST_KNOWN_CODE = 4
_DIGITS = frozenset("0123456789")
_SPELLED_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{5,}[0-9]", re.ASCII)
_PHONE = re.compile(r"(?<![0-9A-Za-z])(\+|%2[Bb]|tel:\+)([1-9][0-9]{6,14})(?![0-9])", re.ASCII)


class Redactor:
    """Replaces secrets by stable pseudonyms such as `code-1`, so that equality stays visible."""

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        """`secrets` maps each value to what stands in its place, such as `$TELNYX_API_KEY`."""
        self._secrets = [
            (pattern, f"{name}{how}")
            for value, name in (secrets or {}).items()
            if len(value) >= _SHORTEST_SECRET
            for pattern, how in (*((each, "") for each in _spellings(value)), *_recased(value))
        ]
        self._secrets.sort(key=lambda item: -len(item[0]))
        self._beginnings = _beginnings(self._secrets)
        self._ends = _beginnings((each[::-1], name) for each, name in self._secrets)
        self._codes: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._known_codes: re.Pattern[str] | None = None

    def learn_code(self, code: str) -> str:
        """Remember a code, and give its pseudonym; from now on it is replaced in free text too."""
        if code not in self._codes:
            self._codes[code] = f"code-{len(self._codes) + 1}"
            self._known_codes = _at_token_borders(self._codes)
        return self._codes[code]

    def tree(self, value: Any) -> Any:
        """The same JSON value with everything secret replaced, at any depth."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self._members(value)
        if isinstance(value, (list, tuple)):
            return [self.tree(item) for item in value]
        return value

    def text(self, text: str) -> str:
        """A string without secrets; one that holds a JSON object is redacted by its members."""
        stripped = text.lstrip()
        if stripped.startswith(("{", "[")):
            text = self._json(text)
        for pattern, name in self._secrets:
            text = text.replace(pattern, name)
        for head, beginning in self._beginnings.items():
            if head in text:
                text = beginning.replaced(text)
        for tail, end in self._ends.items():
            if tail[::-1] in text:
                text = _reversed(end, text)
        text = _PHONE.sub(self._number, text)
        if self._known_codes is not None:
            text = self._known_codes.sub(lambda found: self._codes[found[0]], text)
        return text

    def _json(self, text: str) -> str:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text
        clean = self._members(value) if isinstance(value, dict) else self.tree(value)
        return text if clean == value else json.dumps(clean, ensure_ascii=False)

    def _members(self, value: Mapping[str, Any]) -> dict[str, Any]:
        is_error = "title" in value  # an error's `code` says what went wrong; it is no secret
        return {
            self.text(str(name)): self._member("" if is_error else name, item)
            for name, item in value.items()
        }

    def _member(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and value:
            if name in CODE_FIELDS:
                return self.learn_code(value)
            if name == NUMBER_FIELD:
                return _SPELLED_NUMBER.sub(self._number, value)
        return self.tree(value)

    def _number(self, found: re.Match[str]) -> str:
        spelled = found[0].removeprefix("%2b").removeprefix("%2B")
        digits = "".join(character for character in spelled if character in _DIGITS)
        if phone_numbers.is_reserved(f"+{digits}"):
            return found[0]
        name = self._numbers.setdefault(digits, f"number-{len(self._numbers) + 1}")
        return f"{name}(..{digits[-2:]})"


def _at_token_borders(codes: Iterable[str]) -> re.Pattern[str] | None:
    known = [
        re.escape(code)
        for code in codes
        if len(code) >= _SHORTEST_KNOWN_CODE and _DIGITS.issuperset(code)
    ]
    if not known:
        return None
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<![0-9A-Za-z-])(?:{'|'.join(longest_first)})(?![0-9A-Za-z-])")


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it may come back: plain, percent, JSON-escaped, hex and base64 at each offset."""
    raw = secret.encode()
    yield from {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        html.escape(secret),
        secret[::-1],
        raw.hex(),
        raw.hex().upper(),
        "".join(f"%{byte:02X}" for byte in raw),
        "".join(f"%{byte:02x}" for byte in raw),
        "".join(f"\\u{ord(character):04x}" for character in secret),
        *_base64_cores(raw),
    }


def _recased(secret: str) -> Iterator[tuple[str, str]]:
    """A key as checks and servers change its capitals."""
    for other in {secret.swapcase(), secret.lower(), secret.upper()} - {secret}:
        yield other, "(other capitals)"


@dataclass(slots=True)
class _Beginning:
    """The first characters of a secret; spellings may share them and differ later on."""

    head: str
    name: str
    rests: list[str]

    def replaced(self, text: str) -> str:
        """A text without each beginning, as far as it goes on in any spelling."""
        first, *others = text.split(self.head)
        after = (each[max(_common(each, rest) for rest in self.rests) :] for each in others)
        return self.name.join([first, *after])


def _beginnings(secrets: Iterable[tuple[str, str]]) -> dict[str, _Beginning]:
    found: dict[str, _Beginning] = {}
    for spelled, name in secrets:
        head, rest = spelled[:_SHORTEST_SECRET], spelled[_SHORTEST_SECRET:]
        told = f"{name.partition('(')[0]}(cut)"
        found.setdefault(head, _Beginning(head, told, [])).rests.append(rest)
    return found


def _reversed(end: _Beginning, text: str) -> str:
    """A text without each end of a secret; `end` is the beginning of the secret reversed."""
    mirrored = replace(end, name=end.name[::-1])
    return mirrored.replaced(text[::-1])[::-1]


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common from their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _base64_cores(raw: bytes) -> Iterator[str]:
    """The part of the secret's base64 that does not depend on what stands around it."""
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * offset + raw).decode().rstrip("=")
            first = -(-offset * 8 // 6) if offset else 0
            last = (offset + len(raw)) * 8 // 6
            yield encoded[first:last]
