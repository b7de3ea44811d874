"""What the page of a step shows beside its form."""

from django.conf import settings
from django.templatetags.static import static

from events import duplicates, steps
from events.calendar import window
from events.eligibility import slot_days
from events.facts import facts_of
from events.findings import by_urgency
from events.models import Event
from events.step_asked import above, last_asked, say_beside
from events.step_forms.base import Contents, StepForm
from semaine.dates import zone_words

TEMPLATES = {
    "quoi": "events/step_what.html",
    "quand": "events/step_when.html",
    "ou": "events/step_where.html",
    "qui": "events/step_who.html",
}


def redrawn(form: StepForm, posted) -> StepForm | None:
    """Return the step as it was typed, not judged, where a button only asks to draw it again."""
    if "add_slot" in posted and form.lines is not None:
        return form.with_one_more_line()
    if "preview" in posted:
        return type(form)(contents=form.contents, initial=form.typed())
    return None


def context_of(
    form: StepForm, step: steps.Step, *, reader, typed: StepForm, previews=False, event=None
) -> dict:
    """Return what the page of a step shows. `typed`: the form whose contents are judged; `event`: where links lead."""
    if typed.is_bound:
        typed.is_valid()
    shown = steps.as_typed(typed) if typed.is_bound else typed.contents
    event = event or shown.event
    findings = steps.findings_of(shown)
    asked = last_asked(event)
    say_beside(form, asked)
    context = {
        "event": event,
        "mends": event,
        "step": step,
        "number": steps.STEPS.index(step) + 1,
        "steps": steps.lines(event, step, findings),
        "step_template": TEMPLATES[step.code],
        "action": steps.address(event, step),
        "form": form,
        "slots": form.lines,
        "differences": getattr(form, "compared", []),
        "verdict": by_urgency(findings),
    }
    return context | above(event, asked) | _beside(shown, step, reader) | {"previews": previews}


def _beside(shown: Contents, step: steps.Step, reader) -> dict:
    """Return what one step alone shows beside its fields."""
    if step.code == "quoi":
        # Beside the title, where one may still give up.
        return {"alike": duplicates.warnings(*shown, reader=reader), "preview": shown.event.description}
    return {"alike": [], "preview": ""} | _when_and_where(shown, step)


def _when_and_where(shown: Contents, step: steps.Step) -> dict:
    event = shown.event
    if step.code == "quand":
        days = slot_days(facts_of(event, shown.slots))
        return {
            "window": window(event.edition.label_window(event.department), days),
            "zone": zone_words(event.timezone),
            "place": event.commune,
        }
    if step.code == "ou":
        return {
            "window": None,
            "point": _point(event),
            "is_approximate": event.commune and not event.point_source,
        }
    return {"window": None}


def _point(event: Event) -> dict:
    """Return what the map of the point needs: where it is, in degrees, and what is drawn below."""
    tiles = (
        {"url": settings.TILE_URL, "attribution": settings.TILE_ATTRIBUTION} if settings.TILE_URL else None
    )
    return {
        "lat": event.latitude,
        "lon": event.longitude,
        "tiles": tiles,
        "outlinesUrl": static("geo/france.topo.json"),
    }
