"""Faults of message templates."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from verify_harness.sandbox.faults.registry import fault
from verify_harness.sandbox.records import Template
from verify_harness.sandbox.rules import Rules
from verify_harness.sandbox.store import Store


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
