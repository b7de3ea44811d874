"""Rows for the tests: boring, explicit, a dozen communes at most."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress

from events import drafting, workflow
from events.enums import AccessMode, AttendanceMode, Audience, Source
from events.models import Event
from organizers.enums import MembershipRole, OfficeKind, OrganizationKind
from organizers.models import Membership, Office, OfficeMembership, Organization, User
from semaine.models import Commune, Department, Edition, Region
from semaine.text import place_key, sort_key

# Inside the submissions of the edition that `edition()` makes.
NOW = datetime(2025, 10, 1, 8, 0, tzinfo=UTC)
_numbers = count(1)

# code: name, département, région, postal codes, latitude, longitude, zone
COMMUNES = {
    "90010": ("Belfort", "90", "27", ["90000"], 47.64, 6.86, "Europe/Paris"),
    "02738": ("Tergnier", "02", "32", ["02700"], 49.66, 3.3, "Europe/Paris"),
    "59350": ("Lille", "59", "32", ["59000", "59800"], 50.63, 3.06, "Europe/Paris"),
    "97101": ("Les Abymes", "971", "01", ["97139", "97142"], 16.27, -61.5, "America/Guadeloupe"),
    "97411": ("Saint-Denis", "974", "04", ["97400"], -20.88, 55.45, "Indian/Reunion"),
    "93066": ("Saint-Denis", "93", "11", ["93200"], 48.94, 2.36, "Europe/Paris"),
    "97302": ("Cayenne", "973", "03", ["97300"], 4.94, -52.33, "America/Cayenne"),
    "98718": ("Fatu-Hiva", "987", None, ["98740"], -10.49, -138.64, "Pacific/Marquesas"),
}
DEPARTMENTS = {
    "90": "Territoire de Belfort", "02": "Aisne", "59": "Nord", "971": "Guadeloupe",
    "974": "La Réunion", "93": "Seine-Saint-Denis", "973": "Guyane", "987": "Polynésie française",
}  # fmt: skip
REGIONS = {
    "27": "Bourgogne-Franche-Comté", "32": "Hauts-de-France", "01": "Guadeloupe",
    "04": "La Réunion", "11": "Île-de-France", "03": "Guyane",
}  # fmt: skip


def region(code="27") -> Region:
    name = REGIONS[code]
    values = {"name": name, "of_name": f"de {name}", "slug": f"r{code}", "sort_key": sort_key(name)}
    return Region.objects.get_or_create(code=code, defaults=values)[0]


def department(code="90") -> Department:
    name = DEPARTMENTS[code]
    home = next(each for each in COMMUNES.values() if each[1] == code)
    values = {
        "name": name,
        "of_name": f"de {name}",
        "slug": f"d{code.lower()}",
        "sort_key": sort_key(name),
        "region": region(home[2]) if home[2] else None,
        "timezone": home[6],
    }
    return Department.objects.get_or_create(code=code, defaults=values)[0]


def commune(code="90010") -> Commune:
    name, home, _, postal_codes, latitude, longitude, zone = COMMUNES[code]
    values = {
        "name": name,
        "sort_key": sort_key(name),
        "place_key": place_key(name),
        "postal_codes": postal_codes,
        "department": department(home),
        "latitude": latitude,
        "longitude": longitude,
        "population": 10_000,
        "timezone": zone,
    }
    return Commune.objects.get_or_create(code=code, defaults=values)[0]


def edition(year=2025, **fields) -> Edition:
    """The edition of 2025 with its true dates, or another one of the same days in another year."""
    values = {
        "number": year - 2011,
        "starts_on": date(year, 11, 17),
        "ends_on": date(year, 11, 23),
        "label_from": date(year, 11, 2),
        "label_until": date(year, 12, 7),
        "submissions_open_at": datetime(year, 9, 17, tzinfo=UTC),
        "submissions_close_at": datetime(year, 11, 24, tzinfo=UTC),
        "is_published": True,
    }
    return Edition.objects.get_or_create(year=year, defaults=values | fields)[0]


def user(email="", **fields) -> User:
    number = next(_numbers)
    email = email or f"personne{number}@example.org"
    return User.objects.create_user(email, "motdepasse-1234", name=f"Personne {number}", **fields)


def organization(owner: User | None = None, headquarters="90010", **fields) -> Organization:
    number = next(_numbers)
    values = {
        "name": f"Fonderie {number}",
        "slug": f"fonderie-{number}",
        "kind": OrganizationKind.COMPANY,
        "headquarters": commune(headquarters) if headquarters else None,
    }
    made = Organization.objects.create(**values | fields)
    if owner:
        Membership.objects.create(user=owner, organization=made, role=MembershipRole.OWNER)
    return made


def member(organization: Organization, role=MembershipRole.EDITOR, **fields) -> User:
    """Another person of an organization, whose address is known to be theirs."""
    person = verified(user(**fields))
    Membership.objects.create(user=person, organization=organization, role=role)
    return person


def verified(person: User) -> User:
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def office(kind=OfficeKind.DEPARTMENTAL, territory="90") -> Office:
    values = {"kind": kind, "region": None, "department": None}
    if kind == OfficeKind.DEPARTMENTAL:
        values["department"] = department(territory)
    elif kind == OfficeKind.REGIONAL:
        values["region"] = region(territory)
    return Office.objects.get_or_create(**values, defaults={"name": f"Référent – {territory}"})[0]


def referent(kind=OfficeKind.DEPARTMENTAL, territory="90", **fields) -> User:
    agent = user(is_staff=True)
    OfficeMembership.objects.create(user=agent, office=office(kind, territory), **fields)
    return agent


def slot(day="2025-11-20", start="09:00", end="11:30", zone="Europe/Paris"):
    """One (start, end) pair on a local day."""
    there = ZoneInfo(zone)
    first = datetime.fromisoformat(f"{day}T{start}").replace(tzinfo=there)
    last = datetime.fromisoformat(f"{day}T{end}").replace(tzinfo=there)
    return first, last if last > first else last + timedelta(days=1)


def values(commune_code="90010", **fields) -> dict:
    """The contents of a complete event."""
    where = commune(commune_code) if commune_code else None
    return {
        "title": "Visite de la fonderie",
        "summary": "Du modèle à la pièce finie : les métiers de la fonderie.",
        "description": "Un parcours d’une heure dans les ateliers.",
        "format_code": "visite",
        "sector_codes": ["mines-et-metallurgie"],
        "audience_codes": [Audience.PUPILS, Audience.JOB_SEEKERS],
        "attendance_mode": AttendanceMode.ONSITE,
        "commune": where,
        "postal_code": where.postal_codes[0] if where else "",
        "access_mode": AccessMode.OPEN,
        "is_free": True,
        "contact_email": "contact@example.org",
    } | fields


def draft(
    organizer=None, *, at=NOW, slots=None, commune_code="90010", in_edition=None, source=Source.FORM, **fields
) -> Event:
    """A complete draft of an organization that `organizer` owns."""
    organizer = organizer or user()
    home = organizer.organizations.first() or organization(organizer)
    zone = COMMUNES[commune_code][6] if commune_code else "Europe/Paris"
    return drafting.draft(
        home,
        in_edition or edition(),
        by=organizer,
        at=at,
        key=uuid4(),
        values=values(commune_code, **fields),
        slots=[slot(zone=zone)] if slots is None else slots,
        source=source,
    )


def submitted(organizer=None, *, at=NOW, **fields) -> Event:
    event = draft(organizer, at=at, **fields)
    return workflow.submit(event, by=event.created_by, at=at)


def labelled(organizer=None, *, by=None, at=NOW, **fields) -> Event:
    event = submitted(organizer, at=at, **fields)
    by = by or national()
    return workflow.label(event, by=by, at=at, version=event.version, purpose_confirmed=True)


def national() -> User:
    """An agent of the national office, the same one within a test."""
    agent = User.objects.filter(office_memberships__office__kind=OfficeKind.NATIONAL).first()
    return agent or referent(OfficeKind.NATIONAL, "France")
