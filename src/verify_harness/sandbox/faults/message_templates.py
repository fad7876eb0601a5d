"""Faults of message templates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.faults.shorthand import with_check
from verify_harness.sandbox.records import Template
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store
from verify_harness.sandbox.validation import text


@fault(
    "created-template-not-listed",
    breaks="VFY-TMPL-001",
    harm="A template cannot be found again, because there is no other way to read it.",
)
def created_template_not_listed(store: Store) -> Store:
    def listed(templates: Sequence[Template]) -> Sequence[Template]:
        return [template for template in templates if template.stock]

    return replace(store, listed_templates=listed)


@fault(
    "update-changes-every-template",
    breaks="VFY-TMPL-002",
    harm="One team's text goes out to another team's customers.",
)
def update_changes_every_template(rules: Rules) -> Rules:
    def edited_with(_template: Template, store: Store) -> Iterable[Template]:
        return [each for each in store.records.templates.values() if not each.stock]

    return replace(rules, edited_with=edited_with)


@fault(
    "template-update-lost",
    breaks="VFY-TMPL-002",
    harm="The old text goes on being sent.",
)
def template_update_lost(rules: Rules) -> Rules:
    def edited_with(_template: Template, _store: Store) -> Iterable[Template]:
        return ()

    return replace(rules, edited_with=edited_with)


@fault(
    "stock-templates-not-listed",
    breaks="VFY-TMPL-003",
    harm="A console offers no template to choose from.",
)
def stock_templates_not_listed(store: Store) -> Store:
    def listed(templates: Sequence[Template]) -> Sequence[Template]:
        return [template for template in templates if not template.stock]

    return replace(store, listed_templates=listed)


@fault(
    "template-not-used",
    breaks="VFY-TMPL-004",
    harm="Customers get a text that nobody at the company has seen.",
)
def template_not_used(rules: Rules) -> Rules:
    def message_text(
        _template: Template | None, code: str, app_name: str | None, timeout_secs: int
    ) -> str:
        return rules.message_text(None, code, app_name, timeout_secs)

    return replace(rules, message_text=message_text)


@fault(
    "app-name-not-filled-in",
    breaks="VFY-TMPL-004",
    harm="Customers read curly brackets and take the message for fraud.",
)
def app_name_not_filled_in(rules: Rules) -> Rules:
    def message_text(
        template: Template | None, code: str, _app_name: str | None, timeout_secs: int
    ) -> str:
        return rules.message_text(template, code, "{{app_name}}", timeout_secs)

    return replace(rules, message_text=message_text)


@fault(
    "only-the-first-code-filled-in",
    breaks="VFY-TMPL-004",
    harm="A text that repeats the code shows it once and a placeholder after it.",
)
def only_the_first_code_filled_in(rules: Rules) -> Rules:
    def message_text(
        template: Template | None, code: str, app_name: str | None, timeout_secs: int
    ) -> str:
        written = rules.message_text(template, "{{code}}", app_name, timeout_secs)
        return written.replace("{{code}}", code, 1)

    return replace(rules, message_text=message_text)


@fault(
    "no-code-without-a-template",
    breaks="VFY-TMPL-004",
    harm="Customers of a profile without a template get a message with nothing to type in.",
)
def no_code_without_a_template(rules: Rules) -> Rules:
    def message_text(
        template: Template | None, code: str, app_name: str | None, timeout_secs: int
    ) -> str:
        shown = code if template is not None else "on its way"
        return rules.message_text(template, shown, app_name, timeout_secs)

    return replace(rules, message_text=message_text)


@fault(
    "template-without-code-taken",
    breaks="VFY-TMPL-005",
    harm="Messages without a code go out to everybody until somebody complains.",
)
def template_without_code_taken(rules: Rules) -> Rules:
    return with_check(rules, "text", text(1, 1000))


@fault(
    "code-variable-in-any-spelling",
    breaks="VFY-TMPL-005",
    harm="A variable that is never filled in passes for the code.",
)
def code_variable_in_any_spelling(rules: Rules) -> Rules:
    return with_check(rules, "text", text(1, 1000, r"(?si:.*\{\{\s*code\s*\}\}.*)"))


@fault(
    "first-text-of-a-template-kept",
    breaks="VFY-TMPL-006",
    harm="A mistake in a text that was corrected goes on being sent.",
)
def first_text_of_a_template_kept(rules: Rules) -> Rules:
    def message_text(
        template: Template | None, code: str, app_name: str | None, timeout_secs: int
    ) -> str:
        if template is not None:
            template = kept.setdefault(template.id, replace(template))
        return rules.message_text(template, code, app_name, timeout_secs)

    kept: dict[str, Template] = {}
    return replace(rules, message_text=message_text)


@fault(
    "edit-reaches-profiles-without-a-template",
    breaks="VFY-TMPL-007",
    harm="One application's new words go out under another's name.",
)
def edit_reaches_profiles_without_a_template(rules: Rules) -> Rules:
    def edited_with(template: Template, store: Store) -> Iterable[Template]:
        edited[:] = [template]
        return rules.edited_with(template, store)

    def message_text(
        template: Template | None, code: str, app_name: str | None, timeout: int
    ) -> str:
        used = template or (edited[0] if edited else None)
        return rules.message_text(used, code, app_name, timeout)

    edited: list[Template] = []
    return replace(rules, edited_with=edited_with, message_text=message_text)
