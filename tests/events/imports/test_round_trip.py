"""What the API tells, imported into an empty database, makes the same events."""

import json
from contextlib import contextmanager
from dataclasses import asdict

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from events.contents import slots_of
from events.enums import TermKind
from events.facts import facts_of
from events.models import Event, Term
from tests import factories
from tests.factories import NOW, slot

pytestmark = pytest.mark.django_db
# What only agents of the State read: no API tells it.
PRIVATE = ("contact_email", "contact_phone", "expected_participants")
MORE = (
    "description", "format_code", "sector_codes", "topic_codes", "accessibility_codes", "age_min", "age_max", "venue",
    "address", "partners", "public_contact", "more_info_url", "precision",
)  # fmt: skip


def told(event: Event) -> dict:
    """What an event says, as the rules see it and beyond."""
    facts = {
        name: value for name, value in asdict(facts_of(event, slots_of(event))).items() if name not in PRIVATE
    }
    return facts | {name: getattr(event, name) for name in MORE} | {"commune": event.commune_id}


def all_told() -> dict[str, dict]:
    return {event.title: told(event) for event in Event.objects.all()}


@contextmanager
def undone():
    """What is written within goes again, as if it had been another database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def labelled_events() -> None:
    zones = {"97411": "Indian/Reunion", "98718": "Pacific/Marquesas", "97101": "America/Guadeloupe"}
    for code in ("90010", "97411", "93066", "98718", "97101"):
        zone = zones.get(code, "Europe/Paris")
        slots = [slot("2025-11-20", zone=zone), slot("2025-11-21", "22:00", "02:00", zone=zone)]
        factories.labelled(title=f"À {code}", commune_code=code, slots=slots)
    factories.labelled(
        title="Tout", venue="Fonderie, bâtiment B", address="1 rue de l’Usine", age_min=0, age_max=18, capacity=30,
        latitude=47.6512, longitude=6.8123, precision="address", point_source="hand",
        access_mode="inscription", registration_kind="telephone", registration_value="03 84 00 00 00",
        accessibility_codes=["ii", "mi"], audience_codes=["jeunes", "grand-public"], topic_codes=["mixite"],
        description="**Un** texte\n\n- avec une liste", partners="Onisep, Lycée", public_contact="Accueil ; poste 12",
        more_info_url="https://example.org/plus",
    )  # fmt: skip
    for kind, value in (
        ("lien", "https://example.org/i"),
        ("courriel", "i@example.org"),
        ("france-travail", ""),
    ):
        registration = {"registration_kind": kind, "registration_value": value}
        factories.labelled(title=f"Par {kind}", access_mode="inscription", **registration)
    online = {"commune_code": None, "online_url": "https://example.org/salle?a=1&b=2"}
    factories.labelled(title="En ligne", attendance_mode="en-ligne", **online)
    online |= {"commune_code": "97411", "access_mode": "reserve", "reserved_to": "Lycéens ; élèves"}
    factories.labelled(title="Mixte", attendance_mode="mixte", **online)


def exported() -> list[dict]:
    """All that the API tells, page by page."""
    found, after = [], []
    while after is not None:
        page = Client().get("/api/v1/events", {"size": 4, "passes": "oui", "after[]": after}).json()
        found, after = found + page["events"], page["after"]
    return found


@pytest.fixture
def _lists():
    labels = {TermKind.FORMAT: ("visite", "Visite"), TermKind.SECTOR: ("mines-et-metallurgie", "Mines et métallurgie"),
              TermKind.TOPIC: ("mixite", "Mixité : femmes et industrie")}  # fmt: skip
    for kind, (code, label) in labels.items():
        Term.objects.create(kind=kind, code=code, label=label)
    for code in factories.COMMUNES:
        factories.commune(code)
    factories.edition()


@pytest.mark.usefixtures("_lists")
def test_api_imported_again_tells_the_same(tmp_path):
    with time_machine.travel(NOW, tick=False):
        with undone():
            labelled_events()
            wanted, content = all_told(), exported()
        assert (Event.objects.count(), len(wanted), len(content)) == (0, 11, 11)
        factories.organization(factories.user(), slug="ailleurs")
        path = tmp_path / "api.json"
        path.write_text(json.dumps({"total": len(content), "events": content}), encoding="utf-8")
        call_command(
            "import_openagenda", str(path), organization="ailleurs", contact="a@example.org", submit=True
        )
        assert all_told() == wanted
        assert Event.objects.filter(status="submitted").count() == len(wanted)
