"""Making text from a hostile target harmless to read, whatever it holds.

Control characters move cursors, bidi controls reorder what is read, NUL ends strings: each is shown
as its escape instead. Markup is each format's own business.
"""

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NON_CHARACTERS = re.compile("[\ufffe\uffff]")
_USUAL = re.compile(r"[\x20-\x7e\n\t]*")


def visible(text: str) -> str:
    r"""`text` with all that cannot be seen spelled out (`\x1b`, `\u202e`); keeps \n and \t."""
    if _USUAL.fullmatch(text):
        return text
    return "".join(_shown(character) for character in text)


def one_line(text: str) -> str:
    """`text` made visible and put on one line, with its spaces collapsed."""
    return " ".join(visible(text).split())


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, and a word about what is missing."""
    missing = len(text) - limit
    return text if missing <= 0 else f"{text[:limit]}\n… {missing} more characters in run.json"


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    if unicodedata.category(character) in _HIDDEN or _NON_CHARACTERS.match(character):
        return character.encode("unicode_escape").decode()
    return character
