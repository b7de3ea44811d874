"""What the demo's organizer finds in their space: one event in each state, through the verbs."""

from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from events import drafting, merging, workflow
from events.demo import accounts, contents
from events.enums import AccessMode, Audience, RegistrationKind, Rule, Source, Transition
from events.models import Event, ReplyTemplate
from organizers.enums import OrganizationKind
from organizers.models import Organization, User
from semaine.dates import PARIS
from semaine.models import Commune, Edition
from semaine.text import NBSP

COMMUNE = "59350"
UNFINISHED = {
    "title": "Essayer la maintenance industrielle en réalité virtuelle",
    "format_code": "atelier",
    "summary": "Un casque, une machine en panne, dix minutes pour la remettre en marche.",
    "is_free": None,
}
WAITING = {
    "title": "Visite de l’atelier d’usinage",
    "format_code": "visite",
    "summary": f"Du plan à la pièce finie{NBSP}: une heure avec celles et ceux qui règlent les machines.",
    "topic_codes": ["orientation"],
}
INCOMPLETE = {
    "title": f"Job dating{NBSP}: les métiers de la mécanique",
    "format_code": "job-dating",
    "summary": "Dix minutes pour se présenter à une entreprise qui recrute.",
    "topic_codes": ["recrutement"],
}
PUBLIC = {
    "title": "Portes ouvertes de l’atelier de fraisage",
    "format_code": "portes-ouvertes",
    "summary": "L’atelier en marche, ses machines et ses métiers, un après-midi pour tout voir.",
    "topic_codes": ["savoir-faire", "mixite"],
}
# The same afternoon, proposed twice: its address leads to the other's.
TWICE = PUBLIC | {
    "title": f"L’atelier de fraisage{NBSP}: portes ouvertes",
    "summary": "Un après-midi dans l’atelier en marche, avec ses machines et ses métiers.",
}
AMENDED = {
    "title": "Visite de la salle de contrôle",
    "format_code": "visite",
    "summary": f"Mesurer une pièce au millième de millimètre{NBSP}: les instruments et les gestes.",
}
# What its organizer proposes since: the public sees it once the referent has accepted.
PROPOSED = {"summary": f"Mesurer une pièce au millième de millimètre{NBSP}: les élèves essaient eux-mêmes."}
BESIDE_THE_POINT = {
    "title": "Concert de fin d’année",
    "format_code": "autre",
    "summary": "La chorale de l’entreprise chante pour ses voisins.",
}

ASKED = {
    "summary": "Nommez deux ou trois métiers.",
    "audience_codes": f"Les débutants peuvent-ils venir{NBSP}?",
}
# A text that the referent's office keeps ready.
READY = {
    "title": "Lieu d’accueil à préciser",
    "transition": Transition.REQUEST_CHANGES,
    "text": "Dites où se présenter, à quelle heure, et qui accueille les visiteurs.",
}


@transaction.atomic
def load(edition: Edition, *, organizer: User, referent: User, at: datetime) -> None:
    """Write the organizer's events in `edition`, once; `referent` decides on them. Sends the mails of it all."""
    home = _organization()
    accounts.own(home, organizer)
    if home.events.filter(edition=edition).exists():
        return
    ReplyTemplate.objects.get_or_create(office=referent.offices.first(), **READY)
    yesterday = at - timedelta(days=1)
    _draft(UNFINISHED, home, edition, by=organizer, at=yesterday)
    _submitted(WAITING, home, edition, by=organizer, at=at)
    event = _submitted(INCOMPLETE, home, edition, by=organizer, at=yesterday)
    comment = "Dites quels métiers seront proposés, et si les débutants peuvent venir."
    workflow.request_changes(event, by=referent, at=at, comment=comment, fields=ASKED)
    kept = _labelled(PUBLIC, home, edition, by=organizer, referent=referent, at=yesterday)
    event = _labelled(TWICE, home, edition, by=organizer, referent=referent, at=yesterday)
    merging.merge(event, into=kept, by=referent, at=at, comment="C’est le même après-midi.")
    event = _labelled(AMENDED, home, edition, by=organizer, referent=referent, at=yesterday)
    drafting.revise(event, by=organizer, at=at, values=PROPOSED)
    event = _submitted(BESIDE_THE_POINT, home, edition, by=organizer, at=yesterday)
    comment = "Le concert ne fait pas connaître l’industrie. Ajoutez par exemple une visite de l’atelier."
    workflow.refuse(event, by=referent, at=at, rule=Rule.PURPOSE, comment=comment)


def _organization() -> Organization:
    values = {
        "name": "Mécanique d’exemple",
        "kind": OrganizationKind.COMPANY,
        "headquarters": Commune.objects.get(code=COMMUNE),
    }
    return Organization.objects.get_or_create(slug="mecanique-d-exemple", defaults=values)[0]


def _labelled(values: dict, home, edition, *, by, referent, at) -> Event:
    event = _submitted(values, home, edition, by=by, at=at)
    return workflow.label(event, by=referent, at=at, version=event.version, purpose_confirmed=True)


def _submitted(values: dict, home, edition, *, by, at) -> Event:
    event = _draft(values, home, edition, by=by, at=at)
    return workflow.submit(event, by=by, at=at)


def _draft(values: dict, home, edition, *, by, at) -> Event:
    return drafting.draft(
        home,
        edition,
        by=by,
        at=at,
        key=_key(edition, values["title"]),
        values=_common(home) | values,
        slots=[_afternoon(edition)],
        source=Source.EXAMPLE,
    )


def _common(home: Organization) -> dict:
    return {
        "description": contents.NOTE,
        "sector_codes": ["mines-et-metallurgie"],
        "audience_codes": [Audience.PUPILS, Audience.JOB_SEEKERS],
        "commune": home.headquarters,
        "postal_code": home.headquarters.postal_codes[0],
        "venue": "Atelier d’exemple",
        "access_mode": AccessMode.REGISTRATION,
        "registration_kind": RegistrationKind.LINK,
        "registration_value": "https://example.org/inscription",
        "is_free": True,
        "contact_name": "Alix Moreau",
        "contact_email": accounts.ORGANIZER,
    }


def _afternoon(edition: Edition) -> tuple[datetime, datetime]:
    day = edition.starts_on + timedelta(days=3)
    return tuple(datetime.combine(day, time(hour), PARIS) for hour in (14, 17))


def _key(edition: Edition, title: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{edition.year}/{edition.pk}/{title}")
