"""The examination of a file: everything on one screen, a message by field, ready texts, a mail to read again."""

import re
from html import unescape

import pytest
import time_machine
from django.utils.html import strip_tags

from events import drafting, merging, steps, workflow
from events.asking import BY_FIELD, FIELDS
from events.models import Decision, Event, ReplyTemplate
from events.transitions import UNDO_WITHIN
from organizers.enums import MembershipRole, OfficeKind
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events.test_workflow import LATER, REASON, standing
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/events/event/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def agent(client):
    person = factories.referent()
    sign_in(client, person)
    return person


def there(event):
    return f"{QUEUE}{event.pk}/examiner/"


def plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).replace("\u00a0", " ").split())


def parts(response, pattern):
    return [plain(each) for each in re.findall(pattern, response.content.decode(), re.DOTALL)]


def diffs(response):
    return parts(response, r'<ul class="diff">(.*?)</ul>')


def said(response):
    return [plain(str(each)) for each in response.context["messages"]]


def errors(response):
    return [plain(each) for each in response.context["form"].non_field_errors()]


def answer(client, event, decision="request_changes", **data):
    shown = client.get(there(event)).context["form"]
    typed = {"decision": decision, "version": event.version, "read": shown.initial["read"]}
    return client.post(there(event), typed | data, follow=True)


# The rules, the place, what lies beside.


def test_four_rules_say_what_is_found_and_what_is_wanted(client, agent):
    page = client.get(there(factories.submitted()))
    rows = [
        re.sub(" +", " ", each)
        for each in parts(page, r'<tr class="(?:passed|failed|needs_review)">(.*?)</tr>')
    ]
    assert rows == [
        "Dates Conforme jeudi 20 novembre 2025 du 2 novembre au 7 décembre 2025",
        "Gratuité Conforme gratuit Entrée gratuite",
        "Public Conforme Scolaires (collégiens, lycéens) et Demandeurs d’emploi Un public de la Semaine au moins",
        (
            "Objet À vérifier par le référent Du modèle à la pièce finie : les métiers de la fonderie. "
            "Fait connaître l’industrie : à vous d’en juger"
        ),
    ]


def test_place_is_said_in_words_and_given_to_the_map(client, agent):
    page = client.get(there(factories.submitted()))
    assert page.context["precision"].replace("\u00a0", " ") == (
        "Point placé au centre de la commune : 47.6400, 6.8600."
    )
    assert (page.context["point"]["lat"], page.context["point"]["isExact"]) == (47.64, False)


def test_online_event_has_no_map(client):
    sign_in(client, factories.national())
    online = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org"}
    page = client.get(there(factories.submitted(commune_code=None, **online)))
    assert (page.context["point"], page.context["precision"]) == (None, "")


def test_other_files_of_the_organizer_and_those_alike_stay_in_the_territory(client, agent):
    organizer = factories.user()
    event = factories.submitted(organizer, title="Visite de la fonderie Martin")
    evening = [factories.slot("2025-11-27")]
    factories.submitted(organizer, title="Portes ouvertes", slots=evening)
    factories.draft(organizer, title="Brouillon secret", slots=evening)
    factories.submitted(organizer, title="Ailleurs", commune_code="59350", slots=evening)
    factories.submitted(title="Visite fonderie Martin")
    page = client.get(there(event))
    assert [each.title for each in page.context["others"]] == ["Portes ouvertes"]
    assert [(each.title, each.can_merge) for each in page.context["alike"]] == [
        ("Visite fonderie Martin", True)
    ]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("view", "queries"), [("", 11), ("statut=a-mon-tour", 12), ("statut=tous&departement=90", 12)]
)
def test_examination_costs_the_same_whatever_lies_beside(
    client, agent, number, view, queries, django_assert_num_queries
):
    organizer = factories.user()
    for each in range(number):
        factories.submitted(organizer, title=f"Portes ouvertes {each}")
        ReplyTemplate.objects.create(
            office=factories.office(), transition="refuse", title=f"Réponse {each}", text="Texte."
        )
    event = factories.submitted(organizer)
    for each in range(number):
        event.notes.create(by=agent, office=factories.office(), at=NOW, text=f"Note {each}")
    with django_assert_num_queries(queries):
        assert client.get(f"{there(event)}?{view}").context["in_queue"].total == (number + 1) * bool(view)


# What changed.


def revise(event, **values):
    return drafting.revise(event, by=event.created_by, at=LATER, values=values, version=event.version)


def test_organizer_who_saves_while_one_reads_is_shown_before_the_decision(client, agent):
    event = factories.submitted()
    shown = client.get(there(event)).context["form"].initial
    revise(event, title="Visite payante", capacity=12)
    data = {"decision": "label", "purpose_confirmed": "on", "comment": "Bravo."} | shown
    response = client.post(there(event), data)
    assert errors(response) == [
        "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."
    ]
    assert diffs(response) == [
        (
            "Titre Vous avez lu Visite de la fonderie Maintenant Visite payante "
            "Nombre de places Vous avez lu Rien Maintenant 12"
        )
    ]
    form = response.context["form"]
    assert (form["comment"].value(), form["purpose_confirmed"].value()) == ("Bravo.", True)
    again = {name: form[name].value() for name in ("version", "read", "comment")}
    client.post(there(event), {"decision": "label", "purpose_confirmed": "on"} | again)
    assert Event.objects.get().status == "labelled"


def test_forged_contents_of_what_was_read_show_nothing(client, agent):
    event = factories.submitted()
    revise(event, title="Visite payante")
    data = {"decision": "label", "purpose_confirmed": "on", "version": 1, "read": "e30:forged"}
    assert diffs(client.post(there(event), data)) == []


def test_what_changed_since_the_last_decision_is_shown(client, agent):
    event = workflow.request_changes(factories.submitted(), by=agent, at=NOW, comment=REASON)
    page = client.get(there(event))
    assert (diffs(page), page.context["decided_on"]) == ([], "mercredi 1er octobre 2025")
    event = revise(event, summary="Autrement dit.")
    workflow.submit(event, by=event.created_by, at=LATER)
    assert diffs(client.get(there(event))) == [
        "Résumé Alors Du modèle à la pièce finie : les métiers de la fonderie. Maintenant Autrement dit."
    ]


def test_decision_keeps_what_was_read_without_contact_data():
    private = {
        "contact_name": "Camille Roux",
        "contact_email": "c@prive.example",
        "contact_phone": "0600000000",
    }
    private |= {"registration_value": "inscription@prive.example", "public_contact": "Appelez Camille"}
    event = factories.labelled(**private, access_mode="inscription", registration_kind="courriel")
    sent, labelled = event.decisions.all()
    assert (sent.contents, labelled.contents["title"]) == (None, "Visite de la fonderie")
    assert labelled.contents["slots"] == [["2025-11-20T08:00:00+00:00", "2025-11-20T10:30:00+00:00"]]
    kept = f"{labelled.contents}"
    assert [
        value for name, value in private.items() if value in kept and name.endswith(("t", "e", "l"))
    ] == []


# By field, with ready texts, and a mail to read again.


def test_every_field_that_may_be_asked_for_is_one_of_a_step():
    assert [name for name in FIELDS if name not in steps.STEP_OF] == []


def test_changes_are_asked_for_by_field(client, agent):
    event = factories.submitted()
    answer(client, event, say_title="Plus court.", on_summary="on", on_image="on", say_image="Une photo.")
    decision = event.decisions.last()
    assert decision.comment == BY_FIELD
    assert decision.field_comments == {
        "title": "Plus court.", "summary": "À revoir.", "image": "Une photo.",
    }  # fmt: skip
    mail = OutboxMessage.objects.latest("pk")
    told = mail.text.replace("\u00a0", " ")
    assert "À corriger :\n- Titre : Plus court.\n- Résumé : À revoir.\n- Image : Une photo.\n" in told
    sign_in(client, event.created_by)
    page = client.get(f"/espace/evenements/{event.pk}/quoi/")
    assert parts(page, r'<strong class="asked">(.*?)</strong>') == [
        "Votre référent : Plus court.", "Votre référent : À revoir.", "Votre référent : Une photo.",
    ]  # fmt: skip
    assert f'<a href="/espace/evenements/{event.pk}/quoi/#id_title">Titre</a>' in page.content.decode()
    assert "Plus court." in client.get(f"/espace/evenements/{event.pk}/").content.decode()


def test_what_was_asked_is_gone_once_the_event_is_sent_again(client, agent):
    event = factories.submitted()
    answer(client, event, say_title="Plus court.")
    event = workflow.submit(Event.objects.get(), by=event.created_by, at=LATER)
    sign_in(client, event.created_by)
    page = client.get(f"/espace/evenements/{event.pk}/quoi/").content.decode()
    assert "Plus court." not in page


def test_words_by_field_are_escaped(client, agent):
    event = factories.submitted()
    answer(client, event, say_title="<script>alert(1)</script>")
    sign_in(client, event.created_by)
    for path in ("", "quoi/"):
        assert "<script>alert" not in client.get(f"/espace/evenements/{event.pk}/{path}").content.decode()
    assert "<script>" not in OutboxMessage.objects.latest("pk").html


def test_line_that_is_too_long_is_told_and_kept(client, agent):
    event = factories.submitted()
    response = answer(client, event, say_title="a" * 301)
    assert plain(response.content.decode()).count("Titre : ce qui est à corriger :") == 1
    assert response.context["form"]["say_title"].value() == "a" * 301
    assert Event.objects.get().status == "submitted"


def test_ready_text_is_inserted_without_javascript_and_everything_typed_is_kept(client, agent):
    event = factories.submitted()
    reply = ReplyTemplate.objects.create(
        office=factories.office(), transition="refuse", title="Payant", text="L’entrée est payante."
    )
    typed = {"insert": "1", "reply": reply.pk, "comment": "Bonjour.", "rule": "free", "say_title": "Court."}
    form = client.post(there(event), typed | {"on_summary": "on", "version": 1, "read": "lu"}).context["form"]
    assert form["comment"].value() == "Bonjour.\n\nL’entrée est payante."
    kept = [form[name].value() for name in ("rule", "say_title", "on_summary", "version", "read")]
    assert kept == ["free", "Court.", "on", "1", "lu"]
    assert Event.objects.get().status == "submitted"


@pytest.mark.parametrize("reply", ["", "999999", "abc", "-1", "9" * 30, "²"])
def test_ready_text_that_is_none_is_said(client, agent, reply):
    response = client.post(
        there(factories.submitted()), {"insert": "1", "reply": reply, "comment": "Bonjour."}
    )
    assert said(response) == ["Choisissez une réponse type, puis insérez-la."]
    assert response.context["form"]["comment"].value() == "Bonjour."


def test_ready_text_of_another_office_is_not_inserted(client, agent):
    other = ReplyTemplate.objects.create(
        office=factories.office(territory="59"), transition="refuse", title="Secret", text="Secret."
    )
    response = client.post(there(factories.submitted()), {"insert": "1", "reply": other.pk})
    assert "Secret" not in response.content.decode()


def test_mail_is_read_again_before_it_is_sent_and_nothing_leaves(client, agent):
    event = factories.submitted()
    before = OutboxMessage.objects.count(), Decision.objects.count()
    typed = {"comment": "Précisez l’heure.", "say_title": "Court.", "rule": "free", "version": 1, "read": ""}
    response = client.post(there(event), typed | {"preview": "1"})
    assert (OutboxMessage.objects.count(), Decision.objects.count()) == before
    shown = {label: (plain(subject), plain(text)) for label, subject, text in response.context["mails"]}
    assert list(shown) == [
        "Accorder le label", "Demander des compléments", "Refuser", "Annuler l’événement",
    ]  # fmt: skip
    client.post(there(event), typed | {"decision": "request_changes"})
    mail = OutboxMessage.objects.latest("pk")
    assert shown["Demander des compléments"] == (plain(mail.subject), plain(mail.text))
    assert response.context["form"]["comment"].value() == "Précisez l’heure."


# Undone from the page that one lands on.


def test_decision_is_undone_from_the_page_that_follows_it(client, agent):
    event = factories.submitted()
    with time_machine.travel(LATER, tick=False) as clock:
        page = answer(client, event, "refuse", rule="free", comment="Payant.")
        assert said(page) == [
            "C’est fait : « Visite de la fonderie ». L’organisateur sera prévenu par courriel dans une minute."
        ]
        [form] = re.findall(r'<form class="undo" method="post" action="(.*?)">', page.content.decode())
        page = client.post(form, follow=True)
        assert said(page) == [
            (
                "C’est fait : « Visite de la fonderie » est de nouveau à examiner. "
                "L’organisateur n’a reçu aucun courriel."
            )
        ]
        assert page.context["event"].status == "submitted"
        answer(client, event, "refuse", rule="free", comment="Payant.")
        clock.shift(UNDO_WITHIN)
        assert 'class="undo"' not in client.get(QUEUE).content.decode()
        assert said(client.post(form, follow=True)) == [
            "La minute pour annuler cette décision est passée : remettez l’événement à l’examen."
        ]


def test_second_of_two_referents_learns_who_was_first_and_when(client, agent):
    event = factories.submitted()
    first = factories.referent(OfficeKind.REGIONAL, "27")
    shown = client.get(there(event)).context["form"].initial
    workflow.label(event, by=first, at=LATER, version=1, purpose_confirmed=True)
    response = client.post(
        there(event), {"decision": "refuse", "rule": "free", "comment": "Non."} | shown, follow=True
    )
    assert said(response) == [
        f"Cet événement a été labellisé par {first.name} le mercredi 1er octobre 2025 à 13 h."
    ]


# Two files that may be one.


def compare(event, other):
    return f"{QUEUE}{event.pk}/comparer/{other.pk}/"


def test_two_files_stand_side_by_side_and_one_is_kept(client, agent):
    event, other = factories.submitted(), factories.labelled(title="Visite fonderie")
    page = client.get(compare(event, other))
    [row] = [each for each in page.context["rows"] if each.label == "Titre"]
    assert tuple(row) == ("Titre", [["Visite de la fonderie"], ["Visite fonderie"]], True)
    page = client.post(compare(event, other), {"keep": other.pk, "text": "Le même."}, follow=True)
    assert page.redirect_chain == [(there(other), 302)]
    stored = Event.objects.get(pk=event.pk)
    assert (stored.status, stored.merged_into, stored.decisions.last().comment) == (
        "merged",
        other,
        "Le même.",
    )
    assert client.get(there(event)).context["event"].is_merged


def test_comparison_says_why_one_may_not_be_kept(client, agent):
    event, other = factories.submitted(), standing("refused")
    reasons = [plain(each["why_not"]) for each in client.get(compare(event, other)).context["sides"]]
    refused = (
        f"Cet événement a été refusé par {factories.national().name} le mercredi 1er octobre 2025 à 10 h."
    )
    assert reasons == [refused, f"L’événement à garder doit être à l’examen ou labellisé. {refused}"]
    response = client.post(compare(event, other), {"keep": other.pk})
    assert errors(response) == reasons[1:]


@pytest.mark.parametrize("keep", ["", "999999", "x"])
def test_comparison_without_a_choice_says_so(client, agent, keep):
    response = client.post(compare(factories.submitted(), factories.submitted()), {"keep": keep})
    assert errors(response) == ["Choisissez l’événement à garder, par un des deux boutons."]


def test_comparison_with_itself_or_with_a_merged_one_is_refused(client, agent):
    event, other = factories.submitted(), factories.submitted()
    merging.merge(other, into=event, by=agent, at=NOW)
    assert errors(client.post(compare(event, event), {"keep": event.pk})) == [
        "Un événement ne se regroupe pas avec lui-même : choisissez-en un autre."
    ]
    assert len(errors(client.post(compare(event, other), {"keep": event.pk}))) == 1


def test_member_of_the_organization_reads_no_note_of_the_offices(client, agent):
    event = factories.submitted()
    event.notes.create(by=factories.national(), at=NOW, text="Note secrète")
    Membership.objects.create(user=agent, organization=event.organization, role=MembershipRole.EDITOR)
    page = client.get(there(event)).content.decode()
    assert ("Note secrète" in page, "Notes internes" in page) == (False, False)
    assert client.post(f"{QUEUE}{event.pk}/note/", {"text": "Moi"}).status_code == 404
    assert client.get(f"{QUEUE}{event.pk}/transmettre/").status_code == 404


def test_plain_file_takes_four_actions_from_the_queue_to_the_next_one(client, agent):
    """Open it, confirm the purpose, grant the label: a file that needs nothing else."""
    event = factories.submitted()
    page = client.get(QUEUE)
    actions = [f'href="{there(event)}"' in page.content.decode()]
    answers = client.get(there(event)).context["answers"]
    actions += ["purpose_confirmed", next(each["value"] for each in answers)]
    response = answer(client, event, "label", purpose_confirmed="on")
    assert (len(actions), Event.objects.get().status, response.status_code) == (3, "labelled", 200)


def test_mail_that_is_read_again_is_text_and_runs_nothing(client, agent):
    event = factories.submitted(title="<script>alert(1)</script>")
    response = client.post(
        there(event), {"version": event.version, "comment": "<b>Bonjour</b>", "preview": "1"}
    )
    page = response.content.decode()
    mails = page[page.index('class="mails"') :]
    assert ("<script>alert" in page, "<b>Bonjour</b>" in mails) == (False, False)
    assert ("&lt;script&gt;alert(1)&lt;/script&gt;" in mails, "&lt;b&gt;Bonjour&lt;/b&gt;" in mails) == (
        True,
        True,
    )
