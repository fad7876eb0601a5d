"""Settings and input files: what is odd is named before anything starts; all is bounded."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import click
import jsonschema_rs
import pytest

from verify_harness import config, schemas, toml_files
from verify_harness.cli import cli, variables
from verify_harness.errors import (
    ContentError,
    HarnessError,
    KeyInCommandLine,
    UnaskedConsent,
    UsageError,
)
from verify_harness.load.profile import load_profile
from verify_harness.waivers import load as load_waivers

Refusal = Callable[..., str]


@pytest.fixture
def refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """Run a command in this process, in a folder of its own; why it is refused, and the hint."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith(("TELNYX_", variables.PREFIX))]:
        monkeypatch.delenv(name)

    def run(*arguments: str, **environment: str) -> str:
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            with pytest.raises((HarnessError, click.ClickException)) as refused:
                cli(list(arguments), prog_name="verify-harness", standalone_mode=False)
        error = refused.value
        assert isinstance(error, (HarnessError, click.ClickException))
        assert error.exit_code == 2
        assert not (tmp_path / "reports").exists()
        return f"{error} {getattr(error, 'hint', '')}"

    return run


def test_the_shipped_schema_knows_what_the_file_may_hold() -> None:
    validator = jsonschema_rs.validator_for(schemas.settings_schema())
    shown = re.findall(
        r"^# ([a-z-]+ += .+?)(?: +#.*)?$",
        (files("verify_harness.starter") / "files/verify-harness.toml").read_text(),
        re.MULTILINE,
    )
    assert len(shown) >= 5
    assert validator.is_valid(tomllib.loads("\n".join(shown)))
    assert validator.is_valid({"allow_remote": ["a"], "allow-remote": ["a"], "jobs": "auto"})
    for wrong in ({"targt": "x"}, {"level": "most"}, {"seed": "one"}):
        assert not validator.is_valid(wrong)


@pytest.mark.parametrize(
    "environment,says",
    [
        ({"VERIFY_HARNESS_TARGT": "http://127.0.0.1:1"}, "did you mean VERIFY_HARNESS_TARGET?"),
        ({"VERIFY_HARNESS_TARGET": ""}, "VERIFY_HARNESS_TARGET is set, but empty"),
        ({"VERIFY_HARNESS_SEED": " "}, "VERIFY_HARNESS_SEED is set, but empty"),
        ({"VERIFY_HARNESS_JOBS": "many"}, "--jobs takes a positive number"),
        ({"TELNYX_API_KEY": "'KEY_0123456789'", "VERIFY_HARNESS_TARGET": "http://127.0.0.1:1"},
         "there are quotes around it"),
    ],
)  # fmt: skip
def test_a_variable_that_nobody_reads_or_that_is_empty_is_named(
    refusal: Refusal, environment: dict[str, str], says: str
) -> None:
    assert says in refusal("contract", "run", **environment)


def test_a_key_is_no_argument() -> None:
    with pytest.raises(KeyInCommandLine) as refused:
        cli(["smoke", "--api-key", "KEY_0123456789"], standalone_mode=False)
    assert refused.value.exit_code == 4
    assert "KEY_" not in str(refused.value)


def test_a_key_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    variables.check({"TELNYX_API_KEY": "", "VERIFY_HARNESS_SECOND_API_KEY": ""})


def test_the_known_variables_are_those_of_the_options() -> None:
    assert set(_variables(cli)) == variables.OPTIONS


def _variables(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        envvar = parameter.envvar
        yield from [envvar] if isinstance(envvar, str) else envvar or ()
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _variables(below)


@pytest.mark.parametrize(
    "arguments,says",
    [
        (("contract", "run", "--jobs", "1000000000"), "--jobs takes 64 processes at most"),
        (("contract", "run", "--jobs", "9" * 6000), "--jobs takes 64 processes at most"),
        (("contract", "run", "--jobs", "٣"), "--jobs takes a positive number"),
        (("smoke", "--seed", "1" + "0" * 400), "not in the range"),
        (("load", "run", "smoke", "--max-rate", "1e12"), "up to 1,000,000/s"),
        (("load", "run", "smoke", "--max-rate", "nan"), "up to 1,000,000/s"),
        (("load", "plan", "smoke", "--seed", "1" + "0" * 400), "not in the range"),
    ],
)
def test_numbers_are_bounded(refusal: Refusal, arguments: tuple[str, ...], says: str) -> None:
    assert says in refusal(*arguments)


PROFILE = """
title = "t"
scenario = "verify_journey"
[[arrivals]]
shape = "constant"
rate_per_s = {rate}
duration_s = {duration}
[mix]
sms = 100
"""


@pytest.mark.parametrize(
    "rate,duration,says",
    [
        ("1e12", "1", r"arrivals\[0\]\.rate_per_s"),
        ("1", "1e15", r"arrivals\[0\]\.duration_s"),
        ("nan", "1", r"arrivals\[0\]\.rate_per_s"),
        ("1e400", "1", r"arrivals\[0\]\.rate_per_s"),
        ("1e6", "1e6", r"1,000,000,000,000 journeys are more than 100,000,000"),
    ],
)
def test_a_profile_is_bounded(tmp_path: Path, rate: str, duration: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PROFILE.format(rate=rate, duration=duration))
    with pytest.raises(ContentError, match=says):
        load_profile(str(path))


@pytest.mark.parametrize(
    "setting",
    [
        'allow_remote = ["evil.example"]',
        'allow-remote = ["evil.example"]',
        'proxy = "http://127.0.0.1:9"',
        'ca_file = "mine.pem"',
        'target = "https://evil.example/v2"',
        'target = "http://127.0.0.1.evil.example/v2"',
    ],
)
def test_a_file_that_lies_there_permits_nothing(
    refusal: Refusal, tmp_path: Path, setting: str
) -> None:
    (tmp_path / config.FILE).write_text(setting)
    told = refusal("smoke")
    assert "a file that merely lies here does not permit that" in told
    assert "verify-harness --config verify-harness.toml" in told


def test_a_file_that_was_named_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config.FILE.write_text('allow_remote = ["staging.example"]\ntarget = "http://127.0.0.1:1"')
    assert config.load(config.FILE)["allow_remote"] == ["staging.example"]
    with pytest.raises(UnaskedConsent):
        config.load()
    config.FILE.write_text('target = "http://localhost:8080/v2"\nseed = 7')
    assert config.load() == {"target": "http://localhost:8080/v2", "seed": 7}


def test_a_named_file_that_is_not_there_is_an_error(refusal: Refusal) -> None:
    assert "nowhere.toml cannot be read" in refusal("--config", "nowhere.toml", "smoke")


def test_files_are_bounded_in_size_and_depth(tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text("a = " + "[" * 5000 + "]" * 5000)
    with pytest.raises(ContentError, match=r"nested too deeply|cannot be read"):
        load_waivers(path)
    path.write_bytes(b"#" * (toml_files.MAX_BYTES + 1))
    with pytest.raises(ContentError, match="larger than 1024 KiB"):
        load_waivers(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ContentError, match="cannot be read"):
        load_waivers(path)
    with pytest.raises(ContentError, match="is not a regular file"):
        load_waivers(Path("/dev/zero"))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ContentError, match="is not a regular file"):
        load_waivers(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["page.yaml", "page.json"])
def test_a_page_in_place_of_a_document_is_named(
    refusal: Refusal, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("\n<!DOCTYPE html>\n<html><title>Sign in</title></html>")
    assert "holds a page of HTML" in refusal("smoke", "--spec", name)


def test_a_key_file_without_an_end_is_refused() -> None:
    with pytest.raises(UsageError, match="does not look like an API key"):
        cli(["smoke", "--api-key-file", "/dev/zero"], standalone_mode=False)
