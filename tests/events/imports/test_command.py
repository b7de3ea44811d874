"""`manage.py import_openagenda`: from a file or an API to events, whatever a few of them hold."""

import csv
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from events.enums import Source, Status
from events.imports import bulk
from events.models import Event, EventImport
from semaine.models import OutboxMessage
from tests import factories
from tests.events.imports import agenda, hostile, travail
from tests.events.imports.agenda_server import agenda_server
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def home():
    organization = factories.organization(factories.user(), slug="fonderie", name="Fonderie Martin")
    factories.edition()
    for code in ("90010", "97411"):
        factories.commune(code)
    return organization


def run(source, **options) -> tuple[list[str], list[str]]:
    out, err = StringIO(), StringIO()
    call_command("import_openagenda", str(source), stdout=out, stderr=err, **options)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def file(tmp_path, *events, content=b""):
    path = tmp_path / "export.json"
    path.write_bytes(content or agenda.export(*events))
    return path


def test_events_are_imported_once(home, tmp_path):
    path = file(tmp_path, *(agenda.event(number) for number in (1, 2, 3)))
    assert run(path, organization="fonderie") == (["3 événements lus", "  Créé : 3"], [])
    assert run(path, organization="fonderie") == (["3 événements lus", "  Inchangé : 3"], [])
    found = Event.objects.order_by("external_id").values_list(
        "external_id", "organization", "source", "status"
    )
    assert list(found) == [(f"{number}", home.pk, Source.OPENAGENDA, Status.DRAFT) for number in (1, 2, 3)]
    assert list(EventImport.objects.values_list("file_name", "total")) == [("export.json", 3)] * 2


def test_complete_events_are_sent_with_one_mail_for_a_part(home, tmp_path):
    lacking = agenda.event(2, **{"contact-email": ""})
    out, _ = run(file(tmp_path, agenda.event(1), lacking), organization="fonderie", submit=True)
    assert out == ["2 événements lus", "  Envoyé : 1", "  Brouillon à compléter : 1"]
    run(file(tmp_path, lacking), organization="fonderie", submit=True, contact="agenda@example.org")
    found = Event.objects.order_by("external_id").values_list("status", "contact_email")
    assert list(found) == [(Status.SUBMITTED, "visites@exemple.fr"), (Status.SUBMITTED, "agenda@example.org")]
    assert OutboxMessage.objects.count() == 2


def test_wrong_events_are_told_and_stop_nothing(home, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk, "PART_EVENTS", 2)
    wrong = agenda.event(2, title={"fr": "é" * 141})
    cancelled = agenda.event(4, status=6)
    deep = b'{"uid": 5, "publics": %s}' % hostile.nested(5_000)
    events = [json.dumps(each).encode() for each in (agenda.event(1), wrong, 3, cancelled, agenda.event(6))]
    content = b'{"events": [%s, %s]}' % (b",".join(events), deep)
    report = tmp_path / "remarques.csv"
    out, err = run(file(tmp_path, content=content), organization="fonderie", report=str(report))
    assert out == ["6 événements lus", "  Non importé : 4", "  Créé : 2"]
    title = "Titre : trouvé : « 141 caractères » ; attendu : 140 caractères au plus."
    assert sorted(err) == [
        f"Événement 2 (2) – {title}",
        f"Événement 3 – {bulk.NO_EVENT}",
        f"Événement 4 (4) – {bulk.GONE}",
        f"Événement 6 – {bulk.TOO_DEEP}",
    ]
    rows = list(csv.reader(StringIO(report.read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert sorted(row[:2] for row in rows[1:] if row[3] == "Non importé") == [
        ["2", "2"],
        ["3", ""],
        ["4", "4"],
        ["6", ""],
    ]


HOSTILE = (
    "=1+1",
    "+33 1",
    "un\ndeux",
    "\u202enirts\u202c à l’envers",
    "nul\x00\x1fle",
    "]]></script>",
    "é" * 140,
)


def test_hostile_texts_come_in_whole_and_harmless(home, tmp_path):
    titles = [agenda.event(number, title={"fr": title}) for number, title in enumerate(HOSTILE)]
    long = agenda.event(20, longDescription={"fr": "a\n=b" * 2_500})
    too_long = agenda.event(21, longDescription={"fr": "a" * 10_001})
    out, err = run(
        file(tmp_path, *titles, long, too_long), organization="fonderie", report=str(tmp_path / "r.csv")
    )
    assert out == ["9 événements lus", "  Créé : 7", "  Non importé : 2"]
    assert [line.split(" – ")[0] for line in err] == ["Événement 1 (0)", "Événement 9 (21)"]
    found = Event.objects.exclude(external_id="20").order_by("external_id").values_list("title", flat=True)
    assert list(found) == ["+33 1", "un deux", *HOSTILE[3:4], "nulle", *HOSTILE[5:]]
    assert Event.objects.get(external_id="20").description == "a\n=b" * 2_500
    cells = [row.split(";") for row in (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()]
    assert [cell for row in cells for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_each_event_goes_to_its_organization(home, tmp_path):
    other = factories.organization(factories.user(), slug="lycee", name="Lycée Condorcet")
    named = [agenda.event(number, originAgenda={"title": title}) for number, title in
             enumerate(("fonderie martin", "Lycée Condorcet", "Personne"), 1)]  # fmt: skip
    _, err = run(file(tmp_path, *named), organizer_field="originAgenda.title")
    [line] = err
    assert line.startswith("Événement 3 (3) – « originAgenda.title » : trouvé « Personne » ; attendu")
    run(file(tmp_path, named[2]), organizer_field="originAgenda.title", organization="lycee")
    found = Event.objects.order_by("external_id").values_list("external_id", "organization", "created_by")
    owners = {each: each.members.get().pk for each in (home, other)}
    assert list(found) == [
        ("1", home.pk, owners[home]),
        ("2", other.pk, owners[other]),
        ("3", other.pk, owners[other]),
    ]


def test_events_of_france_travail_come_by_the_same_command(home, tmp_path):
    path = file(tmp_path, content=travail.export(travail.event(1), travail.event(2)))
    run(path, organization="fonderie", contact="agence@example.org", submit=True)
    found = Event.objects.values_list("source", "status", "contact_email")
    assert list(found) == [(Source.FRANCE_TRAVAIL, Status.SUBMITTED, "agence@example.org")] * 2


def test_checking_writes_nothing(home, tmp_path):
    out, _ = run(file(tmp_path, agenda.event(1)), organization="fonderie", check=True)
    assert out == ["1 événement lu", "  Prête à envoyer : 1"]
    assert (Event.objects.count(), EventImport.objects.count()) == (0, 0)


def test_agenda_is_read_from_its_api(home, settings):
    with agenda_server([agenda.event(number) for number in range(1, 6)]) as server:
        settings.AGENDA_ORIGINS = [server.origin]
        out, _ = run(server.url, organization="fonderie", key="clef")
    assert out == ["5 événements lus", "  Créé : 5"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "Dites de quelle organisation"),
        ({"organization": "inconnue"}, "Aucune organisation n’a l’identifiant « inconnue »."),
        ({"organization": "fonderie", "by": "a@b.fr"}, "Aucun compte n’a le courriel « a@b.fr »."),
        ({"organization": "fonderie", "contact": "moi"}, "« --contact » : trouvé « moi »"),
        ({"organization": "fonderie", "edition": 1999}, "Il n’y a pas d’édition 1999"),
        ({"organization": "fonderie"}, "Ce fichier JSON est abîmé"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(home, tmp_path, options, message):
    path = file(tmp_path, content=agenda.export(agenda.event(1))[:-5])
    with pytest.raises(CommandError) as refused:
        run(path, **options)
    assert str(refused.value).startswith(message)
    assert EventImport.objects.count() == 0


def test_file_that_is_not_there_is_said(home):
    with pytest.raises(CommandError, match=r"Le fichier « nulle-part.json » ne s’ouvre pas"):
        run("nulle-part.json", organization="fonderie")
