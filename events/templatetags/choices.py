"""The choices of the filter form: nearly two hundred lines, whose loops cost a template half of its page.

What is written here is what a template would write; every text that comes from the database is escaped.
"""

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from events.panel import Group

register = template.Library()
NONE, CHECKED, SELECTED = ' class="none"', " checked", " selected"


@register.simple_tag
def options(group: Group) -> str:
    """Return the options of a list of territories, each with its count."""
    return mark_safe(  # noqa: S308 - escaped below
        "".join(
            f'<option value="{escape(each.value)}"{SELECTED if each.checked else ""}>'
            f"{escape(each.label)}&nbsp;: {each.count}</option>"
            for each in group.choices
        )
    )


@register.simple_tag
def boxes(group: Group, kind: str = "checkbox") -> str:
    """Return the choices of a group, as boxes to tick or buttons of which one is chosen, each with its count."""
    return mark_safe("".join(_box(group.name, kind, each) for each in group.choices))  # noqa: S308 - escaped below


def _box(name: str, kind: str, choice) -> str:
    value, checked = escape(choice.value), CHECKED if choice.checked else ""
    return (
        f"<li{'' if choice.number else NONE}><label>"
        f'<input type="{kind}" name="{name}" value="{value}"{checked}> {escape(choice.label)} '
        f'<span class="count" data-count="{name}-{value}">{choice.count}'
        '<span class="visually-hidden"> événements</span></span></label></li>'
    )
