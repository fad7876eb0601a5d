"""People are drawn from the profile's shares and the seed."""

from collections import Counter
from dataclasses import replace

from verify_harness import numbers
from verify_harness.load.person import Crowd, Person
from verify_harness.load.profile import Profile, Shares


def _people(profile: Profile, count: int = 1000, seed: int = 7) -> list[Person]:
    crowd = Crowd(profile, seed)
    return [crowd.person(index) for index in range(count)]


def test_the_same_seed_draws_the_same_people(profile: Profile) -> None:
    assert _people(profile, 50) == _people(profile, 50)


def test_another_seed_draws_other_people(profile: Profile) -> None:
    assert _people(profile, 50, seed=7) != _people(profile, 50, seed=8)


def test_a_person_does_not_depend_on_who_was_drawn_before(profile: Profile) -> None:
    assert Crowd(profile, 7).person(20) == _people(profile, 21)[20]


def test_every_number_is_reserved_and_nobody_shares_one(profile: Profile) -> None:
    people = _people(profile)

    assert all(numbers.is_reserved(person.number) for person in people)
    assert len({person.number for person in people}) == len(people)


def test_channels_follow_the_mix(profile: Profile) -> None:
    counts = Counter(person.channel for person in _people(profile, 4000))

    for channel, percent in profile.mix.items():
        assert abs(counts[channel] / 40 - percent) < 4


def test_a_channel_with_no_share_is_never_drawn(profile: Profile) -> None:
    mix = {"sms": 100.0, "call": 0.0, "flashcall": 0.0, "whatsapp": 0.0}

    assert {person.channel for person in _people(replace(profile, mix=mix))} == {"sms"}


def test_who_mistypes_types_the_right_code_next(profile: Profile) -> None:
    everybody = replace(profile, shares=Shares(wrong_code=100))
    people = [person for person in _people(everybody) if person.code is not None]

    for person in people:
        wrong, right = person.typed_codes
        assert (right, len(wrong)) == (person.code, 5)
        assert wrong != right
        assert person.acceptable_answers(wrong) == {"rejected"}
        assert person.acceptable_answers(right) == {"accepted"}


def test_about_the_given_share_mistypes(profile: Profile) -> None:
    people = [person for person in _people(profile, 4000) if person.code is not None]
    mistyping = [person for person in people if len(person.typed_codes) == 2]

    assert abs(100 * len(mistyping) / len(people) - 25) < 4


def test_a_flashcall_person_knows_no_code_and_expects_to_be_rejected(profile: Profile) -> None:
    people = [person for person in _people(profile) if person.channel == "flashcall"]

    assert people
    for person in people:
        assert person.code is None
        assert [person.acceptable_answers(code) for code in person.typed_codes] == [{"rejected"}]


def test_waits_lie_in_the_profiles_span(profile: Profile) -> None:
    people = _people(profile)

    assert all(0.5 <= person.delivery_delay_s <= 1.5 for person in people)
    assert {person.typing_time_s for person in people} == {0.0}
