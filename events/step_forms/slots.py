"""The lines that say when: one per slot, in the local time of the place."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django import forms
from django.forms import formset_factory

from events.models.slot import LONGEST
from semaine.dates import day_words, local
from semaine.forms import DayField, HourField, PortalForm

# What one page shows and sends; an event may have many more.
PAGE = 50
MIDNIGHT = time(0, 0)
CLOCKS_CHANGE = (
    "Un de vos créneaux tombe pendant le changement d’heure : décalez-le ou raccourcissez-le d’une heure."
)


class SlotForm(PortalForm):
    # A line is whole or empty: no field of it is optional by itself.
    hide_optional = True

    day = DayField(label="Jour", required=False)
    start = HourField(label="Début", required=False)
    end = HourField(label="Fin", required=False)
    remove = forms.BooleanField(label="Retirer", required=False)

    def clean(self):
        data = super().clean()
        if data.get("remove"):
            self._errors.clear()
            return data
        names = [name for name in ("day", "start", "end") if name not in self.errors]
        given = [name for name in names if data.get(name) is not None]
        if given:
            for name in set(names) - set(given):
                self.add_error(name, f"{self.fields[name].label} : complétez ce créneau ou videz-le.")
        check_order(self, data.get("start"), data.get("end"))
        return data

    def moments(self, zone: str) -> tuple[datetime, datetime] | None:
        """Return the slot's (start, end) in a zone; None for an empty line. An end at 00:00 is that night's."""
        data = self.cleaned_data
        if data.get("remove") or any(data.get(name) is None for name in ("day", "start", "end")):
            return None
        return moments(data["day"], data["start"], data["end"], zone)


class BaseSlotFormSet(forms.BaseFormSet):
    default_error_messages = {
        "missing_management_form": (
            "Les créneaux ne sont pas arrivés en entier : saisissez-les de nouveau, puis enregistrez."
        ),
        "too_many_forms": f"Cette page reçoit {PAGE} créneaux au plus : ajoutez les suivants en série.",
    }

    def slots(self, zone: str) -> list[tuple[datetime, datetime]]:
        """Return what the lines say, in their order; a line that is not right yet says nothing."""
        right = (form for form in self.forms if not form.errors)
        return sorted(slot for slot in (form.moments(zone) for form in right) if slot)


def check_order(form, start, end, name: str = "end") -> None:
    if start is not None and end is not None and end != MIDNIGHT and end <= start:
        form.add_error(name, f"La fin ({end:%H:%M}) doit suivre le début ({start:%H:%M}) le même jour.")


def moments(day: date, start: time, end: time, zone: str) -> tuple[datetime, datetime]:
    """Return (start, end) in UTC, or Python would compare the hands of the clock and not the time."""
    there = ZoneInfo(zone)
    last_day = day + timedelta(days=end == MIDNIGHT)
    starts_at, ends_at = datetime.combine(day, start, there), datetime.combine(last_day, end, there)
    return starts_at.astimezone(UTC), ends_at.astimezone(UTC)


def lines_of(slots, zone: str) -> list[dict]:
    """Return slots as the lines show them, in the time of a zone."""
    lines = []
    for starts_at, ends_at in slots:
        starts, ends = local(starts_at, zone), local(ends_at, zone)
        lines.append({"day": starts.date(), "start": starts.time(), "end": ends.time()})
    return lines


def moved(slots, old: str, new: str) -> list[tuple[datetime, datetime]]:
    """Return the slots at the same hours of the clock in another zone."""
    return [moments(**line, zone=new) for line in lines_of(slots, old)]


def fault(slots, zone: str) -> str:
    """Return in French why sorted slots cannot be those of one event; nothing when they can."""
    for (_, ends_at), (starts_at, _) in pairwise(slots):
        if starts_at < ends_at:
            day = day_words(local(starts_at, zone).date())
            return f"Deux créneaux se chevauchent le {day} : corrigez leurs heures ou retirez-en un."
    # On the night the clocks change, an hour goes or comes twice.
    if any(not starts_at < ends_at <= starts_at + LONGEST for starts_at, ends_at in slots):
        return CLOCKS_CHANGE
    return ""


def slot_lines(data=None, *, initial: list[dict]):
    """Return the lines of a page: those of the slots, and an empty one."""
    made = formset_factory(
        SlotForm,
        formset=BaseSlotFormSet,
        extra=1,
        max_num=PAGE + 1,
        validate_max=True,
        absolute_max=PAGE + 10,
    )
    # What is sent says it all: a line that is as before is a line all the same.
    return made(data, prefix="slots", initial=None if data else initial)
