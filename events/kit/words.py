"""What the certificate, the posters and the signature say of an event: words, in the order they are read."""

from django.conf import settings
from django.urls import reverse

from events.agenda import Agenda
from events.cards import Card
from events.enums import AccessMode, Audience, RegistrationKind
from events.exports.letters import drawable
from events.exports.pdf import qr_code
from semaine.dates import day_words, period_words, today
from semaine.text import NBSP, join_words

MOST_DAYS = 3  # more are said as a period
MOST_HOURS = 3
NO_TITLE = "Événement labellisé"
DEMO = f"Édition de démonstration{NBSP}: ceci est un exemple."
SEE_PAGE = "Horaires sur la page de l’événement"


def event_url(card: Card) -> str:
    return settings.SITE_URL + card.get_absolute_url


def label_url(card: Card) -> str:
    return settings.SITE_URL + reverse("label_check", args=[card.label_number])


def poster(card: Card, paper: str) -> dict:
    """Return the data of templates/pdf/poster.typ; `paper` is "a4" or "a3"."""
    data = _common(card, f"Affiche{NBSP}: {card.title}", event_url(card))
    return data | {
        "paper": paper,
        "kind": drawable(card.format_label),
        "summary": drawable(card.summary),
        "when": [{"day": _unbroken(_capital(day)), "hours": hours} for day, hours in when(card)],
        "where": list(map(drawable, where(card))),
        "access": drawable(access(card)),
        "footer": " · ".join(
            filter(None, [drawable(card.organizer_name), f"Label {card.label_number}", _demo(card)])
        ),
    }


def certificate(card: Card) -> dict:
    """Return the data of templates/pdf/certificate.typ."""
    event = card.event
    days = [f"{_capital(day)}, {hours}".removesuffix(", ") for day, hours in when(card)]
    address = _short_address(card)
    data = _common(card, f"Certificat de label {card.label_number}{NBSP}: {card.title}", label_url(card))
    return data | {
        "year": str(event.edition.year),
        "organizer": drawable(f"Proposé par {card.organizer_name}"),
        "lines": [drawable(line) for line in (card.address_label, *days)],
        "number": card.label_number,
        "labelled_on": day_words(today(event.labelled_at), weekday=False, year=True),
        "office": drawable(event.office.name),
        "note": [_demo(card) or f"Le label peut être retiré. Vérifiez-le{NBSP}:", "".join(address)],
    }


def _common(card: Card, document: str, url: str) -> dict:
    edition = card.event.edition
    return {
        "document": "".join(letter for letter in document if letter.isprintable() or letter == NBSP),
        "edition": f"Semaine de l’industrie {edition.year}",
        "week": edition.week,
        "title": drawable(card.title) or NO_TITLE,
        "url": url,
        "short_url": _short_address(card),
        "qr": qr_code(url),
    }


def _short_address(card: Card) -> list[str]:
    """Return what one types without reading the code: the site, then the path of the label, which leads on."""
    site, _, path = label_url(card).partition("://")[2].partition("/")
    return [site, f"/{path}".rstrip("/")]


def when(card: Card) -> list[tuple[str, str]]:
    """Return « jeudi 20 novembre » and its hours for each day; many days are said as one period."""
    if not card.slots:
        return []
    days: dict[str, list[str]] = {}
    # As it stands before the first slot: what is printed does not change as the days go by.
    for time in Agenda(card.event, card.slots, card.slots[0].starts_at).coming:
        days.setdefault(time.day, []).append(time.hours)
    if len(days) <= MOST_DAYS:
        return [(day, _hours(hours, card)) for day, hours in days.items()]
    first, last = card.slots[0].first_day, card.slots[-1].last_day
    period = period_words(first, last, year=False)
    if (last - first).days + 1 > len(days):
        period = f"{len(days)} dates, {period}"
    same = len({tuple(hours) for hours in days.values()}) == 1
    return [(period, _hours(next(iter(days.values())), card) if same else SEE_PAGE)]


def _hours(hours: list[str], card: Card) -> str:
    if len(hours) > MOST_HOURS:
        return SEE_PAGE
    zone = card.agenda.zone if card.event.mode.has_link else ""
    return join_words(hours) + (f"{NBSP}({zone})" if zone else "")


def where(card: Card) -> list[str]:
    """Return the lines of the place, the name of the venue first."""
    event = card.event
    if event.commune is None:
        return [card.place_label]
    city = f"{event.postal_code} {event.commune.name}".strip()
    lines = [line for line in (event.venue, event.address, city) if line]
    return [*lines, "et en ligne"] if event.mode.has_link else lines


def access(card: Card) -> str:
    """Return « Ouvert à tous. Entrée libre. », « Pour : étudiants. Sur inscription : 03 84 00 00 00. »."""
    event = card.event
    who = _public(card)
    age = f"Dès {event.age_min}{NBSP}ans." if event.age_min else ""
    registration = card.registration
    if registration is None:
        how = "Entrée libre." if event.access_mode == AccessMode.OPEN else "Sur inscription."
    elif event.registration_kind == RegistrationKind.LINK or not registration.value:
        how = f"{registration.label}."
    else:
        how = f"{registration.label}{NBSP}: {registration.value}."
    return " ".join(filter(None, [who, age, how]))


def _public(card: Card) -> str:
    if card.reserved_to:
        return f"Réservé{NBSP}: {card.reserved_to.rstrip('.')}."
    if Audience.EVERYONE in card.event.audience_codes:
        return "Ouvert à tous."
    return f"Pour{NBSP}: {', '.join(label[:1].lower() + label[1:] for label in card.audience_labels)}."


def _demo(card: Card) -> str:
    return DEMO if card.event.edition.is_demo or card.is_example else ""


def _unbroken(day: str) -> str:
    """Keep a day on one line; a period may take two."""
    return day.replace(" ", NBSP) if len(day) < 25 else day


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
