"""Objects that a check sets up so that requests find something; each made when first needed."""

from collections.abc import Callable, Mapping
from typing import Any

from verify_harness.contract.answer_errors import reads_answers
from verify_harness.contract.api import Api
from verify_harness.contract.context import current
from verify_harness.contract.verifications import Opener, OpenVerification

Maker = Callable[[], str]


def existing_objects(api: Api) -> "ExistingObjects":
    """The running check's objects, the same for all its examples."""
    return current().remembered("existing objects", lambda: ExistingObjects(api))


@reads_answers
class ExistingObjects:
    """What a check set up so that generated requests find something; made when first needed."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._profile: dict[str, Any] | None = None
        self._template_id: str | None = None

    @property
    def profile(self) -> dict[str, Any]:
        """A profile with all four channels."""
        self._profile = self._profile or self._api.profile()
        return self._profile

    @property
    def template_id(self) -> str:
        """A template of ours."""
        if self._template_id is None:
            text = {"text": "{{app_name}}: {{code}}"}
            made = self._api.set_up("VFY-TMPL-001", "CreateMessageTemplate", text)
            self._template_id = str(made["id"])
        return self._template_id

    def verification(self) -> OpenVerification:
        """A fresh pending verification with a code of our own."""
        return Opener(self._api, "sms", "by_id")(profile=self.profile)

    def path(self, operation_id: str) -> Mapping[str, Maker]:
        """How to fill each path parameter of an operation with something that exists."""
        return {
            "verification_id": lambda: self.verification().id,
            "verify_profile_id": self._doomed if operation_id == "DeleteProfile" else self._kept,
            "template_id": lambda: self.template_id,
            "phone_number": lambda: self.verification().number,
        }

    def _kept(self) -> str:
        return str(self.profile["id"])

    def _doomed(self) -> str:
        return str(self._api.profile()["id"])
