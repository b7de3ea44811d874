"""The referent's last word, above the steps and beside the fields that it is about."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.asking import points
from events.models import Decision, Event
from events.steps import field_address


def last_asked(event: Event) -> Decision | None:
    """Return what a referent decided last, unless the organizer did something since. One query."""
    last = event.decisions.defer("contents", "findings").last() if event.pk else None
    return last if last and last.office_id else None


def above(event: Event, decision: Decision | None) -> dict:
    """Return the message, and what is to be mended, each with the address of its field."""
    asked = points(decision) if decision else []
    return {
        "message": decision.comment if decision else "",
        "points": [each._asdict() | {"url": field_address(event, each.name)} for each in asked],
    }


def say_beside(form, decision: Decision | None) -> None:
    """Put what the referent asks for into the help of each field, which is read aloud with it."""
    for point in points(decision) if decision else []:
        if point.name in form.fields:
            field = form.fields[point.name]
            said = format_html('<strong class="asked">Votre référent : {}</strong>', point.text)
            field.help_text = format_html("{} {}", SafeString(field.help_text), said)
