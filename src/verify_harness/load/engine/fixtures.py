"""The verify profile that a load run works in: made before the load, removed after it."""

from verify_harness import phone_numbers
from verify_harness.errors import CredentialsRefused, NoVerdict, TargetUnreachable
from verify_harness.journal import Journal
from verify_harness.journal.records import Note
from verify_harness.load.client.api_steps import CREATE_PROFILE, DELETE_PROFILE
from verify_harness.load.client.lean_client import LeanClient
from verify_harness.load.engine.journey_model import VerifyProfile
from verify_harness.load.process_settings import LoadSettings
from verify_harness.load.profile import CHANNELS


def create_verify_profile(
    client: LeanClient, settings: LoadSettings, journal: Journal
) -> VerifyProfile:
    """Create a profile with all channels for every country we draw numbers from.

    Each channel names its destinations, as the live service wants (facts.md#destinations-required).
    Raises TargetUnreachable, CredentialsRefused or NoVerdict.
    """
    countries = sorted({reserved.country for reserved in phone_numbers.RANGES})
    channel = {"whitelisted_destinations": countries}
    name = f"verify-harness load {settings.run_id}"
    body = {"name": name, **dict.fromkeys(CHANNELS, channel)}
    answer = client.send_unrecorded(CREATE_PROFILE, body=body)
    if answer.status is None:
        raise TargetUnreachable(settings.target_url, str(answer.failure))
    if answer.status in {401, 403}:
        raise CredentialsRefused(settings.target_url)
    profile_id = answer.data.get("id")
    if not answer.succeeded or not isinstance(profile_id, str):
        raise NoVerdict(
            f"the load could not start: creating its verify profile answered {answer.status}.",
            hint="run `verify-harness smoke` against the same target first",
        )
    journal.write(Note(f"load set-up: created verify profile {profile_id}"))
    return VerifyProfile(profile_id, body, answer)


def delete_verify_profile(client: LeanClient, profile_id: str, journal: Journal) -> None:
    """Remove the profile; that it stays behind is worth a note, not the run."""
    answer = client.send_unrecorded(DELETE_PROFILE, (profile_id,))
    outcome = "deleted" if answer.succeeded else "could not delete"
    reason = "" if answer.succeeded else f" ({answer.failure or f'HTTP {answer.status}'})"
    journal.write(Note(f"load tear-down: {outcome} verify profile {profile_id}{reason}"))
