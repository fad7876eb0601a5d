"""Load profiles are read completely and refused helpfully."""

from collections.abc import Callable
from pathlib import Path

import pytest

from verify_harness.errors import ContentError
from verify_harness.load.profile import Arrivals, load_profile


def test_the_bundled_smoke_profile_is_short_and_names_its_scenario() -> None:
    profile = load_profile("smoke")

    assert profile.arrivals == (Arrivals("constant", 20.0, 6.0),)
    assert profile.duration_s == 6.0
    assert profile.scenario.name == "verify_journey.py"
    assert profile.shares.wrong_code == 10.0


def test_a_profile_can_be_named_by_its_path(write_profile: Callable[..., Path]) -> None:
    path = write_profile()

    profile = load_profile(str(path))

    assert (profile.name, profile.path) == ("mine", path)
    assert profile.waits.delivery_delay_s == (0.5, 1.5)


def test_shares_and_waits_may_be_left_out(write_profile: Callable[..., Path]) -> None:
    path = write_profile(
        ("[shares]\nwrong_code = 25", ""),
        ("[waits]\ndelivery_delay_s = [0.5, 1.5]\ntyping_time_s = [0, 0]", ""),
    )

    profile = load_profile(str(path))

    assert (profile.shares.wrong_code, profile.waits.typing_time_s) == (0.0, (0.0, 0.0))


def test_a_scenario_of_the_users_own_lies_beside_the_profile(
    write_profile: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "own.py").touch()

    profile = load_profile(str(write_profile(('"verify_journey"', '"own.py"'))))

    assert profile.scenario == tmp_path / "own.py"


@pytest.mark.parametrize(
    "old, new, problem, hint",
    [
        ("wrong_code", "wrong_cod", "shares: unknown key 'wrong_cod'", "wrong_code"),
        ("title", "titel", "unknown key 'titel'", "title"),
        ("flashcall = 20", "flashcal = 20", "mix: unknown key 'flashcal'", "flashcall"),
        ('"constant"', '"constnat"', "arrivals[0].shape: unknown value 'constnat'", "constant"),
        ('"verify_journey"', '"verify_jurney"', "scenario: 'verify_jurney'", "verify_journey"),
        ('"verify_journey"', '"absent.py"', "absent.py does not exist", "starts at the profile"),
        (
            "rate_per_s = 10",
            "rate_per_s = '10'",
            "arrivals[0].rate_per_s: expected number, got text",
            "",
        ),
        ("rate_per_s = 10", "rate_per_s = true", "expected number, got true or false", ""),
        ("rate_per_s = 10", "rate_per_s = nan", "expected number > 0", ""),
        ("rate_per_s = 10", "rate_per_s = inf", "expected number <= 1000000", ""),
        ("duration_s = 2", "", "arrivals[0]: lacks the key `duration_s`", ""),
        ('title = "A profile of the tests"', 'title = " "', "title: must not be empty", ""),
        ("sms = 40", "sms = 41", "mix: must add up to 100 percent, not 101", ""),
        ("wrong_code = 25", "wrong_code = 101", "shares.wrong_code: expected number <= 100", ""),
        ("[0.5, 1.5]", "[1.5, 0.5]", "delivery_delay_s must be [least, most]", ""),
        ("[0.5, 1.5]", "1", "waits.delivery_delay_s: expected list", ""),
        ("[[arrivals]]", "[arrivals]", "arrivals: expected list, got table", ""),
        ('"constant"', '"closed"', "arrivals[0]: unknown key 'rate_per_s'", ""),
        ('"constant"', '"steps"', "arrivals[0]: lacks the key `steps`", ""),
        ("wrong_code = 25", "wrong_code = 60\nreplay = 60", "but add to 120", ""),
        ("[waits]", '[slo]\n"p95(trigger)" = "< 5 %"\n[waits]', "is measured in ms or s", "p95"),
        ("[waits]", '[slo]\n"p95(trigge)" = "< 5 ms"\n[waits]', "'trigge', which is no", "p95"),
        ("[waits]", '[slo]\n"mean(check)" = "< 5 ms"\n[waits]', "names no metric", "p95"),
        ("[waits]", '[slo]\n"error_rate" = "low"\n[waits]', "needs a limit such as", "p95"),
        ("[waits]", '[slo]\n"completed(check)" = "> 9 %"\n[waits]', "belongs to no step", "p95"),
        ("[waits]", '[slo]\n"max" = "< 5 ms, abort"\n[waits]', "abort only by a window", "p95"),
        ("[waits]", '[slo]\n"max" = "< 5 ms over 0 s"\n[waits]', "needs a limit such as", "p95"),
        ('title = "A', 'judged = 1\ntitle = "A', "judged: expected true or false", ""),
        ('title = "A', 'users = 0\ntitle = "A', "users: expected whole number >= 1", ""),
        ('title = "A', 'client = "fast"\ntitle = "A', "client: unknown value 'fast'", "lean"),
    ],
)
def test_a_mistake_is_refused_naming_file_key_and_nearest_name(
    write_profile: Callable[..., Path], old: str, new: str, problem: str, hint: str
) -> None:
    path = write_profile((old, new))

    with pytest.raises(ContentError) as refused:
        load_profile(str(path))

    assert problem in str(refused.value)
    assert str(path.parent) in str(refused.value)
    assert hint in refused.value.hint


@pytest.mark.parametrize("name", ["smoke", "baseline", "prerelease", "stress", "spike", "soak"])
def test_every_bundled_profile_can_be_used_and_sets_limits(name: str) -> None:
    profile = load_profile(name)

    assert profile.slo
    assert profile.is_judged is (name != "smoke")


def test_a_limit_is_read_in_milliseconds_and_percent(write_profile: Callable[..., Path]) -> None:
    limits = """[slo]
"p99.9(check, sms)" = "<= 0.5 s"
"completed(willing)" = "> 99 %"
[waits]"""

    latency, completed = load_profile(str(write_profile(("[waits]", limits)))).slo

    assert (latency.measure, latency.step, latency.channel) == ("p99.9", "check", "sms")
    assert (latency.comparison, latency.bound) == ("<=", 500.0)
    assert (completed.only_willing, completed.bound, completed.step) == (True, 99.0, None)


def test_a_limit_may_be_for_every_window_and_end_the_run(
    write_profile: Callable[..., Path],
) -> None:
    limits = """[slo]
"p95(trigger)" = "< 250 ms over 10 s"
"completed(call)" = "> 99 % over 30 s, abort"
[waits]"""

    told, ending = load_profile(str(write_profile(("[waits]", limits)))).slo

    assert (told.bound, told.window_s, told.aborts) == (250.0, 10, False)
    assert (ending.channel, ending.window_s, ending.aborts) == ("call", 30, True)


def test_a_table_given_as_a_value_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flat.toml"
    path.write_text('title = "t"\nscenario = "verify_journey"\narrivals = [1]\nmix = 3\n')

    with pytest.raises(ContentError, match=r"arrivals\[0\]: expected table"):
        load_profile(str(path))


def test_broken_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("title = \n", encoding="utf-8")

    with pytest.raises(ContentError, match=r"broken\.toml.*line 1"):
        load_profile(str(path))


def test_an_unknown_bundled_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(ContentError) as refused:
        load_profile("smok")

    assert "did you mean smoke?" in refused.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"absent\.toml"):
        load_profile(str(tmp_path / "absent.toml"))
