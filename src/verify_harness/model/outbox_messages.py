"""The outbox: which messages a call causes, and what they carry."""

from collections.abc import Sequence
from typing import Any

from verify_harness.model.accounts import Account, Verification
from verify_harness.model.calls import Answer, Message
from verify_harness.model.judgement import Judgement


def judge_nothing(judgement: Judgement, requirement: str, sent: Sequence[Message]) -> None:
    """A call that may send nothing."""
    judgement.equal(requirement, "messages", len(sent), 0)


def judge_one(
    judgement: Judgement,
    account: Account,
    opened: Verification,
    extension: Any,
    answer: Answer,
    sent: Sequence[Message],
) -> None:
    """The one message of a trigger; its code is from now on the verification's."""
    if not judgement.equal("VFY-TRIG-003", "messages", len(sent), 1):
        return
    message = sent[0]
    for name, received, wanted in (
        ("channel", message.channel, opened.channel),
        ("to", message.to, opened.number),
        ("verification_id", message.verification_id, opened.id),
        ("verify_profile_id", message.profile_id, opened.profile_id),
    ):
        judgement.equal("VFY-TRIG-003", f"message.{name}", received, wanted)
    _judge_code(judgement, account, opened, message)
    _judge_extension(judgement, opened, extension, message)
    if opened.channel == "flashcall":
        _judge_caller(judgement, message)
    else:
        _judge_text(judgement, account, opened, message)
    opened.code = message.code
    _judge_secrecy(judgement, opened, answer)


def _judge_code(
    judgement: Judgement, account: Account, opened: Verification, message: Message
) -> None:
    if opened.custom_code is not None:
        judgement.equal("VFY-CODE-011", "message.code", message.code, opened.custom_code)
        return
    settings = account.profiles[opened.profile_id].settings(opened.channel) or {}
    length = settings.get("code_length") if opened.channel != "flashcall" else None
    if length is None and opened.channel != "flashcall":
        length = 5
    is_digits = message.code.isascii() and message.code.isdigit()
    is_fine = is_digits and (length is None or len(message.code) == length)
    wanted = f"{length or 'some'} digits"
    judgement.holds("VFY-CODE-008", "message.code", message.code, wanted, is_fine=is_fine)


def _judge_extension(
    judgement: Judgement, opened: Verification, extension: Any, message: Message
) -> None:
    if opened.channel == "call":
        judgement.equal("VFY-TRIG-006", "message.extension", message.extension, extension)
    else:
        judgement.equal("VFY-TRIG-011", "message.extension", message.extension, None)


def _judge_caller(judgement: Judgement, message: Message) -> None:
    is_end = (message.caller or "").endswith(message.code)
    judgement.holds("VFY-CODE-013", "caller", message.caller, "…ends with the code", is_fine=is_end)


def _judge_text(
    judgement: Judgement, account: Account, opened: Verification, message: Message
) -> None:
    settings = account.profiles[opened.profile_id].settings(opened.channel) or {}
    template_id = str(settings.get("messaging_template_id"))
    text = str(message.text)
    has_code = message.code in text and "{{code}}" not in text
    judgement.holds("VFY-TMPL-004", "message.text", text, "the code in it", is_fine=has_code)
    template = account.templates.get(template_id) or account.stock.get(template_id)
    app_name = settings.get("app_name")
    if template is None:
        _judge_own_words(judgement, account, opened, message)
        return
    if app_name is None and "{{app_name}}" in template:
        return
    wanted = (
        template.replace("{{code}}", message.code)
        .replace("{{app_name}}", str(app_name))
        .replace("{{default_verification_timeout_secs}}", f"{opened.timeout_secs:g}")
    )
    about = "VFY-TMPL-006" if template_id in account.edited else "VFY-TMPL-004"
    judgement.equal(about, "message.text", text, wanted)


def _judge_own_words(
    judgement: Judgement, account: Account, opened: Verification, message: Message
) -> None:
    """Without a template a profile's messages stay the same but for the code."""
    words = str(message.text).replace(message.code, "*")
    profile = account.profiles[opened.profile_id]
    known = profile.own_words.setdefault(opened.channel, words)
    judgement.equal("VFY-TMPL-007", "message.text without its code", words, known)


def _judge_secrecy(judgement: Judgement, opened: Verification, answer: Answer) -> None:
    """A code that the service made is no member of the answer to its trigger."""
    if opened.custom_code is None and isinstance(answer.data, dict):
        shown = [name for name, value in answer.data.items() if value == opened.code]
        judgement.equal("VFY-CODE-009", "members that hold the code", shown, [])
        judgement.equal(
            "VFY-CODE-009",
            "headers that hold the code",
            [name for name, value in answer.headers.items() if value == opened.code],
            [],
        )
