"""Nothing secret survives the redactor, in whatever spelling it comes."""

import base64
import json
import textwrap
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_harness import strategies
from verify_harness.exchange import Exchange, Request, Response
from verify_harness.safety.redaction import Redactor
from verify_harness.safety.secrets import SHORTEST, Secret, Secrets

KEY = 'KEY01/ab+cd=efg "quoted" 01234'


def redactor() -> Redactor:
    return Redactor({KEY: "$TELNYX_API_KEY"})


@pytest.mark.parametrize(
    "spelling",
    [
        KEY,
        quote(KEY, safe=""),
        KEY.encode().hex(),
        KEY[::-1],
        KEY.encode().hex().upper(),
        "".join(f"\\u{ord(character):04x}" for character in KEY),
        "".join(f"%{ord(character):02x}" for character in KEY),
        "".join(f"&#{ord(character)};" for character in KEY),
        "".join(f"&#x{ord(character):X};" for character in KEY),
        quote(quote(KEY, safe=""), safe=""),
        KEY.replace("ab", "a\n  b"),
        "\n".join(textwrap.wrap(base64.b64encode(KEY.encode()).decode().rstrip("="), 12)),
    ],
)
def test_a_key_is_replaced_in_every_spelling(spelling: str) -> None:
    clean = redactor().text(f"before {spelling} after")
    assert clean == "before $TELNYX_API_KEY after"


@given(before=st.binary(max_size=7), after=st.binary(max_size=7))
def test_a_key_is_replaced_inside_base64(before: bytes, after: bytes) -> None:
    text = base64.b64encode(before + KEY.encode() + after).decode()
    clean = redactor().text(text)
    assert "$TELNYX_API_KEY" in clean
    around = len(base64.b64encode(before)) + len(base64.b64encode(after))
    assert len(clean.replace("$TELNYX_API_KEY", "")) <= around + 4


OTHER_KEY = "KEY02-ghijklmnopqrstuvwxyz"
SPELLINGS = [
    text
    for key in (KEY, OTHER_KEY)
    for text in (
        *(key, key[::-1], key.upper(), key.encode().hex(), quote(quote(key, safe=""), safe="")),
        *(base64.b64encode(b"x" * offset + key.encode()).decode() for offset in range(3)),
        "\\n".join(textwrap.wrap(key, 3)),
    )
]


@st.composite
def texts_with_pieces(draw: st.DrawFn) -> str:
    """Pieces of two keys, long enough to count or not, between other characters."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        spelling = draw(st.sampled_from(SPELLINGS))
        start = draw(st.integers(0, len(spelling) - 1))
        length = draw(st.sampled_from([SHORTEST - 1, SHORTEST, SHORTEST + 1, 20]))
        parts += [draw(st.text(max_size=9)), spelling[start : start + length]]
    return "".join([*parts, draw(st.text(max_size=9))])


@pytest.mark.parametrize("offset", range(12))
def test_the_shortest_part_that_counts_is_found_wherever_it_stands(offset: int) -> None:
    parts = {OTHER_KEY[at : at + SHORTEST] for at in range(len(OTHER_KEY) - SHORTEST + 1)}
    keys = Secrets([Secret(OTHER_KEY, "$K")])
    found = {keys.replaced("." * offset + part + ".") for part in parts}
    assert found == {"." * offset + "$K(cut)."}


@given(text=texts_with_pieces())
def test_the_quick_look_for_all_keys_passes_over_nothing(text: str) -> None:
    keys = [Secret(KEY, "$ONE"), Secret(OTHER_KEY, "$TWO")]
    one_after_the_other = keys[1].replaced(keys[0].replaced(text))
    assert Secrets(keys).replaced(text) == one_after_the_other


@pytest.mark.parametrize(
    "damaged, told",
    [
        (KEY[:-1], "(cut)"),
        (KEY[: len(KEY) // 2], "(cut)"),
        (KEY.swapcase(), "(other capitals)"),
        (f"x{KEY}x", "x"),
    ],
)
def test_a_damaged_key_is_no_clue_either(damaged: str, told: str) -> None:
    clean = redactor().text(f"Bearer {damaged}")
    assert damaged.strip("x") not in clean
    assert "$TELNYX_API_KEY" in clean
    assert clean.endswith(told)


@given(data=st.data())
def test_no_cut_leaves_eight_characters(data: st.DataObject) -> None:
    key = "KEY0187B2F4C6D8Ef13aX5cZ7e9G1h3J5k7M"
    start = data.draw(st.integers(0, len(key) - 8))
    part = key[start : data.draw(st.integers(start + 8, len(key)))]
    spellings = [part, part[::-1], part.lower(), quote(part, safe=""), part.encode().hex()]
    spellings.append(base64.b64encode(b"x" * data.draw(st.integers(0, 2)) + part.encode()).decode())
    for spelling in spellings:
        clean = Redactor({key: "$K"}).text(f'"message": "<{spelling}>"')
        assert "$K" in clean
        assert not windows(spelling, 12) & windows(clean, 12)


def windows(text: str, size: int) -> set[str]:
    return {text[at : at + size] for at in range(len(text) - size + 1)}


def test_json_escapes_do_not_hide_a_part_of_a_key() -> None:
    clean = redactor().text(f"before {json.dumps(KEY)[1:-1]} after")
    assert not windows(KEY, 8) & windows(clean, 8)


def test_a_short_secret_redacts_nothing() -> None:
    assert Redactor({"": "x", "abc": "y"}).text("abc") == "abc"


def test_codes_are_replaced_by_their_place_and_then_everywhere() -> None:
    clean = redactor()
    assert clean.text('{"custom_code": "40516"}') == '{"custom_code": "code-1"}'
    assert clean.text("Your code is 40516.") == "Your code is code-1."
    assert clean.text("140516 and 40516-9") == "140516 and 40516-9"


def test_equal_codes_keep_one_name_and_others_get_their_own() -> None:
    clean = redactor()
    assert clean.tree([{"code": "1111"}, {"code": "2222"}, {"code": "1111"}]) == [
        {"code": "code-1"},
        {"code": "code-2"},
        {"code": "code-1"},
    ]


def test_an_errors_code_is_no_secret() -> None:
    body = '{"errors": [{"code": "10005", "title": "Resource not found"}]}'
    assert redactor().text(body) == body


@given(number=strategies.e164_numbers())
def test_reserved_numbers_stay_readable(number: str) -> None:
    assert redactor().text(f"to {number}") == f"to {number}"


@pytest.mark.parametrize(
    "text",
    [
        "+13035551234",
        "/by_phone_number/%2B13035551234/x",
        "tel:+13035551234",
        '{"phone_number": "303-555-1234"}',
        '{"phone_number": "(303) 555 1234"}',
    ],
)
def test_other_numbers_keep_their_last_two_digits(text: str) -> None:
    clean = redactor().text(text)
    assert "number-1(..34)" in clean
    assert "5551" not in clean


def test_a_body_without_secrets_is_left_as_it_was() -> None:
    body = '{ "name":"x" ,\n "n": 1.0 }'
    assert redactor().text(body) == body


def test_what_is_printed_of_an_exchange_holds_no_values() -> None:
    request = Request("GET", f"http://127.0.0.1/?key={KEY}", (("A", KEY),), KEY.encode())
    exchange = Exchange(request, Response(200, (("A", KEY),), KEY.encode()), 1.0)
    assert repr(exchange).count("method='GET'") == repr(exchange).count("status=200") == 1
    assert "KEY01" not in repr(exchange)


def test_a_secret_that_is_learned_later_is_replaced_from_then_on() -> None:
    cleaner = Redactor()
    assert cleaner.text("Bearer token-0123456789") == "Bearer token-0123456789"
    cleaner.learn_secret("token-0123456789", "$TOKEN")
    assert cleaner.text("Bearer token-0123456789") == "Bearer $TOKEN"


def test_a_code_that_was_replaced_already_keeps_its_name() -> None:
    cleaner = Redactor()
    first = cleaner.tree({"code": "48151"})
    assert first == {"code": "code-1"}
    assert cleaner.tree(first) == first


def test_what_only_begins_like_json_is_redacted_as_text() -> None:
    assert redactor().text("{" + KEY) == "{$TELNYX_API_KEY"
    assert redactor().text("[" * 100_000) == "[" * 100_000


def test_a_code_that_is_no_number_is_replaced_in_its_place_only() -> None:
    cleaner = Redactor()
    assert cleaner.tree({"code": "abcde", "note": "abcde"}) == {"code": "code-1", "note": "abcde"}


def test_escapes_beyond_the_third_round_are_left_as_they_are() -> None:
    text = "%25252541"
    assert redactor().text(text) == text


BARE = "KEY0123456789abcdefGHIJ"


@pytest.mark.parametrize("part", [BARE[:8], BARE[-8:], BARE[7:15], BARE[3:-3]])
def test_eight_characters_of_a_key_alone_are_a_part_of_it(part: str) -> None:
    assert Redactor({BARE: "$KEY"}).text(part) == "$KEY(cut)"


def test_a_secret_of_eight_characters_is_one() -> None:
    assert Redactor({"pass-wd8": "$S"}).text("pass-wd8") == "$S"


def test_two_keys_side_by_side_are_two() -> None:
    assert redactor().text(KEY + KEY) == "$TELNYX_API_KEY$TELNYX_API_KEY"


def test_capitals_do_not_hide_a_key_beside_other_letters() -> None:
    told = redactor().text(f"\u00e9{KEY.swapcase()}\u00c9")
    assert told == "\u00e9$TELNYX_API_KEY(other capitals)\u00c9"


def test_a_code_of_four_digits_is_replaced_in_a_sentence() -> None:
    cleaner = Redactor()
    cleaner.tree({"code": "4711"})
    assert cleaner.text("it is 4711.") == "it is code-1."


def test_codes_of_one_beginning_are_told_apart() -> None:
    cleaner = Redactor()
    cleaner.tree([{"code": "4711"}, {"code": "47110"}])
    assert cleaner.text("4711 47110") == "code-1 code-2"


@pytest.mark.parametrize("value", [12345, None, "", True])
def test_what_is_no_text_is_no_code(value: object) -> None:
    assert Redactor().tree({"code": value}) == {"code": value}


def test_a_redacted_body_keeps_its_letters() -> None:
    assert Redactor().text('{"code":"48151","name":"\u00e9"}') == (
        '{"code": "code-1", "name": "\u00e9"}'
    )


def test_codes_without_digits_leave_gaps_between_words_alone() -> None:
    cleaner = Redactor()
    cleaner.tree({"code": "abcde"})
    assert cleaner.text("two  words, .") == "two  words, ."


def test_the_last_letters_of_the_alphabet_have_capitals_too() -> None:
    told = Redactor({"zyxwvuts12345678": "$K"}).text("\u00e9 ZYXWVUTS12345678")
    assert told == "\u00e9 $K(other capitals)"
