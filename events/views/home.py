from datetime import date, datetime

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.drawn_cards import DrawnCard, drawn_cards
from events.enums import GENDER_BALANCE, JOB_DATING, Audience
from events.event_sets import EventSet, public_events
from events.france import france
from events.models import Event
from semaine.dates import HOME_ZONE, day_words, last_local_day, today
from semaine.models import Edition, SiteRevision
from semaine.public_pages import public_page
from semaine.text import NBSP, thousands

NEXT = 6
VISITORS = [
    (Audience.PUPILS, "Je suis au collège ou au lycée"),
    (Audience.STUDENTS, "Je fais des études"),
    (Audience.YOUTH, "Je suis en apprentissage"),
    (Audience.JOB_SEEKERS, "Je cherche un emploi"),
    (Audience.EVERYONE, "Je viens en famille, par curiosité"),
    (Audience.EDUCATORS, "J’enseigne ou j’oriente"),
    (Audience.RECRUITERS, "Je recrute"),
]
# What is counted, when there is one, and when there are more.
FIGURES = {
    "events": ("événement labellisé", "événements labellisés"),
    "organizations": ("organisateur", "organisateurs"),
    "departments": ("département ou collectivité", "départements et collectivités"),
    "job_datings": ("job dating", "job datings"),
    "gender_balance": ("événement sur la mixité femmes-hommes", "événements sur la mixité femmes-hommes"),
}


@public_page()
@require_safe
def home(request):
    at = timezone.now()
    edition = Edition.objects.current(at)
    # Without an edition there is no programme to send visitors to.
    context = {"edition": edition, "visitors": VISITORS if edition else [], "proposals": ""}
    if edition is None:
        context["france"] = france({}, by_department)
    else:
        context |= edition_context(edition, at)
    return render(request, "events/home.html", context)


def edition_context(edition: Edition, at: datetime) -> dict:
    """Return what the home page says of an edition: its moment, its map, its figures and what comes next."""
    structure = SiteRevision.objects.structure()
    events = public_events(edition, at)
    over = edition.is_over(at)
    return {
        "is_over": over,
        "countdown": countdown(edition, today(at)),
        "proposals": proposals(edition, at),
        # What the programme lists, the cancelled included: the numbers lead there.
        "france": france(events.on_show.numbers("departement"), by_department),
        "figures": in_words(figures(events.taking_place)),
        "cards": [] if over else next_cards(edition, events.on_show.taking_place, at, structure),
    }


def figures(events: EventSet) -> dict[str, int]:
    """Return how many events, of whom, where, and of the kinds that the week is known for."""
    return {
        "events": events.number,
        "organizations": events.organizations,
        "departments": len(events.placed.numbers("departement")),
        "job_datings": events.having("nature", JOB_DATING).number,
        "gender_balance": events.having("theme", GENDER_BALANCE).number,
    }


def in_words(figures: dict[str, int]) -> list[dict]:
    """Return the numbers with their nouns, without those of nothing."""
    return [
        {"number": thousands(figures[name]), "words": nouns[figures[name] > 1]}
        for name, nouns in FIGURES.items()
        if figures[name]
    ]


def next_cards(edition: Edition, coming: EventSet, at: datetime, structure: int) -> list[DrawnCard]:
    """Return the next events, first those that the national team picked."""
    picked = Event.objects.taking_place().filter(edition=edition).upcoming(at).picked()
    ids = list(picked.values_list("pk", flat=True)[:NEXT])
    ids += coming.without(ids)[: NEXT - len(ids)]
    return drawn_cards(ids, at, structure)


def by_department(code: str) -> str:
    """Return the address of a département's programme."""
    return f"{reverse('programme')}?departement={code}"


def countdown(edition: Edition, day: date) -> str:
    """Return how far the week is: « dans 15 jours », « c’est maintenant », « c’est terminé »."""
    left = (edition.starts_on - day).days
    if left > 0:
        return {1: "c’est demain", 2: "c’est après-demain"}.get(left, f"dans {left}{NBSP}jours")
    if day <= edition.ends_on:
        return "c’est aujourd’hui, dernier jour" if day == edition.ends_on else "c’est maintenant"
    if day <= edition.label_until:
        return f"encore des événements jusqu’au {day_words(edition.label_until, weekday=False)}"
    return "c’est terminé"


def proposals(edition: Edition, at: datetime) -> str:
    """Return until when, or from when, events may be proposed; nothing once it is too late."""
    if edition.accepts_submissions(at):
        last = last_local_day(edition.submissions_close_at, HOME_ZONE)
        return f"Vous pouvez proposer un événement jusqu’au {day_words(last, weekday=False)}."
    if at < edition.submissions_open_at:
        return f"Les propositions ouvrent le {day_words(today(edition.submissions_open_at))}."
    return ""
