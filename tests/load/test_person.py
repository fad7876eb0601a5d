"""People are drawn from the profile's shares and the seed."""

from collections import Counter
from dataclasses import replace

import pytest

from verify_harness import phone_numbers
from verify_harness.load.person import LATE_TIMEOUT_SECS, Person, Population
from verify_harness.load.profile import HABITS, Profile, Shares


def _people(profile: Profile, count: int = 1000, seed: int = 7) -> list[Person]:
    crowd = Population(profile, seed)
    return [crowd.person(index) for index in range(count)]


def test_the_same_seed_draws_the_same_people(profile: Profile) -> None:
    assert _people(profile, 50) == _people(profile, 50)


def test_another_seed_draws_other_people(profile: Profile) -> None:
    assert _people(profile, 50, seed=7) != _people(profile, 50, seed=8)


def test_a_person_does_not_depend_on_who_was_drawn_before(profile: Profile) -> None:
    assert Population(profile, 7).person(20) == _people(profile, 21)[20]


def test_every_number_is_reserved_and_nobody_shares_one(profile: Profile) -> None:
    people = _people(profile)

    assert all(phone_numbers.is_reserved(person.number) for person in people)
    assert len({person.number for person in people}) == len(people)


def test_channels_follow_the_mix(profile: Profile) -> None:
    counts = Counter(person.channel for person in _people(profile, 4000))

    for channel, percent in profile.mix.items():
        assert abs(counts[channel] / 40 - percent) < 4


def test_a_channel_with_no_share_is_never_drawn(profile: Profile) -> None:
    mix = {"sms": 100.0, "call": 0.0, "flashcall": 0.0, "whatsapp": 0.0}

    assert {person.channel for person in _people(replace(profile, mix=mix))} == {"sms"}


def _of(profile: Profile, **shares: float) -> list[Person]:
    """The people of a profile with these shares, who know their code."""
    people = _people(replace(profile, shares=Shares(**shares)), 4000)
    return [person for person in people if person.code is not None]


def _typed(person: Person) -> list[tuple[bool, str, str]]:
    """For each attempt: whether the code is the right one, and what must be answered."""
    return [(item.code == person.code, item.expected, item.requirement) for item in person.attempts]


RIGHT = (True, "accepted", "VFY-CODE-001")
WRONG = (False, "rejected", "VFY-CODE-002")


@pytest.mark.parametrize(
    "share, attempts",
    [
        ("wrong_code", [WRONG, RIGHT]),
        ("replay", [RIGHT, (True, "rejected", "VFY-CODE-004")]),
        ("lock_out", [*[WRONG] * 5, (True, "rejected", "VFY-CODE-006")]),
        ("late_code", [(True, "rejected", "VFY-CODE-005")]),
        ("double_submit", [RIGHT]),
        ("resend", [RIGHT]),
        ("abandon", []),
    ],
)
def test_a_habit_says_what_is_typed_and_what_must_be_answered(
    profile: Profile, share: str, attempts: list[tuple[bool, str, str]]
) -> None:
    for person in _of(profile, **{share: 100}):
        assert person.does(share)
        assert _typed(person) == attempts


def test_nobody_has_two_habits_that_exclude_each_other(profile: Profile) -> None:
    people = _of(profile, **dict.fromkeys(HABITS, 14.0))

    assert {len(person.habits.intersection(HABITS)) for person in people} == {0, 1}


@pytest.mark.parametrize("share", ["wrong_code", "abandon", "lookup"])
def test_about_the_given_share_has_a_habit(profile: Profile, share: str) -> None:
    people = _of(profile, **{share: 25.0, "replay": 30.0})

    assert abs(100 * sum(person.does(share) for person in people) / len(people) - 25) < 4


def test_who_is_late_asks_for_a_short_life_of_the_code(profile: Profile) -> None:
    people = _of(profile, late_code=100, status_polling=100)

    assert {person.timeout_secs for person in people} == {LATE_TIMEOUT_SECS}
    assert not any(person.does("status_polling") for person in people)


def test_a_flashcall_person_knows_no_code_and_expects_to_be_rejected(profile: Profile) -> None:
    everybody_replays = replace(profile, shares=Shares(replay=100))
    people = [person for person in _people(everybody_replays) if person.channel == "flashcall"]

    assert people
    for person in people:
        assert (person.code, person.habits) == (None, frozenset())
        assert [attempt.expected for attempt in person.attempts] == ["rejected"]


def test_waits_lie_in_the_profiles_span(profile: Profile) -> None:
    people = _people(profile)

    assert all(0.5 <= person.delivery_delay_s <= 1.5 for person in people)
    assert {person.typing_time_s for person in people} == {0.0}
