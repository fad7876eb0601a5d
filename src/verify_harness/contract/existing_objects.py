"""Objects that a check creates on first use, so that its requests find something."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from verify_harness.contract.answer_errors import reads_answers
from verify_harness.contract.api import Api
from verify_harness.contract.context import current
from verify_harness.contract.verifications import Opener, OpenVerification

Maker = Callable[[], str]


def existing_objects(api: Api) -> "ExistingObjects":
    """The objects of the running check; all its examples share them."""
    return current().remembered("existing objects", lambda: ExistingObjects(api))


@reads_answers
class ExistingObjects:
    """A profile, a template and verifications, created on first use."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @cached_property
    def profile(self) -> dict[str, Any]:
        """A profile with all four channels."""
        return self._api.profile()

    @cached_property
    def template_id(self) -> str:
        """The id of a template of the tenant."""
        text = {"text": "{{app_name}}: {{code}}"}
        return str(self._api.set_up("VFY-TMPL-001", "CreateMessageTemplate", text)["id"])

    def verification(self) -> OpenVerification:
        """A new pending verification with a custom code."""
        return Opener(self._api, "sms", "by_id")(profile=self.profile)

    def path(self, operation_id: str) -> Mapping[str, Maker]:
        """By path parameter, a function that returns the id or number of an existing object."""
        deletes = operation_id == "DeleteProfile"
        return {
            "verification_id": lambda: self.verification().id,
            "verify_profile_id": lambda: str(
                (self._api.profile() if deletes else self.profile)["id"]
            ),
            "template_id": lambda: self.template_id,
            "phone_number": lambda: self.verification().number,
        }
