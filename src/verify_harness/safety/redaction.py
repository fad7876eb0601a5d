"""What may be written: keys, codes and foreign numbers are replaced before the journal sees them.

Keys go by value, whole and in parts, in every encoding a server may echo them in; codes by their
place in the JSON and, once known, wherever they stand between token borders; telephone numbers
outside the reserved ranges keep their last two digits.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from verify_harness import phone_numbers
from verify_harness.safety.secrets import SHORTEST, Secret, Secrets

CODE_FIELDS = frozenset({"code", "custom_code"})
"""JSON members that hold a one-time code, unless they stand in an error object."""

NUMBER_FIELD = "phone_number"
"""The JSON member that holds a telephone number, however it is spelled."""

_REMEMBERED = 1024
"""Texts whose redaction is kept: names of members and headers come again and again."""
_DIGITS = frozenset("0123456789")
_SPELLED_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{5,}[0-9]", re.ASCII)
_DIGIT_RUN = re.compile(r"[0-9]{4,}+")
"""What may be a code in free text; shorter ones would be found everywhere."""
_IN_A_TOKEN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(\+|%2[Bb]|tel:\+)([1-9][0-9]{6,14})(?![0-9])", re.ASCII)


class Redactor:
    """Replaces secrets by stable pseudonyms such as `code-1`, so that equality stays visible."""

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        """`secrets` maps each value to what stands in its place, such as `$TELNYX_API_KEY`."""
        given = (secrets or {}).items()
        self._secrets = tuple((value, name) for value, name in given if len(value) >= SHORTEST)
        self._without_secrets = _filter_of(self._secrets)
        self._codes: dict[str, str] = {}
        self._numbers: dict[str, str] = {}

    def learn_secret(self, value: str, name: str) -> None:
        """Replace another secret from now on, by this name."""
        self._secrets = (*self._secrets, (value, name))
        self._without_secrets = _filter_of(self._secrets)

    @property
    def codes(self) -> Mapping[str, str]:
        """The pseudonym of each code that is known, in the order in which they came."""
        return self._codes

    def learn_code(self, code: str) -> str:
        """Remember a code, and give its pseudonym; from now on it is replaced in free text too."""
        if code in self._codes.values():
            return code  # a long body is redacted before it is cut, and as a part of its record
        if code not in self._codes:
            self._codes[code] = f"code-{len(self._codes) + 1}"
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
        text = self._without_secrets(text) if len(text) >= SHORTEST else text
        if "+" in text or "%2" in text:
            text = _PHONE.sub(self._number, text)
        return _DIGIT_RUN.sub(self._code, text) if self._codes else text

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

    def _code(self, found: re.Match[str]) -> str:
        """A known code's pseudonym, where it stands between the borders of a token."""
        if (name := self._codes.get(found[0])) is None:
            return found[0]
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        return found[0] if {before, after} & _IN_A_TOKEN else name

    def _number(self, found: re.Match[str]) -> str:
        spelled = found[0].removeprefix("%2b").removeprefix("%2B")
        digits = "".join(character for character in spelled if character in _DIGITS)
        if phone_numbers.is_reserved(f"+{digits}"):
            return found[0]
        name = self._numbers.setdefault(digits, f"number-{len(self._numbers) + 1}")
        return f"{name}(..{digits[-2:]})"


@lru_cache
def _filter_of(secrets: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    """What replaces these secrets (value and name); every check of a process shares it."""
    known = Secrets(_secret(value, name) for value, name in secrets)
    return lru_cache(_REMEMBERED)(known.replaced)


_secret = lru_cache(Secret)
