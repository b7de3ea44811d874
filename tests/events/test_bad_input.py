"""Hostile texts, and wrong values in the small forms about an event: said in French, run nowhere, nothing lost."""

import re
from html import escape

import pytest

from events.enums import Status
from events.models import Event
from semaine.models import OutboxMessage
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import NEW, SCRIPT, ActiveContent, kept, plain, said_beside, too_long, typed
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer


# Stored, then shown: what a hostile organizer writes never runs in somebody else's browser.

HOSTILE = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "'; alert(1);//",
    "</title></textarea></style><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "\u202etxt.exe\u202c \u200f\u200b🏭",
]


def hostile_event(text, **fields):
    person = factories.user()
    factories.organization(person, name=text)
    texts = {"title": text, "summary": text, "description": text, "venue": text, "address": text}
    texts |= {"reserved_to": text, "contact_name": text, "registration_kind": "lien"}
    return factories.labelled(person, registration_value="https://example.org", **texts | fields)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_runs_where_it_is_shown(client, text):
    event = hostile_event(text)
    client.force_login(event.created_by)
    own = f"/espace/evenements/{event.pk}/"
    pages = [client.get(path) for path in ("/", "/programme/", "/carte/", "/espace/", own, f"{own}annuler/")]
    pages.append(client.get(event.get_absolute_url()))
    sign_in(client, factories.national())
    examination = f"/admin/events/event/{event.pk}/examiner/"
    pages += [client.get(path) for path in ("/admin/events/event/?statut=tous", examination)]
    for page in pages:
        assert ActiveContent(page.content.decode()).found == [], page.request["PATH_INFO"]
        assert escape(text) in page.content.decode() or page.request["PATH_INFO"] == "/"
        assert "1414" not in page.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_runs_in_a_mail(text):
    event = hostile_event(text)
    message = OutboxMessage.objects.filter(recipient=event.created_by.email).last()
    assert plain(message.subject) == f"Votre événement est labellisé : {text}"
    assert ActiveContent(message.html).found == []
    assert escape(text) in message.html
    assert text in message.text


@pytest.mark.parametrize(
    "description",
    [
        "[ici](javascript:alert(1))",
        "[ici](JaVaScRiPt:alert(1))",
        "[ici](data:text/html;base64,PHNjcmlwdD4=)",
        "[ici](vbscript:x)",
        "[ici](&#106;avascript:alert(1))",
        '[ici](https://example.org" onclick="alert(1))',
        "[ici](https://example.org '\" onclick=alert(1)')",
        '![x](x" onerror=alert(1))',
        "<a href=javascript:alert(1)>ici</a>",
        "<iframe src=//example.org></iframe>",
        "**<svg/onload=alert(1)>**",
        "- <style>*{display:none}</style>",
        "```\n<script>alert(1)</script>\n```",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_hostile_markdown_never_runs(client, description):
    event = factories.labelled(description=description)
    page = client.get(event.get_absolute_url()).content.decode()
    prose = re.search(r'<div class="prose">(.*?)</div>', page, re.DOTALL)[1]
    assert ActiveContent(prose).found == []
    assert set(re.findall(r"<(\w+)", prose)) <= {"p", "br", "strong", "em", "ul", "ol", "li", "a"}


def test_line_breaks_in_a_title_add_no_line_to_mails_and_calendars(client, organizer):
    client.post(NEW, typed("quoi", title="Visite\r\nBcc: x@example.org\r\nATTENDEE:y"))
    assert Event.objects.get().title == "Visite Bcc: x@example.org ATTENDEE:y"


# The other forms.


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("", "Écrivez la raison : le public et le référent la liront."),
        (" \n\t", "Écrivez la raison : le public et le référent la liront."),
        ("\x00\x07", "Écrivez la raison : le public et le référent la liront."),
        ("x" * 1001, too_long("Pourquoi l’annulez-vous ?", 1001, 1000)),
        (SCRIPT * 40, too_long("Pourquoi l’annulez-vous ?", 1280, 1000)),
    ],
)
def test_wrong_reason_to_cancel_is_explained(client, organizer, comment, message):
    event = factories.submitted(organizer)
    response = client.post(f"/espace/evenements/{event.pk}/annuler/", {"comment": comment})
    page = response.content.decode()
    assert said_beside(page, "comment") == [message]
    assert ActiveContent(page).found == []
    assert Event.objects.get().status == Status.SUBMITTED


STALE = "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"decision": None}, {"decision": ["Choisissez une décision."]}),
        (
            {"decision": "submit"},
            {"decision": ["« submit » n’est pas une décision : utilisez un des boutons."]},
        ),
        (
            {"decision": SCRIPT},
            {"decision": [f"« {SCRIPT} » n’est pas une décision : utilisez un des boutons."]},
        ),
        ({"rule": "pirate"}, {"rule": ["« pirate » n’est pas une règle : choisissez dans la liste."]}),
        ({"rule": ""}, {"__all__": ["Choisissez la règle qui n’est pas respectée."]}),
        ({"comment": "  "}, {"__all__": ["Écrivez une explication : l’organisateur la lira."]}),
        (
            {"comment": "x" * 2001},
            {"comment": [too_long("Message à l’organisateur", 2001, 2000)]},
        ),
        *[
            ({"version": version}, {"__all__": [STALE]})
            for version in (None, "", "abc", "-1", "9" * 30, "9" * 5000)
        ],
        (
            {"decision": "label"},
            {"__all__": ["Confirmez que l’événement fait connaître l’industrie."]},
        ),
    ],
)
def test_wrong_decision_is_explained_and_the_message_is_kept(client, changes, errors):
    event = factories.submitted()
    sign_in(client, factories.national())
    data = {"decision": "refuse", "rule": "purpose", "comment": "Précisez <b>.", "version": "1"} | changes
    data = {name: value for name, value in data.items() if value is not None}
    response = client.post(f"/admin/events/event/{event.pk}/examiner/", data)
    page = response.content.decode()
    assert plain(response.context["form"].errors) == errors
    note = re.search(r'<div class="errornote".*?</div>', page, re.DOTALL)[0]
    [message] = next(iter(errors.values()))
    assert escape(message) in plain(note)
    assert kept(page, ["comment", "version"]) == {"comment": [data["comment"]], "version": ["1"]}
    assert ActiveContent(page).found == []
    assert (Event.objects.get().status, event.decisions.count()) == (Status.SUBMITTED, 1)


def test_control_characters_in_a_decision_reach_no_mail(client):
    event = factories.submitted()
    sign_in(client, factories.national())
    data = {"decision": "request_changes", "comment": "Précisez\x07 l’heure\x1b[31m.", "version": "1"}
    client.post(f"/admin/events/event/{event.pk}/examiner/", data)
    assert event.decisions.last().comment == "Précisez l’heure[31m."
