"""The history of lists, editions and offices: on their pages and in the journal, who changed what, and how."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry

from events.enums import TermKind
from events.models import Term
from organizers.enums import OfficeKind
from semaine import editions
from semaine.models import Edition
from tests import factories
from tests.events.test_bad_input import plain
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

TERMS, JOURNAL = "/admin/events/term/", "/admin/journal/?sorte=reglages"
EDITION = {
    "year": "2025", "number": "14", "theme": "Autre", "starts_on": "2025-11-17", "ends_on": "2025-11-23",
    "label_from": "2025-11-03", "label_until": "2025-12-07", "submissions_open_at_0": "2025-09-17",
    "submissions_open_at_1": "02:00", "submissions_close_at_0": "2025-11-24", "submissions_close_at_1": "08:30",
    "is_published": "on",
    "territory_weeks-TOTAL_FORMS": "1", "territory_weeks-INITIAL_FORMS": "0", "territory_weeks-0-region": "27",
    "territory_weeks-0-starts_on": "2025-11-24", "territory_weeks-0-ends_on": "2025-11-30",
    "territory_weeks-0-label_from": "2025-11-24", "territory_weeks-0-label_until": "2025-11-30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _clock(db):
    factories.edition()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def national(client):
    return sign_in(client, factories.national())


def written(client) -> list[tuple[str, str, str]]:
    """The lines of the journal: what, about what, in detail."""
    lines = client.get(JOURNAL).context["lines"]
    return [(plain(each.what), each.about, plain(each.detail)) for each in lines]


def test_list_shows_who_changed_what(national):
    visit = Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite")
    national.post(f"{TERMS}{visit.pk}/change/", {"label": "Visite d’usine", "position": "3"})
    national.post(
        f"{TERMS}add/",
        {"kind": "sector", "code": "bois", "label": "Bois", "position": "0", "is_active": "on"},
    )
    told = [
        ("Bois", "Ajout", "Liste : « Filière ». Code : « bois ». Libellé : « Bois »."),
        (
            "Visite d’usine",
            "Modification",
            "Libellé : « Visite » → « Visite d’usine ». Rang : « 0 » → « 3 ». Proposé : oui → non.",
        ),
    ]

    def shown(query=""):
        lines = national.get(TERMS + query).context["lines"]
        return [
            (each.object_repr, each.get_action_flag_display(), plain(each.get_change_message()))
            for each in lines
        ]

    assert shown() == told
    assert (shown("?kind__exact=sector"), shown("?kind__exact=topic")) == (told[:1], [])
    page = national.get(f"{TERMS}{visit.pk}/history/").content.decode()
    assert "« Visite » → « Visite d’usine »" in plain(page)
    assert written(national) == [(f"{flag} : terme", about, detail) for about, flag, detail in told]


def test_edition_and_its_tools_are_in_the_journal(national):
    edition, _ = Edition.objects.get(), factories.region()
    national.post(f"/admin/semaine/edition/{edition.pk}/change/", EDITION)
    editions.close_submissions(edition, by=factories.national(), at=NOW + timedelta(hours=1))
    national.post(f"/admin/semaine/edition/{edition.pk}/outils/suivante/")
    assert written(national) == [
        ("Modification : édition", "2025", "Propositions closes."),
        ("Ajout : édition", "2026", "Créée à partir de l’édition 2025."),
        (
            "Modification : édition",
            "2025",
            (
                "Thème : « Autre ». Premier jour labellisable : dimanche 2 novembre 2025 → lundi 3 novembre 2025. "
                "Clôture des propositions : lundi 24 novembre 2025 à 1 h → lundi 24 novembre 2025 à 8 h 30. "
                "Ajout, semaine d’un territoire : 2025 – Bourgogne-Franche-Comté."
            ),
        ),
    ]


def test_office_is_told_without_the_names_of_people(client):
    agent = factories.referent(OfficeKind.DEPARTMENTAL)
    sign_in(client, agent)
    office = agent.offices.get()
    address = f"/admin/organizers/office/{office.pk}/change/"
    client.post(address, {"contact_name": "Camille Roux", "contact_phone": "01 02 03 04 05"})
    line = LogEntry.objects.get()
    assert (line.user, plain(line.get_change_message())) == (
        agent,
        "Champs modifiés : contact, téléphone.",
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=usine", 1),
        ("q=TERME", 2),
        ("q=bois", 1),
        ("q=propositions", 1),
        ("sorte=acces", 0),
        ("du=2025-10-02", 0),
    ],
)
def test_journal_finds_the_lines_of_the_frame(national, query, found):
    for label in ("Visite", "Bois"):
        row = Term.objects.create(kind=TermKind.FORMAT, code=label.lower(), label=label)
        national.post(
            f"{TERMS}{row.pk}/change/",
            {"label": f"{label} d’usine" if label == "Visite" else label, "position": "0"},
        )
    editions.close_submissions(Edition.objects.get(), by=factories.national(), at=NOW)
    address = f"/admin/journal/?{query}" if "sorte" in query else f"{JOURNAL}&{query}"
    assert len(national.get(address).context["lines"]) == found


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries(national, rows, django_assert_num_queries):
    for number in range(rows):
        row = Term.objects.create(kind=TermKind.FORMAT, code=f"t{number}", label="Visite")
        national.post(f"{TERMS}{row.pk}/change/", {"label": "Autre", "position": "0"})
    with django_assert_num_queries(8):
        national.get(TERMS)
