"""The pages of imports: send a file, read the verdict, decide, and read what was done."""

import json
import re
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import strip_tags
from openpyxl import load_workbook

from events import drafting
from events.enums import Source, Status
from events.imports import reading
from events.imports.forms import ALREADY_SENT
from events.imports.states import ImportState
from events.models import Event, EventImport, Term
from events.models.imports import MOST_ATTEMPTS
from events.views.imports import AN_HOUR, TOO_MANY
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events.imports import agenda, files, hostile
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOME = "/espace/import/"
WRONG = {"is_free": "peut-être"}
INCOMPLETE = {"is_free": ""}


@pytest.fixture(autouse=True)
def _noon(db):
    factories.edition()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def organizer(client):
    person = factories.user()
    factories.organization(person)
    for code in ("90010", "02738", "59350", "97101"):
        factories.commune(code)
    client.force_login(person)
    return person


def send(client, content, organizer, name="événements.csv"):
    slug = organizer.organizations.get().slug
    return client.post(HOME, {"organization": slug, "file": SimpleUploadedFile(name, content)})


def checked(organizer, *lines):
    return files.worked(files.received(organizer, files.csv_of(*lines), factories.edition(), at=NOW), NOW)


def text(response) -> str:
    return re.sub("[ \n]+", " ", strip_tags(response.content.decode().replace("&nbsp;", "\xa0")))


def errors(response, name):
    return response.context["form"].errors.get(name)


@pytest.mark.parametrize(
    ("content", "name", "source", "file_format"),
    [
        (files.csv_of(files.line(1)), "événements.csv", Source.SPREADSHEET, "csv"),
        (files.as_xlsx(files.table([files.line(1)])), "sans-extension", Source.SPREADSHEET, "xlsx"),
        (agenda.export(agenda.event()), "export.json", Source.OPENAGENDA, "json"),
    ],
)
def test_file_that_is_sent_becomes_a_job(client, organizer, content, name, source, file_format):
    response = send(client, content, organizer, name)
    event_import = EventImport.objects.get()
    assert response.url == f"{HOME}{event_import.pk}/"
    assert (event_import.state, event_import.file_name, event_import.source, event_import.format) == (
        ImportState.RECEIVED,
        name,
        source,
        file_format,
    )
    assert (event_import.created_by, bytes(event_import.content)) == (organizer, content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Ce fichier est vide : partez du modèle et remplissez une ligne par événement."),
        (hostile.PNG, reading.NO_TABLE),
        (b"a" * 10_000_001, "Ce fichier pèse plus de 10 Mo : partagez-le en plusieurs fichiers."),
    ],
    ids=["empty", "picture", "heavy"],
)
def test_file_that_is_no_table_is_refused_at_once(client, organizer, content, message):
    assert errors(send(client, content, organizer), "file") == [message]
    assert EventImport.objects.count() == 0


def test_form_without_a_file_says_so(client, organizer):
    response = client.post(HOME, {"organization": organizer.organizations.get().slug})
    assert errors(response, "file") == ["Choisissez un fichier."]


def test_organization_of_others_is_not_in_the_list(client, organizer):
    stranger = factories.user()
    factories.organization(stranger)
    response = send(client, files.csv_of(files.line(1)), stranger)
    assert errors(response, "organization") == ["Choisissez une organisation de la liste."]
    assert EventImport.objects.count() == 0


def test_too_many_files_in_an_hour_are_held_up(client, organizer, settings):
    for _ in range(AN_HOUR):
        assert send(client, b"Titre\na\n", organizer).status_code == 302
    response = send(client, b"Titre\na\n", organizer)
    assert (response.status_code, errors(response, "file")) == (429, [TOO_MANY])
    colleague = factories.user()
    Membership.objects.create(user=colleague, organization=organizer.organizations.get(), role="editor")
    client.force_login(colleague)
    assert send(client, b"Titre\na\n", colleague).status_code == 302
    cache.clear()


def test_running_import_shows_a_bar_that_a_reload_keeps(client, organizer):
    event_import = files.received(organizer, b"Titre\na\n", factories.edition(), at=NOW)
    EventImport.objects.update(state=ImportState.QUEUED, done=812, total=2189)
    page = client.get(event_import.get_absolute_url()).content.decode()
    assert '<progress id="progress" max="2189" value="812"></progress>' in page
    assert "Import : ligne 812 sur 2\xa0189" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    state = client.get(f"{event_import.get_absolute_url()}avancement.json").json()
    assert state == {
        "running": True,
        "done": 812,
        "total": 2189,
        "words": "Import : ligne 812 sur 2\xa0189",
    }


def test_refused_file_says_why(client, organizer):
    event_import = files.worked(files.received(organizer, b"Nom\na\n", factories.edition(), at=NOW), NOW)
    said = text(client.get(event_import.get_absolute_url()))
    assert "Ce fichier n’a pas pu être lu. Nous ne trouvons pas la colonne « Titre »" in said


def test_verdict_is_told_line_by_line(client, organizer):
    event_import = checked(organizer, files.line(0), files.line(1, **WRONG), files.line(2))
    response = client.get(event_import.get_absolute_url())
    assert response.context["summary"] == "2\xa0lignes prêtes à envoyer, 1 à corriger"
    shown = [
        (line.number, line.title, line.label, line.plan, [each.sentence for each in line.remarks])
        for line in response.context["lines"]
    ]
    unclear = "trouvé : « peut-être » ; attendu : oui ou non."
    assert shown == [
        (2, "Job dating numéro 0", "Prête à envoyer", "nouvel événement", []),
        (3, "Job dating numéro 1", "À corriger", "", [unclear]),
        (4, "Job dating numéro 2", "Prête à envoyer", "nouvel événement", []),
    ]
    assert f"Gratuit\xa0: {unclear}" in text(response)


def test_three_kinds_of_lines_are_told_apart_in_words(client, organizer):
    lines = [files.line(0), files.line(1, **INCOMPLETE), files.line(2, **WRONG)]
    event_import = checked(organizer, *lines)
    response = client.get(event_import.get_absolute_url())
    assert response.context["summary"] == "1\xa0ligne prête à envoyer, 1 à compléter, 1 à corriger"
    assert [(line.label, line.plan) for line in response.context["lines"]] == [
        ("Prête à envoyer", "nouvel événement"),
        ("Brouillon à compléter", "nouvel événement"),
        ("À corriger", ""),
    ]
    assert response.context["form"].fields["then"].help_text == (
        "1\xa0ligne reste en brouillon\xa0: à compléter avant l’envoi. " + ALREADY_SENT
    )


def test_what_was_sent_and_what_was_kept_is_counted_and_told_on_each_line(client, organizer):
    lines = [files.line(0), files.line(1, **INCOMPLETE), files.line(2, **INCOMPLETE), files.line(3, **WRONG)]
    event_import = files.decided(checked(organizer, *lines), NOW, submits=True)
    response = client.get(event_import.get_absolute_url())
    assert response.context["summary"] == "3\xa0événements créés, 1 non importé"
    assert response.context["warnings"] == ["1 envoyé, 2 gardés en brouillon\xa0: à compléter."]
    assert [(line.label, line.plan) for line in response.context["lines"]] == [
        ("Envoyé", ""),
        ("Brouillon à compléter", "créé"),
        ("Brouillon à compléter", "créé"),
        ("Non importé", ""),
    ]
    assert list(Event.objects.order_by("external_id").values_list("status", flat=True)) == [
        Status.SUBMITTED,
        Status.DRAFT,
        Status.DRAFT,
    ]
    [mail] = OutboxMessage.objects.all()
    assert mail.text.count("2\xa0événements restent en brouillon\xa0: à compléter.") == 1


def test_lines_are_filtered_by_verdict_and_paged(client, organizer):
    lines = [files.line(4 * each) for each in range(60)]
    event_import = checked(organizer, *lines, files.line(1, **WRONG))
    address = event_import.get_absolute_url()

    def numbers(query):
        return [line.number for line in client.get(f"{address}?{query}").context["lines"]]

    assert numbers("voir=a-corriger") == [62]
    assert numbers("voir=correctes&page=2") == list(range(52, 62))
    assert numbers("page=2") == list(range(52, 63))
    filters = client.get(address).context["filters"]
    assert [(each.label, each.count) for each in filters] == [
        ("Toutes", 61),
        ("Prêtes à envoyer", 60),
        ("À corriger", 1),
    ]
    assert client.get(f"{address}?voir=nulle-part").status_code == 404


def decide(client, event_import, **answers):
    data = {"what": "juste", "then": "brouillon"} | answers
    return client.post(event_import.get_absolute_url(), data)


def test_decision_is_a_job_that_is_asked_for_once(client, organizer):
    event_import = checked(organizer, files.line(0))
    for _ in range(2):
        assert decide(client, event_import, then="envoyer").status_code in (200, 302)
    event_import.refresh_from_db()
    assert (event_import.state, event_import.submits, event_import.all_or_nothing) == (
        ImportState.QUEUED,
        True,
        False,
    )
    files.worked(event_import, NOW)
    response = client.get(event_import.get_absolute_url())
    assert response.context["summary"] == "1\xa0événement créé"
    assert [line.label for line in response.context["lines"]] == ["Envoyé"]
    assert decide(client, event_import).status_code == 200
    assert Event.objects.count() == 1


def test_all_or_nothing_is_refused_while_a_line_is_wrong(client, organizer):
    event_import = checked(organizer, files.line(0), files.line(1, **WRONG))
    response = decide(client, event_import, what="tout")
    assert errors(response, "what") == ["« Tout ou rien » n’est pas possible : 1\xa0ligne à corriger."]
    event_import.refresh_from_db()
    assert event_import.state == ImportState.CHECKED


def test_events_are_not_sent_while_submissions_are_closed(client, organizer):
    event_import = checked(organizer, files.line(0))
    edition = factories.edition()
    edition.submissions_open_at = NOW.replace(day=5)
    edition.save()
    reason = (
        "Les événements ne s’envoient pas aujourd’hui : les propositions sont reçues du dimanche 5 octobre 2025 au "
        "lundi 24 novembre 2025."
    )
    assert errors(decide(client, event_import, then="envoyer"), "then") == [reason]


def test_box_replaces_what_was_modified_on_the_site(client, organizer):
    files.decided(checked(organizer, files.line(0)), NOW)
    drafting.revise(Event.objects.get(), by=organizer, at=NOW, values={"summary": "Corrigé sur le site."})
    for ticked, left, said in (
        (False, "Corrigé sur le site.", "Laissé tel quel"),
        (True, files.line(0)["summary"], "Mis à jour"),
    ):
        event_import = checked(organizer, files.line(0))
        response = client.get(event_import.get_absolute_url())
        assert response.context["form"].fields["replaces"].help_text == (
            "1\xa0événement modifié depuis l’import\xa0: sans cette case, rien n’y change."
        )
        decide(client, event_import, **({"replaces": "on"} if ticked else {}))
        files.worked(event_import, NOW)
        [line] = client.get(event_import.get_absolute_url()).context["lines"]
        assert (Event.objects.get().summary, line.label) == (left, said)


def test_box_is_not_there_when_nothing_was_modified(client, organizer):
    files.decided(checked(organizer, files.line(0)), NOW)
    event_import = checked(organizer, files.line(0, title="Autre titre"))
    assert "replaces" not in client.get(event_import.get_absolute_url()).context["form"].fields


def test_file_without_a_right_line_cannot_be_imported(client, organizer):
    event_import = checked(organizer, files.line(1, **WRONG))
    response = client.get(event_import.get_absolute_url())
    assert response.context["form"] is None
    assert "Aucune ligne ne peut être importée" in text(response)
    decide(client, event_import)
    event_import.refresh_from_db()
    assert event_import.state == ImportState.CHECKED


def test_columns_that_are_not_read_and_missing_identifiers_are_said(client, organizer):
    rows = files.table([files.line(0)])
    rows = [[*row[1:], cell] for row, cell in zip(rows, ("Agence", "Nord"), strict=True)]
    for _ in range(2):
        event_import = files.received(organizer, files.as_csv(rows), factories.edition(), at=NOW)
        files.worked(event_import, NOW)
        said = client.get(event_import.get_absolute_url()).context["warnings"]
        files.decided(event_import, NOW)
    assert [sentence[:45] for sentence in said] == [
        "Nous ne lisons pas la colonne « Agence ».",
        "Votre fichier n’a pas de colonne « Identifian",
        "Vous avez déjà importé ce même fichier : l’im",
    ]


@pytest.mark.parametrize("make", [files.as_csv, files.as_xlsx])
def test_file_with_remarks_is_the_same_file_and_can_be_sent_again(client, organizer, make):
    rows = files.table(
        [files.line(0, contact_phone="+33384000000"), files.line(1, **WRONG, contact_phone="")]
    )
    event_import = files.received(organizer, make(rows), factories.edition(), at=NOW)
    files.worked(event_import, NOW)
    response = client.get(f"{event_import.get_absolute_url()}remarques/")
    table = reading.read(response.content)
    unclear = "À corriger\nGratuit – trouvé : « peut-être » ; attendu : oui ou non."
    assert table.header == [*rows[0], "Remarques"]
    assert [row.cells for row in table.rows] == [[*rows[1], "Prête à envoyer"], [*rows[2], unclear]]
    again = files.received(organizer, response.content, factories.edition(), at=NOW)
    files.worked(again, NOW)
    response = client.get(f"{again.get_absolute_url()}remarques/")
    assert reading.read(response.content).header == [*rows[0], "Remarques"]


def test_agenda_with_remarks_is_the_same_export(client, organizer):
    content = agenda.export(agenda.event(1), agenda.event(2, title={"fr": ""}))
    event_import = files.worked(files.received(organizer, content, factories.edition(), at=NOW), NOW)
    found = json.loads(client.get(f"{event_import.get_absolute_url()}remarques/").content)["events"]
    assert [each.pop("remarques") for each in found] == [
        "Prête à envoyer",
        "À corriger\nTitre – Il manque un titre.",
    ]
    assert found == json.loads(content)["events"]


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_template_is_right_once_its_identifiers_are_changed(client, organizer, extension):
    content = client.get(f"{HOME}modele.{extension}").content
    source = reading.read(content.replace(b"EXEMPLE-", b"A-")) if extension == "csv" else None
    if source is None:
        [header, *rows] = load_workbook_rows(content)
        source = reading.read(
            files.as_xlsx([header, *[[row[0].replace("EXEMPLE", "A"), *row[1:]] for row in rows]])
        )
    for kind, code, label in TERMS:
        Term.objects.create(kind=kind, code=code, label=label)
    rows = [source.header, *(row.cells for row in source.rows)]
    event_import = files.received(organizer, files.as_csv(rows), factories.edition(), at=NOW)
    files.worked(event_import, NOW)
    assert [(line.verdict, line.remarks) for line in event_import.lines.all()] == [("correctes", [])] * 2


TERMS = [
    ("format", "visite", "Visite"),
    ("format", "webinaire", "Webinaire"),
    ("sector", "mines-et-metallurgie", "Mines et métallurgie"),
    ("topic", "orientation", "Orientation et découverte des métiers"),
]


def load_workbook_rows(content):
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["Événements", "Mode d’emploi", "Listes"]
    offered = [str(each.sqref).split("2:")[0] for each in book["Événements"].data_validations.dataValidation]
    header = [cell.value for cell in book["Événements"][1]]
    letters = {cell.value: cell.column_letter for cell in book["Événements"][1]}
    assert offered == [letters[name] for name in ("Nature", "Mode", "Gratuit", "Accès")]
    rows = book["Événements"].iter_rows(min_row=2, values_only=True)
    return [header, *[[value or "" for value in row] for row in rows]]


def test_all_or_nothing_that_fails_names_the_line(client, organizer):
    event_import = checked(organizer, files.line(0), files.line(1))
    organizer.memberships.all().delete()
    files.decided(event_import, NOW, all_or_nothing=True)
    home = event_import.organization
    home.memberships.create(user=organizer, role="owner")
    response = client.get(event_import.get_absolute_url())
    assert response.context["summary"] == "2\xa0événements non importés"
    assert response.context["warnings"] == [
        "Rien n’a été importé, comme vous l’avez demandé : la ligne 2 n’est pas passée."
    ]


def test_import_that_stopped_is_taken_up_again(client, organizer):
    event_import = files.received(organizer, b"Titre\na\n", factories.edition(), at=NOW)
    EventImport.objects.update(attempts=MOST_ATTEMPTS)
    assert "Le travail s’est arrêté plusieurs fois." in text(client.get(event_import.get_absolute_url()))
    client.post(f"{event_import.get_absolute_url()}reprendre/")
    event_import.refresh_from_db()
    assert event_import.attempts == 0


def test_file_is_erased_at_once_and_its_events_stay(client, organizer):
    event_import = files.decided(checked(organizer, files.line(0)), NOW)
    assert client.post(f"{event_import.get_absolute_url()}effacer/").url == HOME
    assert (EventImport.objects.count(), Event.objects.count()) == (0, 1)


def test_import_that_stopped_can_be_erased(client, organizer):
    event_import = files.received(organizer, b"Titre\na\n", factories.edition(), at=NOW)
    EventImport.objects.update(attempts=MOST_ATTEMPTS)
    assert "Effacer ce fichier et ses lignes" in text(client.get(event_import.get_absolute_url()))
    assert client.post(f"{event_import.get_absolute_url()}effacer/").url == HOME
    assert EventImport.objects.count() == 0


def test_running_import_is_not_erased(client, organizer):
    event_import = files.received(organizer, b"Titre\na\n", factories.edition(), at=NOW)
    assert client.post(f"{event_import.get_absolute_url()}effacer/").url == event_import.get_absolute_url()
    assert EventImport.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_imports_takes_the_same_queries(client, organizer, number, django_assert_num_queries):
    for _ in range(number):
        files.received(organizer, b"Titre\na\n", factories.edition(), at=NOW)
    with django_assert_num_queries(6):
        page = client.get(HOME).content.decode()
    assert len(re.findall(r'<th scope="row">', page)) == number


@pytest.mark.parametrize("number", [1, 3])
def test_lines_of_an_import_take_the_same_queries(client, organizer, number, django_assert_num_queries):
    event_import = checked(organizer, *[files.line(each, **WRONG) for each in range(number)], files.line(9))
    with django_assert_num_queries(8):
        assert len(client.get(event_import.get_absolute_url()).context["lines"]) == number + 1


def test_only_members_see_an_import(client, organizer):
    event_import = checked(organizer, files.line(0))
    stranger = factories.user()
    factories.organization(stranger)
    client.force_login(stranger)
    address = event_import.get_absolute_url()
    found = {
        name: client.get(f"{address}{name}").status_code for name in ("", "avancement.json", "remarques/")
    }
    found |= {name: client.post(f"{address}{name}").status_code for name in ("reprendre/", "effacer/")}
    assert set(found.values()) == {404}
    assert "Job dating" not in client.get(HOME).content.decode()
