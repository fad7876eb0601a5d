"""The oracle: follows what two tenants do, and says which answers the facts do not allow."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from verify_harness.model import (
    code_verdicts,
    lookups,
    number_lists,
    outbox_messages,
    profile_frames,
    profile_pages,
    template_texts,
    trigger_answers,
    verification_life,
)
from verify_harness.model.accounts import Account, Verification
from verify_harness.model.calls import Answer, Call, Divergence, Message
from verify_harness.model.envelopes import judge_form
from verify_harness.model.judgement import Judgement, Settings

Judge = Callable[[Judgement, Account, Account, Call, Answer], None]


def _create_profile(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    made = profile_frames.judge_creation(judgement, account, neighbour, call, answer)
    if made is not None:
        account.profiles[made.id] = made
        account.order.changed()


def _on_profile(
    judgement: Judgement, account: Account, neighbour: Account, call: Call, answer: Answer
) -> None:
    profile = account.profile(call.variable)
    if profile is None:
        profile_frames.judge_missing(judgement, account, neighbour, call, answer)
    elif call.operation == "GetVerifyProfile":
        profile_frames.judge_read(judgement, profile, answer)
    elif call.operation == "DeleteProfile":
        profile_frames.judge_deletion(judgement, account, call, answer)
        account.order.changed()
    else:
        profile_frames.judge_patch(judgement, account, neighbour, call, answer)
        account.order.changed()


def _create_template(
    judgement: Judgement, account: Account, _neighbour: Account, call: Call, answer: Answer
) -> None:
    template_texts.judge_creation(judgement, account, call, answer)


def _list_templates(
    judgement: Judgement, account: Account, neighbour: Account, _call: Call, answer: Answer
) -> None:
    template_texts.judge_list(judgement, account, neighbour, answer)


def _look_up(
    judgement: Judgement, _account: Account, _neighbour: Account, call: Call, answer: Answer
) -> None:
    lookups.judge_lookup(judgement, call, answer)


_JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        "RetrieveVerification": verification_life.judge_read,
        "VerifyVerificationCodeById": code_verdicts.judge_by_id,
        "VerifyVerificationCodeByPhoneNumber": code_verdicts.judge_by_number,
        "ListVerifications": number_lists.judge_list,
        "ListProfiles": profile_pages.judge_list,
        "CreateVerifyProfile": _create_profile,
        "GetVerifyProfile": _on_profile,
        "UpdateVerifyProfile": _on_profile,
        "DeleteProfile": _on_profile,
        "ListProfileMessageTemplates": _list_templates,
        "CreateMessageTemplate": _create_template,
        "UpdateMessageTemplate": template_texts.judge_update,
        "LookupNumber": _look_up,
    }
)


OPERATIONS = frozenset({*_JUDGES, *trigger_answers.CHANNEL_OF})
"""The operations that the model knows, by their ids."""


class Oracle:
    """What two tenants have, by the answers so far."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.accounts = (Account(0), Account(1))
        self._opened: Verification | str = "VFY-TRIG-003"
        """The verification of the last call, or the requirement by which it sends nothing."""

    def judge(self, call: Call, answer: Answer) -> list[Divergence]:
        """What the facts do not allow about an answer; what they allow is remembered."""
        judgement = Judgement(self.settings)
        account, neighbour = self.accounts[call.tenant], self.accounts[1 - call.tenant]
        self._opened = "VFY-TRIG-003"
        if not account.key_limit.judge(judgement, answer):
            self._opened = "VFY-RATE-001"
        elif not judgement.divergences and judge_form(judgement, answer):
            if call.operation in trigger_answers.CHANNEL_OF:
                self._opened = trigger_answers.judge_trigger(
                    judgement, account, neighbour, call, answer
                )
            else:
                _JUDGES[call.operation](judgement, account, neighbour, call, answer)
        return judgement.divergences

    def judge_messages(
        self, call: Call, answer: Answer, sent: Sequence[Message]
    ) -> list[Divergence]:
        """What the facts do not allow about the messages that the last call caused."""
        judgement, account = Judgement(self.settings), self.accounts[call.tenant]
        if isinstance(self._opened, str):
            outbox_messages.judge_nothing(judgement, self._opened, sent)
        else:
            extension = call.fields.get("extension")
            outbox_messages.judge_one(judgement, account, self._opened, extension, answer, sent)
        return judgement.divergences
