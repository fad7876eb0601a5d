"""Listing, creating and changing message templates."""

from verify_harness.sandbox.error_envelope import not_found, refuse
from verify_harness.sandbox.exchange import Answer
from verify_harness.sandbox.operations.call import Call
from verify_harness.sandbox.operations.paths import id_in_path
from verify_harness.sandbox.records import Template


async def list_templates(call: Call) -> Answer:
    """GET /verify_profiles/templates: the stock ones first, no pages."""
    render = call.rules.render_template
    return Answer({"data": [render(template) for template in call.store.templates()]})


async def create_template(call: Call) -> Answer:
    """POST /verify_profiles/templates."""
    text = call.fields("create-template")["text"]
    await call.store.seam("template")
    template = Template(call.tenant.new_id(), text)
    call.store.records.templates[template.id] = template
    return Answer({"data": call.rules.render_template(template)})


async def update_template(call: Call) -> Answer:
    """PATCH /verify_profiles/templates/{template_id}; every profile that uses it changes too."""
    template = call.store.template_to_change(id_in_path(call))
    text = call.fields("update-template")["text"]
    if template is None:
        raise not_found("template")
    if not call.rules.is_editable(template):
        raise refuse(403, "10010", "A stock template cannot be changed.")
    await call.store.seam("template")
    for edited in call.rules.edited_with(template, call.store):
        edited.text = text
    return Answer({"data": call.rules.render_template(template)})
