"""A mistake in a TOML file is named with its place, and with what was probably meant."""

from pathlib import Path

import pytest

from verify_harness import config
from verify_harness.errors import ContentError
from verify_harness.suggest import did_you_mean


@pytest.mark.parametrize(
    "text,message,hint",
    [
        ("tagret = 'x'", "unknown key 'tagret'", "did you mean target?"),
        ("seed = 'x'", "seed: expected whole number, got text", ""),
        ("seed = true", "seed: expected whole number, got true or false", ""),
        ("allow-remote = ['a', 1]", r"allow_remote\[1\]: expected text, got whole number", ""),
        ("seed = ", "cannot be read: Invalid value", ""),
    ],
)
def test_a_mistake_in_the_settings_is_named(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    path = tmp_path / "verify-harness.toml"
    path.write_text(text)
    with pytest.raises(ContentError, match=message) as refused:
        config.load(path)
    assert str(path) in str(refused.value)
    assert refused.value.hint == hint


def test_only_what_the_settings_name_is_set(tmp_path: Path) -> None:
    path = tmp_path / "verify-harness.toml"
    path.write_text("seed = 7\nallow-remote = ['a']\njobs = 'auto'\n")
    assert config.load(path) == {"seed": 7, "allow_remote": ["a"], "jobs": "auto"}


def test_nothing_silly_is_proposed() -> None:
    assert did_you_mean("prerelase", ["smoke", "prerelease"]) == "did you mean prerelease?"
    assert did_you_mean("xyz", ["smoke", "soak"]) == "known: smoke, soak"
    assert did_you_mean("xyz", map(str, range(100))) == ""
