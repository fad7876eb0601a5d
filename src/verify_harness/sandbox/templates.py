"""Message templates: the stock ones, and how a text is rendered (facts.md#template-variables)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from verify_harness.sandbox.records import Template
from verify_harness.sandbox.store import Store

_FIRST = "Your {{app_name}} verification code is: {{code}}."
_SECOND = "{{code}} is your verification code for {{app_name}}."
_EXPIRY = " It expires in {{default_verification_timeout_secs}} seconds."
_PRIVACY = " Tell it to nobody."

STOCK_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "0abb5b4f-459f-445a-bfcd-488998b7572d": _FIRST,
        "2ca3f1da-5621-4aa6-ae56-df21caff79e0": _SECOND,
        "33dfb056-6c1b-40bd-920e-4243e01248a5": _FIRST + _PRIVACY,
        "46acd63c-be57-4993-ae8d-0e4067ad1d57": _FIRST + _EXPIRY,
        "723ead5e-ada6-4c29-a962-349170866187": _SECOND + _EXPIRY,
        "88d0781f-f4c7-4b78-8d0a-1f3e4de78b5e": _FIRST + _EXPIRY + _PRIVACY,
    }
)
"""Ids and scheme: facts.md#stock-templates; what is said of expiry and secrecy is in our words."""

WITHOUT_TEMPLATE = "Your verification code is {{code}}."


def stock_templates() -> dict[str, Template]:
    """A fresh set of the stock templates."""
    return {key: Template(key, text, stock=True) for key, text in STOCK_TEXTS.items()}


def is_editable(template: Template) -> bool:
    """Stock templates belong to the vendor (our choice)."""
    return not template.stock


def edited_with(template: Template, _store: Store) -> tuple[Template, ...]:
    """The templates whose text an update changes: the one it names."""
    return (template,)


def render_template(template: Template) -> dict[str, Any]:
    """A template as the API shows it."""
    return {"id": template.id, "text": template.text}


def message_text(template: Template | None, code: str, app_name: str | None, timeout: int) -> str:
    """The text of one message, with its variables filled in."""
    text = WITHOUT_TEMPLATE if template is None else template.text
    if "{{" not in text:
        return text
    return (
        text.replace("{{code}}", code)
        .replace("{{app_name}}", app_name or "your app")
        .replace("{{default_verification_timeout_secs}}", str(timeout))
    )
