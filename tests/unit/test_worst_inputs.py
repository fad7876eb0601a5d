"""The list of known worst inputs: read whole, filled in, and never more lenient than it says."""

from pathlib import Path

import pytest

from verify_harness import phone_numbers, worst_inputs
from verify_harness.errors import ContentError

CODE = {"code": "40516", "start": "4051", "end": "0516", "last": "6", "reversed": "61504"}
VALUES = {"tail": "50142", "zeros": "00000", "number": "+13035550142", "id": "x"}


def test_every_input_is_filled_in_and_differs_from_the_code() -> None:
    for each in worst_inputs.of_kind("code"):
        made = each.filled(**CODE, **VALUES, used="71234", other="81234")
        assert made != CODE["code"], each.name
        assert "{" not in str(made) or each.json is not None


def test_names_are_unlike_and_values_too() -> None:
    made = [
        repr(each.filled(**CODE, **VALUES, used="71234", other="81234"))
        for each in worst_inputs.of_kind("code")
    ]
    assert len(set(made)) == len(made)


def test_no_wrong_number_is_a_number_and_what_is_left_of_it_is_nobodys() -> None:
    for each in worst_inputs.of_kind("number"):
        number = "+13035550142"
        made = each.filled(number=number, digits=number[1:], start=number[:-1])
        assert not (isinstance(made, str) and phone_numbers.E164.fullmatch(made)), each.name


def test_digits_of_another_script_replace_ours() -> None:
    (wide,) = [each for each in worst_inputs.of_kind("code") if each.name == "full-width"]
    assert wide.filled(code="0459") == "\uff10\uff14\uff15\uff19"


@pytest.mark.parametrize(
    "text, told",
    [
        ('[code.x]\ntext = "1"\n', "names no source"),
        ('[code.x]\nsources = ["y"]\n', "one of text, json and absent"),
        ('[code.x]\ntext = "1"\njson = "1"\nsources = ["y"]\n', "one of text, json and absent"),
        ('[code.x]\ntext = "1"\ncolour = "1"\nsources = ["y"]\n', "one of text, json and absent"),
        ('[code.x]\ntext = "1"\ndigits = "012"\nsources = ["y"]\n', "3 digits instead of ten"),
        ("[code.x\n", "cannot be read"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "worst.toml"
    path.write_text(text)
    with pytest.raises(ContentError, match=told):
        worst_inputs.load(path)
