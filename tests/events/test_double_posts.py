"""Double clicks, two tabs and the back button: one event, one decision, and nothing typed is lost."""

import pytest
from django.test import Client

from events import workflow
from events.enums import Rule, Status
from events.models import Amendment, Decision, Event
from semaine.models import OutboxMessage
from tests import factories
from tests.events import test_bad_input
from tests.events.test_bad_input import NEW, as_sent, kept, plain, slots, typed
from tests.factories import NOW

pytestmark = pytest.mark.django_db

_frame, organizer = test_bad_input._frame, test_bad_input.organizer

STALE = "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."
ELSEWHERE = (
    "Cet événement a été modifié ailleurs depuis que vous l’avez ouvert. Votre saisie est gardée ci-dessous : "
    "comparez, puis enregistrez de nouveau."
)
REASON = "Précisez l’heure d’accueil."


def page_of(event, action=""):
    return f"/espace/evenements/{event.pk}/{action}"


def examination(event):
    return f"/admin/events/event/{event.pk}/examiner/"


def messages(response):
    return [plain(str(message)) for message in response.context["messages"]]


def counts(event):
    return event.decisions.count(), OutboxMessage.objects.count()


# Creating.


def test_creation_posted_twice_makes_one_event(client, organizer):
    data = typed()
    answers = [client.post(NEW, data) for _ in range(2)]
    event = Event.objects.get()
    assert [answer.url for answer in answers] == [page_of(event)] * 2
    assert (event.title, event.slots.count()) == (data["title"], 1)


def test_creation_and_sending_posted_twice_lead_to_the_same_page(client, organizer):
    data = typed(send="1", save=None)
    answers = [client.post(NEW, data) for _ in range(2)]
    assert [answer.url for answer in answers] == [page_of(Event.objects.get(), "envoyer/")] * 2


def test_creation_corrected_after_the_back_button_is_saved(client, organizer):
    data = typed()
    client.post(NEW, data)
    lines = [("2025-11-20", "09:00", "10:00"), ("2025-11-21", "09:00", "10:00")]
    client.post(NEW, data | {"title": "Titre corrigé"} | slots(*lines))
    event = Event.objects.get()
    assert (event.title, event.slots.count()) == ("Titre corrigé", 2)


def test_creation_sent_again_never_overwrites_what_was_changed_since(client, organizer):
    data = typed()
    client.post(NEW, data)
    event = Event.objects.get()
    client.post(page_of(event), data | {"title": "Titre de l’autre onglet", "version": "1"})
    page = client.post(NEW, data | {"title": "Vieil onglet"}).content.decode()
    event.refresh_from_db()
    assert event.title == "Titre de l’autre onglet"
    assert kept(page, ["title"]) == {"title": ["Vieil onglet"]}


def test_creation_sent_again_after_the_label_loses_nothing_typed(client, organizer):
    data = typed()
    client.post(NEW, data)
    event = workflow.submit(Event.objects.get(), by=organizer, at=NOW)
    workflow.label(event, by=factories.national(), at=NOW, version=1, purpose_confirmed=True)
    client.post(NEW, data | {"title": "Vieil onglet"})
    assert [(each.title, each.status) for each in Event.objects.all()] == [(data["title"], "labelled")]
    assert [each.changes for each in Amendment.objects.open()] == [{"title": "Vieil onglet"}]


def test_button_that_adds_a_slot_saves_nothing(client, organizer):
    data = typed(add_slot="1", title="")
    for _ in range(2):
        page = client.post(NEW, data).content.decode()
    assert kept(page, ["title", "slots-0-day"]) == as_sent({"title": "", "slots-0-day": "2025-11-20"})
    assert Event.objects.count() == 0


# Changing, in two tabs.


def test_second_tab_keeps_what_was_typed_and_saves_at_the_next_try(client, organizer):
    event = factories.draft(organizer)
    first = typed(key=str(event.creation_key), version="1", title="Premier onglet")
    second = first | {"title": "Second onglet", "summary": "Tapé dans le second."}
    assert client.post(page_of(event), first).url == page_of(event)
    response = client.post(page_of(event), second)
    assert plain(response.context["form"].non_field_errors()) == [ELSEWHERE]
    found = kept(response.content.decode(), ["title", "summary", "version", "slots-0-day"])
    assert found == as_sent(
        {
            "title": "Second onglet",
            "summary": "Tapé dans le second.",
            "version": "2",
            "slots-0-day": "2025-11-20",
        }
    )
    event.refresh_from_db()
    assert (event.title, event.version) == ("Premier onglet", 2)
    client.post(page_of(event), second | {"version": "2"})
    event.refresh_from_db()
    assert (event.title, event.version) == ("Second onglet", 3)


@pytest.mark.parametrize("version", [None, "", "abc", "-1", "9" * 30])
def test_change_without_the_version_that_was_read_overwrites_nothing(client, organizer, version):
    event = factories.draft(organizer)
    data = typed(key=str(event.creation_key), version=version, title="À l’aveugle")
    response = client.post(page_of(event), data)
    assert plain(response.context["form"].errors) == {"__all__": [ELSEWHERE]}
    assert kept(response.content.decode(), ["title", "version"]) == as_sent(
        {"title": "À l’aveugle", "version": "1"}
    )
    event.refresh_from_db()
    assert (event.title, event.version) == ("Visite de la fonderie", 1)


def test_change_of_what_left_the_programme_meanwhile_loses_nothing_typed(client, organizer):
    event = factories.labelled(organizer)
    workflow.withdraw(event, by=factories.national(), at=NOW, comment=REASON)
    data = typed(key=str(event.creation_key), version="1", title="Trop tard")
    response = client.post(page_of(event), data)
    event.refresh_from_db()
    assert event.title == "Visite de la fonderie"
    assert plain(response.context["form"].non_field_errors()) == [
        "Cet événement a quitté le programme. Pour le corriger, écrivez à votre référent."
    ]
    assert kept(response.content.decode(), ["title"]) == {"title": ["Trop tard"]}


# Sending, cancelling, deleting.


def test_sending_twice_writes_one_decision_and_says_who_and_when(client, organizer):
    event = factories.draft(organizer)
    first = client.post(page_of(event, "envoyer/"), follow=True)
    assert messages(first) == ["Votre événement est envoyé à votre référent."]
    once = counts(event)
    second = client.post(page_of(event, "envoyer/"), follow=True)
    assert messages(second) == [
        f"Cet événement a été envoyé par {organizer} le mercredi 1er octobre 2025 à 10 h."
    ]
    assert counts(event) == once == (1, 1)


def test_cancelling_twice_writes_one_decision_and_says_who_and_when(client, organizer):
    event = factories.submitted(organizer)
    answers = [client.post(page_of(event, "annuler/"), {"comment": REASON}, follow=True) for _ in range(2)]
    assert [messages(answer) for answer in answers] == [
        ["L’événement est annulé."],
        [f"Cet événement a été annulé par {organizer} le mercredi 1er octobre 2025 à 10 h."],
    ]
    assert counts(event) == (2, 2)


def test_reopening_twice_writes_one_decision_and_says_who_and_when(client, organizer):
    event = workflow.cancel(factories.submitted(organizer), by=organizer, at=NOW, comment=REASON)
    answers = [client.post(page_of(event, "retablir/"), follow=True) for _ in range(2)]
    assert [messages(answer) for answer in answers] == [
        ["L’événement est rétabli."],
        [f"Cet événement a été rétabli par {organizer} le mercredi 1er octobre 2025 à 10 h."],
    ]
    assert counts(event) == (3, 3)


def test_deleting_twice_deletes_once_and_says_so_in_french(client, organizer):
    event, other = factories.draft(organizer), factories.draft(organizer)
    assert messages(client.post(page_of(event, "supprimer/"), follow=True)) == ["Le brouillon est supprimé."]
    second = client.post(page_of(event, "supprimer/"), follow=True)
    assert (second.status_code, second.templates[0].name) == (404, "404.html")
    assert list(Event.objects.all()) == [other]


def test_deleting_from_an_old_tab_what_was_sent_is_refused(client, organizer):
    event = factories.submitted(organizer)
    answer = client.post(page_of(event, "supprimer/"), follow=True)
    assert messages(answer) == [
        f"Cet événement a été envoyé par {organizer} le mercredi 1er octobre 2025 à 10 h."
    ]
    assert Event.objects.get() == event


# Deciding.

ALL = {"comment": REASON, "rule": "purpose", "purpose_confirmed": "on", "version": "1"}
DECISIONS = {
    "label": (Status.SUBMITTED, "labellisé"),
    "request_changes": (Status.SUBMITTED, "renvoyé à l’organisateur"),
    "refuse": (Status.SUBMITTED, "refusé"),
    "take_back": (Status.CHANGES_REQUESTED, "repris à l’examen"),
    "reinstate": (Status.REFUSED, "remis à l’examen"),
    "withdraw": (Status.LABELLED, "retiré du programme"),
    "cancel": (Status.LABELLED, "annulé"),
}


def standing(status):
    event, by = factories.submitted(), factories.national()
    if status == Status.LABELLED:
        return workflow.label(event, by=by, at=NOW, version=1, purpose_confirmed=True)
    if status == Status.REFUSED:
        return workflow.refuse(event, by=by, at=NOW, rule=Rule.PURPOSE, comment=REASON)
    if status == Status.CHANGES_REQUESTED:
        return workflow.request_changes(event, by=by, at=NOW, comment=REASON)
    return event


@pytest.mark.parametrize("decision", DECISIONS)
def test_decision_posted_twice_is_written_once_and_says_who_and_when(client, decision):
    status, done = DECISIONS[decision]
    event, agent = standing(status), factories.referent()
    before = counts(event)
    client.force_login(agent)
    answers = [client.post(examination(event), ALL | {"decision": decision}, follow=True) for _ in range(2)]
    assert [messages(answer) for answer in answers] == [
        ["C’est fait : « Visite de la fonderie ». L’organisateur est prévenu par courriel."],
        [f"Cet événement a été {done} par {agent} le mercredi 1er octobre 2025 à 10 h."],
    ]
    assert counts(event) == (before[0] + 1, before[1] + 1)


def test_second_agent_learns_who_decided_and_nothing_is_written(client):
    event, first, second = factories.submitted(), factories.referent(), factories.referent()
    client.force_login(first)
    client.post(examination(event), ALL | {"decision": "label"})
    other = Client()
    other.force_login(second)
    answer = other.post(examination(event), ALL | {"decision": "refuse"}, follow=True)
    assert messages(answer) == [
        f"Cet événement a été labellisé par {first} le mercredi 1er octobre 2025 à 10 h."
    ]
    assert Decision.objects.filter(by=second).count() == 0
    assert Event.objects.get().status == Status.LABELLED


@pytest.mark.parametrize("decision", ["label", "request_changes", "refuse"])
def test_decision_on_a_version_that_changed_keeps_the_message_and_passes_at_the_next_try(client, decision):
    event, agent = factories.submitted(), factories.referent()
    Event.objects.filter(pk=event.pk).update(version=2)
    client.force_login(agent)
    data = ALL | {"decision": decision}
    response = client.post(examination(event), data)
    assert plain(response.context["form"].errors) == {"__all__": [STALE]}
    assert kept(response.content.decode(), ["comment", "rule", "version", "purpose_confirmed"]) == as_sent(
        {"comment": REASON, "rule": "purpose", "version": "2", "purpose_confirmed": "on"}
    )
    assert event.decisions.count() == 1
    client.post(examination(event), data | {"version": "2"})
    assert [(each.transition, each.event_version) for each in event.decisions.all()] == [
        ("submit", 1),
        (decision, 2),
    ]


def test_decision_on_what_was_cancelled_meanwhile_is_refused(client):
    event = factories.submitted()
    workflow.cancel(event, by=event.created_by, at=NOW, comment=REASON)
    client.force_login(factories.referent())
    answer = client.post(examination(event), ALL | {"decision": "label"}, follow=True)
    assert messages(answer) == [
        f"Cet événement a été annulé par {event.created_by} le mercredi 1er octobre 2025 à 10 h."
    ]
    assert Event.objects.get().label_number is None
