"""One file of the organizer's: where it stands, what waits for whom, who decided what, and what may be done."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from django.utils.html import strip_tags

from events import amending, workflow
from events.enums import Rule
from events.models import Amendment, Event
from organizers.models import Office
from tests import factories
from tests.events.form_pages import typed
from tests.events.test_workflow import LATER, REASON, standing
from tests.factories import slot

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"
# No term of the lists is loaded here.
NO_TERMS = {"format_code": "", "sector_codes": [], "topic_codes": []}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def organizer(client):
    person = factories.user()
    factories.organization(person)
    client.force_login(person)
    return person


@contextmanager
def on(client, person, year, month, day):
    """Another day, signed in again: a session does not last so long."""
    with time_machine.travel(datetime(year, month, day, 8, tzinfo=UTC), tick=False):
        client.force_login(person)
        yield


def page_of(event):
    return f"/espace/evenements/{event.pk}/"


def sections(client, event) -> dict[str, str]:
    """The text of each section of the page, by its title."""
    page = client.get(page_of(event)).content.decode()
    found = re.findall(r"<section[^>]*>\s*<h2[^>]*>(.*?)</h2>(.*?)</section>", page, re.DOTALL)
    return {plain(title): plain(text) for title, text in found}


def plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).replace(NBSP, " ").split())


SENTENCES = {
    "draft": "Ce brouillon vous attend. Personne d’autre ne le voit. Complétez-le, puis envoyez-le.",
    "submitted": "Votre référent examine votre événement : réponse attendue le mardi 7 octobre.",
    "changes_requested": (
        "Votre référent attend une précision de votre part. Lisez son message, complétez l’événement, puis "
        "envoyez-le de nouveau."
    ),
    "labelled": "Votre événement est au programme. Vous n’avez rien à faire.",
    "labelled:edited": "Votre événement est au programme. Vous n’avez rien à faire.",
    "labelled:amended": (
        "Votre référent examine la modification que vous proposez : réponse attendue le mardi 7 octobre. En "
        "attendant, le public voit ce qui est labellisé."
    ),
    "refused": (
        "Le label n’a pas été accordé. Lisez la raison, corrigez l’événement, puis envoyez-le de nouveau."
    ),
    "withdrawn": "Le label a été retiré. L’événement n’est plus au programme.",
    "cancelled:labelled": "L’événement est annulé.",
}


@pytest.mark.parametrize("status", SENTENCES)
def test_page_says_what_waits_for_whom(client, organizer, status):
    event = standing(status, organizer=organizer)
    page = client.get(page_of(event)).content.decode()
    assert [plain(each) for each in re.findall(r'<p class="lede">(.*?)</p>', page)] == [SENTENCES[status]]


@pytest.mark.parametrize("status", ["submitted", "labelled:amended"])
def test_lateness_is_never_told(client, organizer, status):
    event = standing(status, organizer=organizer)
    with on(client, organizer, 2025, 10, 8):
        page = plain(client.get(page_of(event)).content.decode())
    assert "Votre référent examine" in page
    assert re.findall("réponse attendue|7 octobre|retard", page) == []


def test_labelled_event_once_held_says_so(client, organizer):
    event = factories.labelled(organizer)
    with on(client, organizer, 2025, 11, 21):
        page = client.get(page_of(event)).content.decode()
    assert "Votre événement a eu lieu avec le label." in page


# In order: what may be done, then what may not and why.
ACTIONS = {
    "draft": ["Modifier", "Vérifier et envoyer", "Supprimer le brouillon", "Dupliquer"],
    "submitted": ["Modifier", "Annuler l’événement", "Dupliquer"],
    "changes_requested": ["Modifier", "Vérifier et envoyer", "Annuler l’événement", "Dupliquer"],
    "labelled": [
        "Modifier",
        "Annuler l’événement",
        "Kit de communication",
        "Dupliquer",
        "Faire le bilan : Le bilan s’ouvre à la fin du premier créneau, jeudi 20 novembre 2025 à 11 h 30.",
    ],
    "refused": ["Modifier", "Vérifier et envoyer", "Dupliquer"],
    "withdrawn": [
        "Dupliquer",
        "Modifier : Cet événement a quitté le programme. Pour le corriger, écrivez à votre référent.",
    ],
    "cancelled:labelled": [
        "Rétablir l’événement",
        "Dupliquer",
        "Modifier : Cet événement est annulé : rétablissez-le pour le modifier.",
    ],
}


@pytest.mark.parametrize("status", ACTIONS)
def test_page_says_what_may_be_done_and_why_the_rest_may_not(client, organizer, status):
    event = standing(status, organizer=organizer)
    actions = client.get(page_of(event)).context["actions"]
    said = [f"{each.label} : {each.why_not}" if each.why_not else each.label for each in actions]
    assert [each.replace(NBSP, " ") for each in said] == ACTIONS[status]


def test_send_is_closed_with_its_reason_once_submissions_are(client, organizer):
    event = factories.draft(organizer)
    with on(client, organizer, 2025, 11, 24):
        text = sections(client, event)["Que faire de cet événement ?"]
    assert text.endswith(
        "Vérifier et envoyer : Les propositions sont reçues du mercredi 17 septembre 2025 au lundi 24 novembre 2025."
    )


def test_referents_words_are_shown_when_changes_are_asked(client, organizer):
    event = factories.submitted(organizer)
    workflow.refuse(event, by=factories.national(), at=LATER, rule=Rule.FREE, comment="Entrée à 5 €.")
    page = client.get(page_of(event)).content.decode()
    [notice] = re.findall(r'<div class="notice wait">(.*?)</div>', page, re.DOTALL)
    assert plain(notice) == (
        "Ce que dit votre référent Refus (règle : gratuité) Entrée à 5 €. Corriger l’événement"
    )


def test_history_names_the_service_and_no_person(client, organizer):
    event = factories.submitted(organizer)
    agent = factories.referent()
    workflow.label(event, by=agent, at=LATER, version=1, purpose_confirmed=True)
    text = sections(client, event)["Historique"]
    assert text == (
        "Label accordé, Référent – 90 mercredi 1er octobre 2025 à 13 h "
        "Envoi, L’organisateur mercredi 1er octobre 2025 à 10 h"
    )
    assert agent.name not in client.get(page_of(event)).content.decode()


def test_competent_office_is_the_nearest_where_somebody_works(client, organizer):
    factories.referent("regional", "27")
    factories.office()
    Office.objects.filter(kind="regional").update(contact_email="region@example.org")
    event = factories.submitted(organizer)
    assert sections(client, event)["Votre référent"] == "Référent – 27 region@example.org"


def test_competent_office_without_anybody_is_the_nearest(client, organizer):
    factories.office()
    factories.office("regional", "27")
    assert sections(client, factories.draft(organizer))["Votre référent"] == "Référent – 90 Contact à venir"


def test_event_that_no_office_examines_has_a_contact_to_come(client, organizer):
    assert sections(client, factories.draft(organizer))["Votre référent"] == "Contact à venir"


def test_proposal_is_shown_beside_what_is_labelled(client, organizer):
    event = standing("labelled:amended", organizer=organizer)
    assert sections(client, event)["La modification que vous proposez"] == (
        "Titre Labellisé Visite de la fonderie Proposé Visite de nuit Abandonner cette modification"
    )


def test_proposal_is_given_up_by_its_button(client, organizer):
    event = standing("labelled:amended", organizer=organizer)
    response = client.post(f"{page_of(event)}abandonner/", follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "La modification est abandonnée. L’événement reste tel qu’il est labellisé."
    ]
    assert Amendment.objects.get().state == "dropped"
    assert "La modification que vous proposez" not in sections(client, event)


def test_proposal_answered_meanwhile_is_told_by_the_service(client, organizer):
    event = standing("labelled:amended", organizer=organizer)
    amending.refuse_amendment(event, by=factories.referent(), at=LATER, comment=REASON)
    response = client.post(f"{page_of(event)}abandonner/", follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        f"La modification proposée a été refusée par Référent – 90 le mercredi 1er octobre 2025 à 13{NBSP}h."
    ]


def test_form_shows_what_is_proposed_and_saves_on_it(client, organizer):
    event = standing("labelled:amended", organizer=organizer)
    form = client.get(f"{page_of(event)}quoi/").context["form"]
    assert form.initial["title"] == "Visite de nuit"
    client.post(f"{page_of(event)}quoi/", typed("quoi", event, title="Visite du soir", **NO_TERMS))
    assert Event.objects.get().title == "Visite de la fonderie"
    assert [each.changes["title"] for each in Amendment.objects.open()] == ["Visite du soir"]


def test_closed_event_leads_from_the_form_to_its_page(client, organizer):
    event = standing("withdrawn", organizer=organizer)
    response = client.get(f"{page_of(event)}quoi/", follow=True)
    assert response.redirect_chain == [(page_of(event), 302)]
    assert [str(each) for each in response.context["messages"]] == [
        "Cet événement a quitté le programme. Pour le corriger, écrivez à votre référent."
    ]


def test_reason_of_a_cancellation_is_read_by_the_public(client, organizer):
    event = factories.labelled(organizer)
    client.post(f"{page_of(event)}annuler/", {"comment": "L’atelier est en travaux."})
    event = Event.objects.get()
    for address in (event.get_absolute_url(), page_of(event)):
        assert "L’atelier est en travaux." in client.get(address).content.decode()


def test_reason_of_the_last_cancellation_is_the_one_that_is_read(client, organizer):
    event = standing("cancelled:labelled", organizer=organizer)
    workflow.reopen(event, by=organizer, at=LATER)
    assert REASON not in client.get(Event.objects.get().get_absolute_url()).content.decode()
    workflow.cancel(event, by=organizer, at=LATER, comment="Une grève.")
    page = client.get(Event.objects.get().get_absolute_url()).content.decode()
    assert ("Une grève." in page, REASON in page) == (True, False)


def test_withdrawn_event_says_that_it_left_and_keeps_the_reason_for_its_organizer(client, organizer):
    event = standing("withdrawn", organizer=organizer)
    response = client.get(event.get_absolute_url())
    assert (response.status_code, "Son label a été retiré." in response.content.decode()) == (410, True)
    assert REASON not in response.content.decode()
    assert REASON in sections(client, event)["Historique"]


# Copies.


def test_duplicate_button_makes_one_copy_however_often_it_is_pressed(client, organizer):
    event = factories.labelled(organizer)
    [action] = [each for each in client.get(page_of(event)).context["actions"] if each.key]
    answers = [client.post(action.url, {"key": action.key}) for _ in range(2)]
    copy = Event.objects.exclude(pk=event.pk).get()
    assert [answer.url for answer in answers] == [page_of(copy)] * 2
    assert copy.title == "Visite de la fonderie (copie)"


def test_duplicate_with_a_key_that_cannot_be_read_makes_a_copy(client, organizer):
    event = factories.labelled(organizer)
    client.post(f"{page_of(event)}dupliquer/", {"key": "x" * 500})
    assert Event.objects.count() == 2


def next_year(client, person):
    factories.edition(2026)
    return on(client, person, 2026, 10, 1)


def test_renewed_event_is_offered_once_then_led_to(client, organizer):
    event = factories.labelled(organizer)
    with next_year(client, organizer):
        labels = [each.label for each in client.get(page_of(event)).context["actions"] if not each.why_not]
        answers = [client.post(f"{page_of(event)}reconduire/") for _ in range(2)]
        renewed = Event.objects.exclude(pk=event.pk).get()
        after = [each.label for each in client.get(page_of(event)).context["actions"] if not each.why_not]
    assert labels[-1] == "Reconduire en 2026"
    assert [answer.url for answer in answers] == [page_of(renewed)] * 2
    assert after[-1] == "Voir l’événement 2026"


def test_renew_of_this_year_s_event_says_why_not(client, organizer):
    event = factories.labelled(organizer)
    response = client.post(f"{page_of(event)}reconduire/", follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "La prochaine édition n’est pas encore ouverte."
    ]


def rows(response) -> list[str]:
    return [plain(each) for each in re.findall(r"<tr>(.*?)</tr>", response.content.decode(), re.DOTALL)][1:]


def test_all_of_last_year_s_events_are_renewed_in_one_go(client, organizer):
    forge = factories.labelled(organizer, title="Forge")
    factories.labelled(organizer, title="Moulage", slots=[slot("2025-11-18")])
    factories.labelled(organizer, title="Polissage")
    factories.labelled(title="D’une autre organisation")
    with next_year(client, organizer):
        assert "/espace/reconduire/" in client.get("/espace/").content.decode()
        before = client.get("/espace/reconduire/")
        ticked = re.findall(r'name="event" value="(\d+)" checked', before.content.decode())
        after = client.post("/espace/reconduire/", {"event": [*ticked[:2], "999999", "x"]}, follow=True)
    assert rows(before) == [
        "Forge Belfort (Territoire de Belfort) Jeudi 20 novembre 2025 Pas encore reconduit",
        "Moulage Belfort (Territoire de Belfort) Mardi 18 novembre 2025 Pas encore reconduit",
        "Polissage Belfort (Territoire de Belfort) Jeudi 20 novembre 2025 Pas encore reconduit",
    ]
    assert [str(each).replace(NBSP, " ") for each in after.context["messages"]] == [
        "2 événements sont reconduits en brouillon."
    ]
    assert rows(after) == [
        "Forge Belfort (Territoire de Belfort) Jeudi 20 novembre 2025 Jeudi 19 novembre 2026 Brouillon",
        "Moulage Belfort (Territoire de Belfort) Mardi 18 novembre 2025 Mardi 17 novembre 2026 Brouillon",
        "Polissage Belfort (Territoire de Belfort) Jeudi 20 novembre 2025 Pas encore reconduit",
    ]
    assert forge.renewals.get().edition.year == 2026


def test_renewing_nothing_says_what_to_tick(client, organizer):
    factories.labelled(organizer)
    with next_year(client, organizer):
        response = client.post("/espace/reconduire/", follow=True)
    assert [str(each).replace(NBSP, " ") for each in response.context["messages"]] == [
        "Aucun événement n’est coché : cochez ceux que vous voulez reconduire."
    ]
    assert Event.objects.count() == 1


def test_nothing_to_renew_is_said_and_not_offered(client, organizer):
    factories.labelled(organizer)
    assert "/espace/reconduire/" not in client.get("/espace/").content.decode()
    page = client.get("/espace/reconduire/").content.decode()
    assert "Vous n’avez pas d’événement labellisé dans l’édition précédente." in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_to_renew_costs_the_same_whatever_it_holds(client, organizer, number, django_assert_num_queries):
    for _ in range(number):
        factories.labelled(organizer)
    with next_year(client, organizer), django_assert_num_queries(6):
        client.get("/espace/reconduire/")


@pytest.mark.parametrize(
    ("status", "queries"),
    [("draft", 11), ("submitted", 10), ("changes_requested", 12), ("labelled", 11), ("labelled:amended", 12)],
)
@pytest.mark.parametrize("slots", [1, 3])
def test_page_costs_the_same_whatever_it_holds(
    client, organizer, status, queries, slots, django_assert_num_queries
):
    days = [slot(f"2025-11-{day}") for day in range(17, 17 + slots)]
    event = standing(status, organizer=organizer, slots=days)
    with django_assert_num_queries(queries):
        client.get(page_of(event))
