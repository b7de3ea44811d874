"""Double clicks, two tabs and the back button: one event, one decision, and nothing typed is lost."""

import pytest
from django.test import Client

from events import workflow
from events.enums import Rule, Status
from events.models import Amendment, Decision, Event
from events.steps import ELSEWHERE
from events.transitions import UNDOABLE
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import NEW, as_sent, kept, plain, said, slots, step_of, typed
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer

STALE = "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."
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
    data = typed("quoi", next="1")
    answers = [client.post(NEW, data) for _ in range(2)]
    event = Event.objects.get()
    assert [answer.url for answer in answers] == [page_of(event, "quand/")] * 2
    assert (event.title, event.version) == (data["title"], 1)


def test_creation_corrected_after_the_back_button_is_saved(client, organizer):
    data = typed("quoi")
    client.post(NEW, data)
    client.post(NEW, data | {"title": "Titre corrigé"})
    assert [event.title for event in Event.objects.all()] == ["Titre corrigé"]


def test_creation_sent_again_shows_what_was_changed_since_and_overwrites_it_at_the_second_try(
    client, organizer
):
    data = typed("quoi")
    client.post(NEW, data)
    event = Event.objects.get()
    client.post(step_of(event, "quoi"), typed("quoi", event, title="Titre de l’autre onglet"))
    response = client.post(NEW, data | {"title": "Vieil onglet"})
    page = response.content.decode()
    event.refresh_from_db()
    assert event.title == "Titre de l’autre onglet"
    assert response.context["differences"] == [("Titre", "Vieil onglet", "Titre de l’autre onglet")]
    assert f'action="{step_of(event, "quoi")}"' in page
    again = {name: values[0] for name, values in kept(page, ["title", "base"]).items()}
    assert again["title"] == "Vieil onglet"
    client.post(step_of(event, "quoi"), data | again)
    event.refresh_from_db()
    assert event.title == "Vieil onglet"


def test_creation_sent_again_after_the_label_loses_nothing_typed(client, organizer):
    data = typed("quoi")
    client.post(NEW, data)
    event = Event.objects.get()
    for step in ("quand", "ou", "qui"):
        client.post(step_of(event, step), typed(step, event))
    event = workflow.submit(Event.objects.get(), by=organizer, at=NOW)
    workflow.label(event, by=factories.national(), at=NOW, version=event.version, purpose_confirmed=True)
    page = client.post(NEW, data | {"title": "Vieil onglet"}).content.decode()
    assert [(each.title, each.status) for each in Event.objects.all()] == [(data["title"], "labelled")]
    assert list(Amendment.objects.open()) == []
    assert kept(page, ["title"]) == {"title": ["Vieil onglet"]}


@pytest.mark.parametrize("button", ["add_slot", "preview"])
def test_button_that_draws_the_step_again_saves_nothing(client, organizer, button):
    event = factories.draft(organizer)
    step, name = ("quand", "slots-0-start") if button == "add_slot" else ("quoi", "title")
    data = typed(step, event, **{button: "1", "save": None, name: "n’importe quoi"})
    for _ in range(2):
        response = client.post(step_of(event, step), data)
    assert kept(response.content.decode(), [name]) == {name: ["n’importe quoi"]}
    assert said(response) == {}
    event.refresh_from_db()
    assert event.version == 1


# Changing, in two tabs.


def test_second_tab_reads_both_versions_and_saves_at_the_next_try(client, organizer):
    event = factories.draft(organizer)
    first = typed("quoi", event, title="Premier onglet")
    second = first | {"title": "Second onglet", "summary": "Tapé dans le second."}
    assert client.post(step_of(event, "quoi"), first).url == step_of(event, "quoi")
    response = client.post(step_of(event, "quoi"), second)
    page = response.content.decode()
    assert said(response) == {"__all__": [plain(ELSEWHERE)]}
    assert response.context["differences"] == [
        ("Titre", "Second onglet", "Premier onglet"),
        ("Résumé", "Tapé dans le second.", first["summary"]),
    ]
    assert "<td>Second onglet</td><td>Premier onglet</td>" in page
    found = kept(page, ["title", "summary"])
    assert found == as_sent({"title": "Second onglet", "summary": "Tapé dans le second."})
    event.refresh_from_db()
    assert (event.title, event.version) == ("Premier onglet", 2)
    client.post(step_of(event, "quoi"), second | {"base": kept(page, ["base"])["base"][0]})
    event.refresh_from_db()
    assert (event.title, event.version) == ("Second onglet", 3)


def test_tabs_on_two_steps_do_not_disturb_each_other(client, organizer):
    event = factories.draft(organizer)
    pages = {step: typed(step, event) for step in ("quoi", "qui", "ou", "quand")}
    answers = [client.post(step_of(event, step), data).status_code for step, data in pages.items()]
    event.refresh_from_db()
    assert (answers, event.title, event.capacity) == ([302] * 4, "Visite de l’atelier", 25)


def test_slots_changed_elsewhere_are_shown_beside(client, organizer):
    event = factories.draft(organizer)
    first = typed("quand", event, **slots(("2025-11-21", "09:00", "10:00")))
    client.post(step_of(event, "quand"), first)
    response = client.post(step_of(event, "quand"), first | slots(("2025-11-22", "14:00", "15:30")))
    [(label, mine, theirs)] = response.context["differences"]
    assert plain([label, mine, theirs]) == [
        "Créneaux",
        "samedi 22 novembre 2025, 14 h–15 h 30",
        "vendredi 21 novembre 2025, 9 h–10 h",
    ]
    assert event.slots.get().first_day.day == 21


def test_same_words_saved_twice_are_no_conflict(client, organizer):
    event = factories.draft(organizer)
    for step in ("quoi", "quand", "ou", "qui"):
        data = typed(step, event)
        before = Event.objects.get().version
        answers = [client.post(step_of(event, step), data).status_code for _ in range(2)]
        assert (answers, Event.objects.get().version) == ([302, 302], before + (step != "quand"))


@pytest.mark.parametrize("base", [None, "", "abc", "9" * 64])
def test_change_without_the_version_that_was_read_overwrites_nothing(client, organizer, base):
    event = factories.draft(organizer)
    response = client.post(step_of(event, "quoi"), typed("quoi", event, base=base, title="À l’aveugle"))
    assert said(response) == {"__all__": [plain(ELSEWHERE)]}
    assert kept(response.content.decode(), ["title"]) == {"title": ["À l’aveugle"]}
    event.refresh_from_db()
    assert (event.title, event.version) == ("Visite de la fonderie", 1)


def test_change_of_what_left_the_programme_meanwhile_loses_nothing_typed(client, organizer):
    event = factories.labelled(organizer)
    workflow.withdraw(event, by=factories.national(), at=NOW, comment=REASON)
    response = client.post(step_of(event, "quoi"), typed("quoi", event, title="Trop tard"))
    event.refresh_from_db()
    assert event.title == "Visite de la fonderie"
    assert said(response) == {
        "__all__": ["Cet événement a quitté le programme. Pour le corriger, écrivez à votre référent."]
    }
    assert kept(response.content.decode(), ["title"]) == {"title": ["Trop tard"]}


# Sending, cancelling, deleting.


SENT = "Votre événement est envoyé à votre référent."


def test_sending_twice_is_one_decision_and_a_success_both_times(client, organizer):
    event = factories.draft(organizer)
    answers = []
    for _ in range(2):
        answer = client.post(page_of(event, "envoyer/"), follow=True)
        answers.append((messages(answer), answer.redirect_chain, counts(event)))
    assert answers == [([SENT], [(page_of(event), 302)], (1, 1))] * 2


def test_sending_what_a_colleague_has_sent_says_who_and_when(client, organizer):
    event = factories.draft(organizer)
    client.post(page_of(event, "envoyer/"), follow=True)
    colleague = factories.user()
    Membership.objects.create(user=colleague, organization=event.organization, role="editor")
    client.force_login(colleague)
    answer = client.post(page_of(event, "envoyer/"), follow=True)
    assert messages(answer) == [
        f"Cet événement a été envoyé par {organizer} le mercredi 1er octobre 2025 à 10 h."
    ]
    assert counts(event) == (1, 1)


def test_sending_what_was_decided_meanwhile_says_so(client, organizer):
    event = factories.submitted(organizer)
    workflow.cancel(event, by=organizer, at=NOW, comment=REASON)
    answer = client.post(page_of(event, "envoyer/"), follow=True)
    assert messages(answer) == [
        f"Cet événement a été annulé par {organizer} le mercredi 1er octobre 2025 à 10 h."
    ]


def test_cancelling_twice_is_one_decision_and_a_success_both_times(client, organizer):
    event = factories.submitted(organizer)
    answers = [client.post(page_of(event, "annuler/"), {"comment": REASON}, follow=True) for _ in range(2)]
    assert [messages(answer) for answer in answers] == [["L’événement est annulé."]] * 2
    assert counts(event) == (2, 2)


def test_reopening_twice_is_one_decision_and_a_success_both_times(client, organizer):
    event = workflow.cancel(factories.submitted(organizer), by=organizer, at=NOW, comment=REASON)
    answers = [client.post(page_of(event, "retablir/"), follow=True) for _ in range(2)]
    assert [messages(answer) for answer in answers] == [["L’événement est rétabli."]] * 2
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
    sign_in(client, agent)
    answers = [client.post(examination(event), ALL | {"decision": decision}, follow=True) for _ in range(2)]
    # What may be undone is told a minute later.
    waits = (
        "sera prévenu par courriel dans une minute" if decision in UNDOABLE else "est prévenu par courriel"
    )
    assert [messages(answer) for answer in answers] == [
        [f"C’est fait : « Visite de la fonderie ». L’organisateur {waits}."],
        [f"Cet événement a été {done} par {agent} le mercredi 1er octobre 2025 à 10 h."],
    ]
    assert counts(event) == (before[0] + 1, before[1] + 1)


def test_second_agent_learns_who_decided_and_nothing_is_written(client):
    event, first, second = factories.submitted(), factories.referent(), factories.referent()
    sign_in(client, first)
    client.post(examination(event), ALL | {"decision": "label"})
    other = Client()
    sign_in(other, second)
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
    sign_in(client, agent)
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
    sign_in(client, factories.referent())
    answer = client.post(examination(event), ALL | {"decision": "label"}, follow=True)
    assert messages(answer) == [
        f"Cet événement a été annulé par {event.created_by} le mercredi 1er octobre 2025 à 10 h."
    ]
    assert Event.objects.get().label_number is None
