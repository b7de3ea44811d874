"""The lines of the form that say when: one per slot, in the local time of the place."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory

from events.models.slot import LONGEST
from semaine.dates import day_words, local
from semaine.forms import DayField, HourField, PortalForm

MOST_SLOTS = 60
MIDNIGHT = time(0, 0)
CLOCKS_CHANGE = (
    "Un de vos créneaux tombe pendant le changement d’heure : décalez-le ou raccourcissez-le d’une heure."
)


class SlotForm(PortalForm):
    day = DayField(label="Jour", required=False)
    start = HourField(label="Début", required=False)
    end = HourField(label="Fin", required=False)

    def clean(self):
        data = super().clean()
        names = [name for name in ("day", "start", "end") if name not in self.errors]
        given = [name for name in names if data.get(name) is not None]
        if given:
            for name in set(names) - set(given):
                self.add_error(name, f"{self.fields[name].label} : complétez ce créneau ou videz-le.")
        start, end = data.get("start"), data.get("end")
        if start is not None and end is not None and end != MIDNIGHT and end <= start:
            self.add_error("end", f"La fin ({end:%H:%M}) doit suivre le début ({start:%H:%M}) le même jour.")
        return data

    def moments(self, zone: str) -> tuple[datetime, datetime] | None:
        """Return the slot's (start, end) in a zone; None for an empty line. An end at 00:00 is that night's."""
        data = self.cleaned_data
        if data.get("day") is None:
            return None
        there = ZoneInfo(zone)
        last_day = data["day"] + timedelta(days=data["end"] == MIDNIGHT)
        starts_at = datetime.combine(data["day"], data["start"], there)
        ends_at = datetime.combine(last_day, data["end"], there)
        # In UTC, or Python would compare the hands of the clock and not the time.
        return starts_at.astimezone(UTC), ends_at.astimezone(UTC)


class BaseSlotFormSet(forms.BaseFormSet):
    default_error_messages = {
        "missing_management_form": (
            "Les créneaux ne sont pas arrivés en entier : saisissez-les de nouveau, puis enregistrez."
        ),
        "too_many_forms": f"Un événement compte {MOST_SLOTS} créneaux au plus dans ce formulaire.",
    }

    def clean(self):
        if any(self.errors):
            return
        taken = sorted(slot for slot in (form.moments("UTC") for form in self.forms) if slot)
        for (_, ends_at), (starts_at, _) in pairwise(taken):
            if starts_at < ends_at:
                raise ValidationError(
                    f"Deux créneaux se chevauchent le {day_words(starts_at.date())} : "
                    "corrigez leurs heures ou supprimez-en un."
                )

    def fit(self, zone: str) -> bool:
        """Do the slots hold in this zone? On the night the clocks change, an hour goes or comes twice."""
        taken = self.slots(zone)
        overlaps = any(starts_at < ends_at for (_, ends_at), (starts_at, _) in pairwise(taken))
        if overlaps or any(not starts_at < ends_at <= starts_at + LONGEST for starts_at, ends_at in taken):
            self._non_form_errors.append(CLOCKS_CHANGE)
        return self.is_valid()

    def slots(self, zone: str) -> list[tuple[datetime, datetime]]:
        return sorted(slot for slot in (form.moments(zone) for form in self.forms) if slot)


def lines_of(slots, zone: str) -> list[dict]:
    """Return what the lines show of (start, end) pairs, in a zone."""
    moments = [(local(starts_at, zone), local(ends_at, zone)) for starts_at, ends_at in slots]
    return [{"day": starts.date(), "start": starts.time(), "end": ends.time()} for starts, ends in moments]


def slot_formset(data=None, *, initial: list[dict] | None = None):
    """Return the slots' forms: those given, and an empty one."""
    made = formset_factory(
        SlotForm,
        formset=BaseSlotFormSet,
        extra=1,
        max_num=MOST_SLOTS,
        validate_max=True,
        absolute_max=MOST_SLOTS + 10,
    )
    return made(data, prefix="slots", initial=initial)
