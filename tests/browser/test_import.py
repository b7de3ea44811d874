"""Many events at once: 2 189 lines of which 37 are wrong, corrected and sent again; and a worker killed half-way."""

import os
import signal
import time
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Count
from playwright.sync_api import expect

from events.enums import Status
from events.imports.states import ImportState, LineOutcome
from events.models import Event, EventImport, ImportLine
from tests import factories
from tests.browser.mailbox import running_worker
from tests.events.imports import files

pytestmark = pytest.mark.browser

NUMBER, WRONG = 2189, 37
PATIENCE = 240_000  # ms


@pytest.fixture
def organizer(season):
    person = factories.user()
    factories.organization(person)
    for code in ("90010", "02738", "59350", "97101"):
        factories.commune(code)
    return person


def table(season, number: int, wrong: int = 0) -> bytes:
    """A file of so many events, of which the last do not say whether they are free."""
    day = f"{season.day(3):%d/%m/%Y}"
    lines = [
        files.line(each, day=day, is_free="peut-être" if each > number - wrong else "oui")
        for each in range(1, number + 1)
    ]
    return files.as_xlsx(files.table(lines))


def send(page, content: bytes):
    page.goto("/espace/import/")
    name = "evenements.xlsx"
    page.get_by_label("Votre fichier").set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.get_by_role("button", name="Vérifier ce fichier").click()


def test_large_file_is_corrected_and_sent_again(season, organizer, open_page, tmp_path):
    with running_worker(tmp_path):
        page = open_page(organizer)
        page.set_default_timeout(PATIENCE)
        send(page, table(season, NUMBER, WRONG))
        verdict = page.get_by_role("status")
        expect(verdict).to_contain_text(
            "2\xa0152\xa0lignes prêtes à envoyer, 37 à corriger.", timeout=PATIENCE
        )
        page.get_by_role("link", name="À corriger 37").click()
        expect(page.locator(".import-lines tbody tr")).to_have_count(WRONG)
        expect(page.locator(".import-lines tbody tr").first).to_contain_text("peut-être")
        page.get_by_role("button", name="Importer").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.reload()
        expect(verdict).to_contain_text("2\xa0152\xa0événements créés, 37 non importés.", timeout=PATIENCE)

        send(page, table(season, NUMBER))
        expect(verdict).to_contain_text("2\xa0189\xa0lignes prêtes à envoyer.", timeout=PATIENCE)
        page.get_by_role("button", name="Importer").click()
        said = "37\xa0événements créés, 2\xa0152 inchangés."
        expect(verdict).to_contain_text(said, timeout=PATIENCE)
    found = Event.objects.values_list("external_id", "status", "is_free", "version")
    wanted = [(f"FT-{each:04}", Status.DRAFT, True, 1) for each in range(1, NUMBER + 1)]
    assert sorted(found) == wanted


def test_worker_killed_half_way_makes_no_double(season, organizer, tmp_path):
    number = 300
    event_import = files.worked(files.received(organizer, table(season, number), season.edition))
    EventImport.objects.update(state=ImportState.QUEUED, submits=True)
    for attempt in ("first", "second"):
        folder = tmp_path / attempt
        folder.mkdir()
        with running_worker(folder) as worker:
            if attempt == "first":
                _wait(lambda: ImportLine.objects.exclude(outcome="").count() > 20)
                # The scheduler too: nothing of this worker is left.
                os.killpg(worker.pid, signal.SIGKILL)
                worker.wait()
                done = ImportLine.objects.exclude(outcome="").aggregate(
                    lines=Count("pk"), events=Count("event")
                )
                assert 20 < done["lines"] == done["events"] < number
            else:
                _wait(lambda: EventImport.objects.get(pk=event_import.pk).is_done)
    assert Counter(ImportLine.objects.values_list("outcome", flat=True)) == {LineOutcome.CREATED: number}
    found = Event.objects.values_list("external_id", "status", "version", "decisions__transition")
    wanted = [(f"FT-{each:04}", Status.SUBMITTED, 1, "submit") for each in range(1, number + 1)]
    assert sorted(found) == wanted


def _wait(condition):
    """Wait for what another process writes in the database."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < deadline
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")


def test_import_without_javascript(season, organizer, open_page):
    page = open_page(organizer, java_script_enabled=False)
    send(page, table(season, 3, wrong=1))
    expect(page.get_by_text("Vérification\xa0: lecture du fichier")).to_be_visible()
    files.worked(EventImport.objects.get())
    page.get_by_role("link", name="Actualiser cette page").click()
    expect(page.get_by_role("status")).to_contain_text("2\xa0lignes prêtes à envoyer, 1 à corriger.")
    page.get_by_role("button", name="Importer").click()
    files.worked(EventImport.objects.get())
    page.get_by_role("link", name="Actualiser cette page").click()
    expect(page.get_by_role("status")).to_contain_text("2\xa0événements créés, 1 non importé.")


def test_bar_goes_on_and_the_page_comes_again_at_the_end(season, organizer, open_page):
    files.received(organizer, table(season, 3), season.edition)
    EventImport.objects.update(state=ImportState.QUEUED, total=2189, done=812)
    page = open_page(organizer)
    page.goto(EventImport.objects.get().get_absolute_url())
    bar = page.get_by_role("progressbar", name="Import\xa0: ligne 812 sur 2\xa0189")
    expect(bar).to_be_visible()
    EventImport.objects.update(done=1000)
    expect(page.get_by_role("progressbar", name="Import\xa0: ligne 1\xa0000 sur 2\xa0189")).to_be_visible()
    EventImport.objects.update(state=ImportState.REFUSED, refusal="Fin.")
    expect(page.get_by_role("status")).to_contain_text("Fin.")
