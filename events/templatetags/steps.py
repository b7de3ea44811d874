"""Where a finding is mended: the step and the field."""

from django import template

from events.steps import field_address

register = template.Library()


@register.filter
def mended_at(finding, event) -> str:
    """Return the address of the field that mends a finding of this event; nothing where there is none yet."""
    return field_address(event, finding.field)
