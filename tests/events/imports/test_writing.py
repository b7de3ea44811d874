"""The import: each line once, drafts or sent, all that is right or nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from events import amending, drafting, workflow
from events.enums import Source, Status
from events.imports import jobs
from events.imports.states import ImportState, LineOutcome, LinePlan
from events.imports.writing import PROPOSED
from events.models import Decision, Event, EventImport
from events.models.imports import MOST_ATTEMPTS
from semaine import retention
from semaine.models import OutboxMessage
from tests import factories
from tests.events.imports import agenda, files
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer():
    person = factories.user()
    factories.organization(person)
    for code in ("90010", "02738", "59350", "97101"):
        factories.commune(code)
    return person


def imported(organizer, *lines, content=b"", **fields):
    content = content or files.csv_of(*lines)
    event_import = files.worked(files.received(organizer, content, factories.edition(), at=NOW), NOW)
    return files.decided(event_import, NOW, **fields)


def outcomes(event_import):
    return list(event_import.lines.values_list("number", "outcome", "was_sent"))


WRONG = {"is_free": "peut-être"}


def test_right_lines_become_drafts_and_wrong_ones_are_left(organizer):
    event_import = imported(organizer, files.line(0), files.line(1, **WRONG), files.line(2))
    assert (event_import.state, event_import.done) == (ImportState.DONE, 3)
    assert outcomes(event_import) == [
        (2, LineOutcome.CREATED, False),
        (3, LineOutcome.REFUSED, False),
        (4, LineOutcome.CREATED, False),
    ]
    found = Event.objects.values_list("external_id", "title", "status", "source", "commune", "created_by")
    assert list(found) == [
        ("FT-0000", "Job dating numéro 0", Status.DRAFT, Source.SPREADSHEET, "90010", organizer.pk),
        ("FT-0002", "Job dating numéro 2", Status.DRAFT, Source.SPREADSHEET, "59350", organizer.pk),
    ]
    assert OutboxMessage.objects.count() == 0


def test_events_are_sent_with_one_mail_for_all(organizer):
    event_import = imported(organizer, files.line(0), files.line(1), submits=True)
    assert [was_sent for *_, was_sent in outcomes(event_import)] == [True, True]
    assert list(Event.objects.values_list("status", flat=True)) == [Status.SUBMITTED] * 2
    assert Decision.objects.count() == 2
    [mail] = OutboxMessage.objects.all()
    assert (mail.recipient, mail.subject) == (
        organizer.email,
        "Import terminé : 2\xa0événements sont envoyés au référent",
    )
    assert f"http://testserver/espace/import/{event_import.pk}/" in mail.text


def test_same_file_corrected_and_sent_again_updates(organizer):
    imported(organizer, files.line(0), files.line(1, **WRONG), files.line(2))
    again = imported(organizer, files.line(0), files.line(1), files.line(2, title="Autre titre"))
    assert outcomes(again) == [
        (2, LineOutcome.SAME, False),
        (3, LineOutcome.CREATED, False),
        (4, LineOutcome.UPDATED, False),
    ]
    assert list(Event.objects.order_by("external_id").values_list("external_id", "title", "version")) == [
        ("FT-0000", "Job dating numéro 0", 1),
        ("FT-0001", "Job dating numéro 1", 1),
        ("FT-0002", "Autre titre", 2),
    ]


def test_drafts_of_an_earlier_import_are_sent_by_the_next(organizer):
    imported(organizer, files.line(0))
    again = imported(organizer, files.line(0), submits=True)
    assert outcomes(again) == [(2, LineOutcome.SAME, True)]
    assert Event.objects.get().status == Status.SUBMITTED


def test_column_that_the_file_has_not_keeps_what_was_written_by_hand(organizer):
    imported(organizer, files.line(0))
    Event.objects.update(description="Écrite à la main.")
    imported(organizer, files.line(0, title="Autre titre"))
    assert Event.objects.values_list("title", "description").get() == ("Autre titre", "Écrite à la main.")


MODIFIED = "Modifié sur le site depuis le mercredi 1er octobre 2025 : {}."


def on_the_site(organizer, **values):
    event = Event.objects.get()
    return drafting.revise(event, by=organizer, at=NOW, values=values, version=event.version)


def told(event_import):
    return [
        (line.plan, line.outcome, [each["message"] for each in line.remarks])
        for line in event_import.lines.all()
    ]


@pytest.mark.parametrize("sent", [False, True])
def test_what_was_modified_on_the_site_is_not_overwritten(organizer, sent):
    imported(organizer, files.line(0, description="Du fichier."), submits=sent)
    on_the_site(organizer, description="Corrigée sur le site.")
    again = imported(organizer, files.line(0, description="Du fichier."))
    assert told(again) == [(LinePlan.REPLACE, LineOutcome.KEPT, [MODIFIED.format("Description")])]
    assert Event.objects.values_list("description", "version").get() == ("Corrigée sur le site.", 2)


def test_what_was_modified_on_the_site_is_replaced_where_that_was_asked(organizer):
    imported(organizer, files.line(0))
    on_the_site(organizer, title="Corrigé sur le site")
    again = imported(organizer, files.line(0), replaces=True)
    assert told(again) == [(LinePlan.REPLACE, LineOutcome.UPDATED, [MODIFIED.format("Titre")])]
    assert Event.objects.values_list("title", "version", "imported_version").get() == (
        "Job dating numéro 0",
        3,
        3,
    )
    # From now on the file speaks for it again.
    third = imported(organizer, files.line(0, title="Autre titre"))
    assert told(third) == [(LinePlan.UPDATE, LineOutcome.UPDATED, [])]


def test_what_is_modified_between_the_check_and_the_import_is_not_overwritten(organizer):
    imported(organizer, files.line(0))
    content = files.csv_of(files.line(0, title="Autre titre"))
    again = files.worked(files.received(organizer, content, factories.edition(), at=NOW), NOW)
    on_the_site(organizer, description="Corrigée sur le site.")
    assert told(files.decided(again, NOW)) == [
        (LinePlan.REPLACE, LineOutcome.KEPT, [MODIFIED.format("Titre")])
    ]
    assert Event.objects.get().title == "Job dating numéro 0"


def test_all_or_nothing_is_not_stopped_by_what_was_modified_on_the_site(organizer):
    imported(organizer, files.line(0))
    on_the_site(organizer, title="Corrigé sur le site")
    again = imported(organizer, files.line(0), files.line(1), all_or_nothing=True)
    assert sorted(outcome for _, outcome, _ in outcomes(again)) == [LineOutcome.CREATED, LineOutcome.KEPT]


def test_proposal_made_on_the_site_is_not_dropped(organizer):
    event = labelled(organizer)
    on_the_site(organizer, title="Proposé sur le site")
    again = imported(organizer, files.line(0))
    assert told(again) == [(LinePlan.REPLACE, LineOutcome.KEPT, [MODIFIED.format("modification proposée")])]
    assert event.amendments.open().count() == 1


def test_proposal_of_an_import_that_a_referent_accepts_is_no_change_of_the_site(organizer):
    event = labelled(organizer)
    imported(organizer, files.line(0, title="Autre titre"))
    event.refresh_from_db()
    agent = Decision.objects.get(transition="label").by
    amending.accept_amendment(event, by=agent, at=NOW, version=event.version)
    again = imported(organizer, files.line(0, title="Encore un autre"))
    assert told(again) == [(LinePlan.UPDATE, LineOutcome.UPDATED, [PROPOSED])]


def labelled(organizer):
    """The event of line 0, imported, sent and labelled."""
    imported(organizer, files.line(0), submits=True)
    event = Event.objects.get()
    agent = factories.national()
    return workflow.label(event, by=agent, at=NOW, version=event.version, purpose_confirmed=True)


def test_label_facts_of_a_labelled_event_are_proposed(organizer):
    event = labelled(organizer)
    for outcome in (LineOutcome.UPDATED, LineOutcome.SAME):
        [line] = imported(organizer, files.line(0, title="Autre titre")).lines.all()
        assert (line.outcome, line.event) == (outcome, event)
        assert [each["message"] for each in line.remarks] == [PROPOSED]
    event.refresh_from_db()
    assert (event.title, event.status) == ("Job dating numéro 0", Status.LABELLED)
    assert event.amendments.open().get().changes["title"]


def test_proposal_goes_when_the_file_says_what_was_labelled(organizer):
    event = labelled(organizer)
    imported(organizer, files.line(0, title="Autre titre"))
    [line] = imported(organizer, files.line(0)).lines.all()
    assert (line.outcome, line.remarks) == (LineOutcome.UPDATED, [])
    assert event.amendments.open().count() == 0


def test_organizations_may_use_the_same_identifiers(organizer):
    other = factories.user()
    factories.organization(other)
    imported(organizer, files.line(0))
    imported(other, files.line(0))
    assert Event.objects.filter(external_id="FT-0000").count() == 2


def test_without_identifier_each_line_is_a_new_event(organizer):
    for _ in range(2):
        imported(organizer, files.line(0, external_id=""))
    assert list(Event.objects.values_list("external_id", flat=True)) == ["", ""]


def test_agenda_is_imported_under_its_own_source(organizer):
    imported(organizer, content=agenda.export(agenda.event(7)))
    event = Event.objects.get()
    assert (event.source, event.external_id, event.slots.count()) == (Source.OPENAGENDA, "7", 2)
    assert (event.latitude, event.longitude, event.point_source) == (47.65, 6.87, "hand")


def test_all_or_nothing_imports_all(organizer):
    event_import = imported(organizer, files.line(0), files.line(1), all_or_nothing=True, submits=True)
    assert outcomes(event_import) == [(2, LineOutcome.CREATED, True), (3, LineOutcome.CREATED, True)]
    assert Event.objects.count() == 2


def test_all_or_nothing_imports_nothing_when_one_line_fails(organizer):
    event_import = imported(
        organizer, files.line(0), files.line(1, **WRONG), files.line(2), all_or_nothing=True
    )
    assert (event_import.state, Event.objects.count()) == (ImportState.DONE, 0)
    assert outcomes(event_import) == [(2, "", False), (3, LineOutcome.REFUSED, False), (4, "", False)]


def test_author_who_has_left_the_organization_writes_nothing(organizer):
    event_import = files.worked(
        files.received(organizer, files.csv_of(files.line(0)), factories.edition(), at=NOW), NOW
    )
    organizer.memberships.all().delete()
    files.decided(event_import, NOW)
    [line] = event_import.lines.all()
    assert (line.outcome, Event.objects.count()) == (LineOutcome.REFUSED, 0)
    assert [each["message"] for each in line.remarks] == ["Cet événement est celui d’une autre organisation."]


def test_submission_that_closed_meanwhile_writes_nothing(organizer):
    event_import = files.worked(
        files.received(organizer, files.csv_of(files.line(0)), factories.edition(), at=NOW), NOW
    )
    files.decided(event_import, NOW + timedelta(days=60), submits=True)
    [line] = event_import.lines.all()
    assert (line.outcome, line.event, Event.objects.count()) == (LineOutcome.REFUSED, None, 0)
    assert [each["message"] for each in line.remarks] == [
        "Les propositions sont reçues du mercredi 17 septembre 2025 au lundi 24 novembre 2025."
    ]


def test_work_that_stopped_half_way_goes_on_with_the_lines_left(organizer):
    event_import = imported(organizer, files.line(0), files.line(1))
    # As a worker leaves it that dies after the first line.
    Event.objects.get(external_id="FT-0001").delete()
    event_import.lines.filter(number=3).update(outcome="")
    files.decided(event_import, NOW)
    assert outcomes(event_import) == [(2, LineOutcome.CREATED, False), (3, LineOutcome.CREATED, False)]
    assert Event.objects.values_list("external_id", "version").order_by("external_id")[0] == ("FT-0000", 1)
    assert Event.objects.count() == 2


def test_import_that_another_worker_holds_is_left_to_it(organizer):
    event_import = files.received(organizer, files.csv_of(files.line(0)), factories.edition(), at=NOW)
    with jobs.claimed(event_import.pk) as progress:
        assert progress
        files.worked(event_import, NOW)
        assert event_import.state == ImportState.RECEIVED
    files.worked(event_import, NOW)
    assert event_import.state == ImportState.CHECKED


def test_job_that_never_ends_is_given_up(organizer):
    event_import = files.received(organizer, files.csv_of(files.line(0)), factories.edition(), at=NOW)
    EventImport.objects.update(attempts=MOST_ATTEMPTS)
    files.worked(event_import, NOW)
    assert (event_import.state, event_import.is_stuck) == (ImportState.RECEIVED, True)


def test_attempt_that_gets_no_further_is_counted(organizer):
    event_import = files.received(organizer, b"Titre\na\n", factories.edition(), at=NOW)
    EventImport.objects.update(total=900, attempts=1)
    found = []
    with connection.cursor() as cursor:
        say = jobs.teller(cursor, event_import.pk)
        for done in (300, 100, 200, 300, 400):
            say(done)
            found.append(EventImport.objects.values_list("done", "attempts").get())
            EventImport.objects.update(attempts=2)
    assert found == [(300, 0), (300, 2), (300, 2), (300, 2), (400, 0)]


def test_old_imports_are_erased_and_their_events_stay(organizer):
    imported(organizer, files.line(0))
    young = files.received(organizer, files.csv_of(files.line(1)), factories.edition(), at=NOW + timedelta(2))
    retention.erase_expired(NOW + timedelta(days=31))
    assert (list(EventImport.objects.all()), Event.objects.count()) == ([young], 1)


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_new_lines_takes_the_same_queries(organizer, number, django_assert_num_queries):
    lines = [files.line(4 * each) for each in range(number)]
    event_import = files.worked(
        files.received(organizer, files.csv_of(*lines), factories.edition(), at=NOW), NOW
    )
    EventImport.objects.update(state=ImportState.QUEUED, submits=True)
    with django_assert_num_queries(29):
        files.worked(event_import, NOW)


def test_beat_calls_what_finds_the_job_and_what_erases_old_ones(organizer, settings):
    event_import = files.received(organizer, files.csv_of(files.line(0)), factories.edition(), at=NOW)
    files.received(organizer, b"Titre", factories.edition(), at=NOW - timedelta(days=400))
    EventImport.objects.filter(pk=event_import.pk).update(created_at=timezone.now())
    for name in ("imports", "retention"):
        import_string(settings.CELERY_BEAT_SCHEDULE[name]["task"])()
    assert list(EventImport.objects.values_list("pk", "state")) == [(event_import.pk, ImportState.CHECKED)]
