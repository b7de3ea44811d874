"""Second step: when. A page of lines, one per slot, and a series that adds many at once."""

from datetime import date, timedelta

from django import forms

from events.contents import MOST_SLOTS
from events.step_forms.base import Difference, StepForm
from events.step_forms.fields import checkboxes
from events.step_forms.slots import PAGE, check_order, fault, lines_of, moments, slot_lines
from semaine.dates import WEEKDAYS, day_words, hour_words, local
from semaine.forms import DayField, HourField, TextField
from semaine.text import count

TOO_MANY = (
    "Un événement compte {} créneaux au plus, et il en aurait {}. Retirez-en, ou faites deux événements."
)
LONGEST_SERIES = 366  # days


class WhenForm(StepForm):
    """The lines of one page; what the other pages hold stays as it is."""

    page = forms.IntegerField(label="Page", required=False, min_value=1, widget=forms.HiddenInput)
    # The slots that the lines showed: what they are now takes the place of these and of no others.
    shown = TextField(label="Créneaux montrés", max_length=2000, required=False, widget=forms.HiddenInput)
    first_day = DayField(label="Du", required=False)
    last_day = DayField(label="Au", required=False, help_text="Le même jour, s’il n’y en a qu’un.")
    weekdays = checkboxes(
        label="Quels jours de la semaine",
        choices=[(str(number), day.capitalize()) for number, day in enumerate(WEEKDAYS)],
    )
    from_hour = HourField(label="De", required=False)
    to_hour = HourField(label="À", required=False)

    not_stored = ("base", "page", "shown", "first_day", "last_day", "weekdays", "from_hour", "to_hour")
    hide_optional = True
    # A line that is half typed must not take away the slot that it was.
    saves_partly = False
    series_names = ("first_day", "last_day", "from_hour", "to_hour")

    def __init__(self, data=None, *args, contents, page: int = 1, lines=None, **kwargs):
        kwargs["initial"] = {"weekdays": [str(each) for each in range(7)]} | (kwargs.get("initial") or {})
        super().__init__(data, *args, contents=contents, **kwargs)
        self.zone = contents.event.timezone
        self.pages = max(1, -(-len(contents.slots) // PAGE))
        self.number = min(max(page, 1), self.pages)
        shown = contents.slots[self._slice]
        self.initial["shown"] = self.initial.get("shown") or _names(shown)
        self.lines = slot_lines(data, initial=lines_of(shown, self.zone) if lines is None else lines)
        # A series is only judged when its own button was pressed.
        self.adds_series = bool(data) and "add_series" in data

    @property
    def _slice(self) -> slice:
        return slice((self.number - 1) * PAGE, self.number * PAGE)

    @classmethod
    def initial_of(cls, contents) -> dict:
        return {}

    @classmethod
    def stored_state(cls, contents) -> str:
        return str([(starts_at.timestamp(), ends_at.timestamp()) for starts_at, ends_at in contents.slots])

    def clean(self):
        data = super().clean()
        if self.adds_series:
            self._check_series(data)
        return data

    def _check_series(self, data: dict) -> None:
        for name in self.series_names:
            if name not in self.errors and data.get(name) is None:
                self.add_error(name, f"{self.fields[name].label} : complétez la série, puis ajoutez-la.")
        check_period(self, data)
        if not self.errors and not self._series_days(data):
            self.add_error("weekdays", "Aucun de ces jours n’est dans la série : cochez-en d’autres.")

    def is_valid(self) -> bool:
        right = super().is_valid() & self.lines.is_valid()
        if not right:
            return False
        if trouble := self._trouble():
            self.lines._non_form_errors.append(trouble)
        return not trouble

    def _trouble(self) -> str:
        slots = self.slots()
        if len(slots) > MOST_SLOTS:
            return TOO_MANY.format(MOST_SLOTS, len(slots))
        return fault(slots, self.zone)

    @property
    def values(self) -> dict:
        return {}

    def slots(self) -> list:
        """Return all slots of the event: the other pages', this page's lines, and the series."""
        shown = self.data.get("shown", self.initial["shown"]).split()
        others = {slot for slot in self.contents.slots if _name(slot) not in shown}
        return sorted({*others, *self.lines.slots(self.zone), *self._series()})

    @property
    def state(self) -> dict[str, str]:
        return {"shown": _names(self.lines.slots(self.zone))}

    def _series(self) -> list:
        data = self.cleaned_data
        if not self.adds_series or any(data.get(name) is None for name in self.series_names):
            return []
        hours = data["from_hour"], data["to_hour"]
        return [moments(day, *hours, self.zone) for day in self._series_days(data)]

    def _series_days(self, data: dict) -> list[date]:
        first, last = data["first_day"], data["last_day"]
        days = (first + timedelta(days=each) for each in range((last - first).days + 1))
        return [day for day in days if str(day.weekday()) in data.get("weekdays", ())]

    def differences(self) -> list[Difference]:
        mine, theirs = set(self.slots()), set(self.contents.slots)
        if mine == theirs:
            return []
        return [Difference("Créneaux", self._words(mine - theirs), self._words(theirs - mine))]

    def _words(self, slots) -> str:
        shown = [self._slot_words(*slot) for slot in sorted(slots)[:5]]
        left = len(slots) - len(shown)
        return (
            " ; ".join(shown + ([count(left, "autre créneau", "autres créneaux")] if left else []))
            or "(rien de plus)"
        )

    def _slot_words(self, starts_at, ends_at) -> str:
        starts, ends = local(starts_at, self.zone), local(ends_at, self.zone)
        return f"{day_words(starts.date(), year=True)}, {hour_words(starts)}–{hour_words(ends)}"

    def read_again(self) -> None:
        """What is stored on this page now is what saving once more replaces."""
        super().read_again()
        self.data["shown"] = _names(self.contents.slots[self._slice])

    def with_one_more_line(self) -> "WhenForm":
        """Return the same page with what was typed and an empty line below: nothing is judged before they save."""
        lines = [{field.name: field.data for field in line} for line in self.lines]
        return type(self)(contents=self.contents, page=self.number, lines=lines, initial=self.typed())


def _names(slots) -> str:
    return " ".join(map(_name, slots))


def _name(slot) -> str:
    """Return a slot as a page carries it: its start and its end in seconds since 1970."""
    return "-".join(f"{moment.timestamp():.0f}" for moment in slot)


def check_period(form: WhenForm, data: dict) -> None:
    """Is the series' end after its beginning, in days and in hours, and not too far?"""
    first, last = data.get("first_day"), data.get("last_day")
    if first and last and last < first:
        form.add_error(
            "last_day", f"Le dernier jour ({last:%d/%m/%Y}) doit suivre le premier ({first:%d/%m/%Y})."
        )
    elif first and last and (last - first).days >= LONGEST_SERIES:
        form.add_error("last_day", f"Une série dure un an au plus : vérifiez l’année ({last:%Y}).")
    start, end = data.get("from_hour"), data.get("to_hour")
    if start is not None and end is not None:
        check_order(form, start, end, name="to_hour")
