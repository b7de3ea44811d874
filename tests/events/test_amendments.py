"""A proposal in words, and the event as it would be: in memory only."""

from datetime import timedelta

import pytest

from events import amendments, drafting
from events.enums import TermKind
from events.models import Event, Term
from tests import factories
from tests.events.test_workflow import LATER, standing
from tests.factories import slot

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"


def proposed(event, *, slots=None, **values):
    """The lines of the proposal that these values make."""
    event = drafting.revise(event, by=event.created_by, at=LATER, values=values, slots=slots)
    return [tuple(line) for line in amendments.diff(event, amendments.open_amendment(event))]


def test_as_proposed_changes_a_copy_only():
    event = standing("labelled:amended")
    wanted, slots = amendments.as_proposed(event)
    assert (event.title, wanted.title, slots) == ("Visite de la fonderie", "Visite de nuit", [slot()])
    assert wanted.pk == event.pk
    assert Event.objects.get().title == "Visite de la fonderie"


def test_as_proposed_without_a_proposal_is_the_event():
    event = factories.labelled()
    wanted, slots = amendments.as_proposed(event)
    assert (wanted.title, wanted.commune, slots) == (event.title, event.commune, [slot()])


def test_as_proposed_has_the_place_and_the_slots_of_the_proposal():
    event = factories.labelled()
    moved = {"commune": factories.commune("59350"), "postal_code": "59000"}
    drafting.revise(event, by=event.created_by, at=LATER, values=moved, slots=[slot("2025-11-21")])
    wanted, slots = amendments.as_proposed(Event.objects.get())
    assert (wanted.commune.name, wanted.department_id, slots) == ("Lille", "59", [slot("2025-11-21")])


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({"title": "Visite de nuit"}, [("Titre", ["Visite de la fonderie"], ["Visite de nuit"])]),
        ({"format_code": "job-dating"}, [("Nature", ["Visite d’entreprise"], ["Job dating"])]),
        ({"format_code": ""}, [("Nature", ["Visite d’entreprise"], [])]),
        (
            {"audience_codes": ["grand-public", "demandeurs-emploi"]},
            [
                (
                    "Publics",
                    ["Demandeurs d’emploi", "Scolaires (collégiens, lycéens)"],
                    ["Demandeurs d’emploi", "Grand public"],
                )
            ],
        ),
        (
            {"access_mode": "reserve", "reserved_to": "Collégiens inscrits"},
            [
                ("Accès", ["Entrée libre"], ["Réservé à un public précis"]),
                ("Réservé à", [], ["Collégiens inscrits"]),
            ],
        ),
        (
            {"access_mode": "inscription", "registration_kind": "telephone", "registration_value": "0384"},
            [
                ("Accès", ["Entrée libre"], ["Sur inscription"]),
                ("Inscription", [], ["Inscription par téléphone 0384"]),
            ],
        ),
        (
            {"attendance_mode": "mixte", "online_url": "https://visio.example.org"},
            [
                ("Participation", ["Sur place"], ["Sur place et en ligne"]),
                ("Lieu", ["90000 Belfort"], ["90000 Belfort, et en ligne"]),
                ("Lien de connexion", [], ["https://visio.example.org"]),
            ],
        ),
        (
            {
                "venue": "Halle",
                "latitude": 47.65,
                "longitude": 6.87,
                "precision": "address",
                "point_source": "hand",
            },
            [
                ("Lieu", ["90000 Belfort"], ["Halle, 90000 Belfort"]),
                ("Point sur la carte", ["Au centre de la commune"], ["Placé à la main (47.6500, 6.8700)"]),
            ],
        ),
    ],
)
def test_diff_says_each_fact_in_words(values, lines):
    for code, label in (("visite", "Visite d’entreprise"), ("job-dating", "Job dating")):
        Term.objects.create(kind=TermKind.FORMAT, code=code, label=label)
    assert proposed(factories.labelled(), **values) == lines


def test_diff_says_dates_in_words():
    lines = proposed(factories.labelled(), slots=[slot("2025-11-21", "14:00", "16:30")])
    assert lines == [
        (
            "Dates et heures",
            [f"jeudi 20 novembre, 9{NBSP}h–11{NBSP}h{NBSP}30"],
            [f"vendredi 21 novembre, 14{NBSP}h–16{NBSP}h{NBSP}30"],
        )
    ]


def test_diff_of_many_slots_shows_what_comes_and_goes():
    def days(first, last):
        start = slot("2025-11-02")
        return [tuple(each + timedelta(days=number) for each in start) for number in range(first, last)]

    event = factories.labelled(slots=days(0, 12))
    [line] = proposed(event, slots=days(1, 13))
    same = f"et 11{NBSP}créneaux inchangés"
    assert line[1] == [f"dimanche 2 novembre, 9{NBSP}h–11{NBSP}h{NBSP}30", same]
    assert line[2] == [f"vendredi 14 novembre, 9{NBSP}h–11{NBSP}h{NBSP}30", same]


def test_every_field_outside_the_label_has_a_name_for_the_history():
    fields = {each.name for each in Event._meta.concrete_fields}
    assert sorted(set(amendments.REST) - fields) == []
