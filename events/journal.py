"""The journal of the national team, three logs together: what was decided on events, who came in or had a right
changed, and what was done to editions, lists, offices, partners and organizations.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet, Value
from django.urls import reverse
from django.utils.timezone import localtime

from events.enums import Rule, Transition
from events.imports.writers import MARK, neutral
from events.models import Decision
from organizers.enums import LogKind
from organizers.models import LogLine
from semaine.dates import PARIS
from semaine.text import NBSP, sort_key

DECISIONS, ACCESS, FRAME = "decisions", "acces", "reglages"
COLUMNS = ["Date", "Heure", "Quoi", "Qui", "Service", "Sur", "Détail"]
BATCH = 2000
WHO = ("at", "by__name", "by__email", "office__name")
OF_DECISIONS = (*WHO, "transition", "rule", "comment", "event__title")
OF_ACCESS = (*WHO, "kind", "detail", "person__name", "person__email")
OF_FRAME = (
    "action_time",
    "action_flag",
    "object_repr",
    "change_message",
    "user__name",
    "user__email",
    "content_type",
)


@dataclass(frozen=True)
class Line:
    at: datetime
    what: str
    who: str
    office: str
    about: str
    detail: str
    url: str = ""


class JournalForm(forms.Form):
    """What is looked for; nothing is shown while a value is wrong."""

    q = forms.CharField(
        label="Chercher",
        required=False,
        max_length=100,
        error_messages={"max_length": "Chercher : écrivez 100 caractères au plus."},
    )
    sorte = forms.ChoiceField(
        label="Lignes",
        required=False,
        choices=[
            ("", "Toutes"),
            (DECISIONS, "Décisions"),
            (ACCESS, "Connexions et droits"),
            (FRAME, "Réglages et organisations"),
        ],
        error_messages={
            "invalid_choice": "Lignes : « %(value)s » n’est pas dans la liste. Choisissez-y une valeur."
        },
    )
    du = forms.DateField(
        label="Du", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    au = forms.DateField(
        label="Au", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("du", "au"):
            field = self.fields[name]
            typed = self.data.get(name, "")[:40]
            field.error_messages["invalid"] = (
                f"{field.label} : « {typed} » n’est pas une date. Écrivez-la comme 2026-11-20."
            )

    def clean(self):
        first, last = self.cleaned_data.get("du"), self.cleaned_data.get("au")
        if first and last and last < first:
            self.add_error("au", "Au : cette date est avant la première. Choisissez-en une après.")


def found(query: dict) -> QuerySet:
    """Return the lines that a valid form asks for, the latest first: their source, key and time only."""
    words, kind = query["q"], query["sorte"]
    sources = {
        DECISIONS: Decision.objects.filter(_decided(words)),
        ACCESS: LogLine.objects.filter(_logged(words)),
        FRAME: LogEntry.objects.filter(_written(words)).annotate(at=F("action_time")),
    }
    rows = [
        _keys(_between(rows, query["du"], query["au"]), name)
        for name, rows in sources.items()
        if kind in ("", name)
    ]
    return rows[0].union(*rows[1:], all=True).order_by("-at", "-source", "-pk")


def lines(keys: Iterable[dict]) -> list[Line]:
    """Return the lines of these keys, in their order. Three queries."""
    keys = list(keys)
    rows = {
        DECISIONS: Decision.objects.select_related("by", "office", "event").only(*OF_DECISIONS),
        ACCESS: LogLine.objects.select_related("by", "person", "office").only(*OF_ACCESS),
        FRAME: LogEntry.objects.select_related("user").only(*OF_FRAME),
    }
    found = {
        name: source.in_bulk([key["pk"] for key in keys if key["source"] == name])
        for name, source in rows.items()
    }
    told = {DECISIONS: _decision, ACCESS: _access, FRAME: _frame}
    return [told[key["source"]](found[key["source"]][key["pk"]]) for key in keys]


def as_csv(keys: QuerySet) -> Iterator[str]:
    """Yield a CSV file as French spreadsheets open it, in parts: it may be long."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield MARK + writer.writerow(COLUMNS)
    batch = []
    for key in keys.iterator(chunk_size=BATCH):
        batch.append(key)
        if len(batch) == BATCH:
            yield "".join(writer.writerow(_cells(line)) for line in lines(batch))
            batch = []
    yield "".join(writer.writerow(_cells(line)) for line in lines(batch))


class _Echo:
    """Where `csv` writes a line: it gives it back."""

    def write(self, line: str) -> str:
        return line


def _cells(line: Line) -> list[str]:
    at = localtime(line.at, PARIS)
    texts = line.what, line.who, line.office, line.about, line.detail
    return [f"{at:%d/%m/%Y}", f"{at:%H:%M:%S}", *(neutral(text) for text in texts)]


def _keys(rows: QuerySet, source: str) -> QuerySet:
    return rows.annotate(source=Value(source)).order_by().values("source", "pk", "at")


def _between(rows: QuerySet, first: date | None, last: date | None) -> QuerySet:
    if first:
        rows = rows.filter(at__gte=datetime.combine(first, time.min, PARIS))
    if last:
        rows = rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, PARIS))
    return rows


def _decided(words: str) -> Q:
    if not words:
        return Q()
    asked = _any(
        words, "by__name", "by__email", "office__name", "event__title", "event__label_number", "comment"
    )
    return asked | Q(transition__in=_named(Transition, words))


def _logged(words: str) -> Q:
    if not words:
        return Q()
    asked = _any(words, "by__name", "by__email", "person__name", "person__email", "office__name", "detail")
    return asked | Q(kind__in=_named(LogKind, words))


def _written(words: str) -> Q:
    if not words:
        return Q()
    asked = _any(words, "user__name", "user__email", "object_repr", "change_message")
    named = [kind.pk for kind in ContentType.objects.all() if sort_key(words) in sort_key(kind.name)]
    return asked | Q(content_type__in=named)


def _any(words: str, *fields: str) -> Q:
    return Q(*((f"{field}__icontains", words) for field in fields), _connector=Q.OR)


def _named(choices, words: str) -> list[str]:
    return [each.value for each in choices if sort_key(words) in sort_key(each.label)]


def _decision(decision: Decision) -> Line:
    what = Transition(decision.transition).label
    rule = f"Règle : {Rule(decision.rule).label.lower()}. " if decision.rule else ""
    return Line(
        at=decision.at,
        what=what,
        who=str(decision.by),
        office=str(decision.office or ""),
        about=decision.event.title,
        detail=f"{rule}{decision.comment}",
        url=reverse("admin:events_event_examine", args=[decision.event_id]),
    )


def _access(line: LogLine) -> Line:
    return Line(
        at=line.at,
        what=line.get_kind_display(),
        who=str(line.by or "Personne de connecté"),
        office=str(line.office or ""),
        about=str(line.person or ""),
        detail=line.detail,
    )


def _frame(line: LogEntry) -> Line:
    kind = ContentType.objects.get_for_id(line.content_type_id)
    return Line(
        at=line.action_time,
        what=f"{line.get_action_flag_display()}{NBSP}: {kind.name}",
        who=str(line.user),
        office="",
        about=line.object_repr,
        detail=line.get_change_message(),
    )
