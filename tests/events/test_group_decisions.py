"""One decision on a selection: each file in its own transaction, and a table of what was done and what was not."""

import re

import pytest
import time_machine

from events import drafting, workflow
from events.models import Decision, Event
from organizers.enums import MembershipRole
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events.form_pages import plain
from tests.factories import NOW, slot
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/events/event/"
GROUP = f"{QUEUE}decider/"
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _clock(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def referent():
    return factories.referent()


@pytest.fixture
def agent(client, referent):
    return sign_in(client, referent)


@pytest.fixture
def files():
    organizer = factories.user()
    return [factories.submitted(organizer, title=title) for title in ("Un", "Deux", "Trois")]


def said(files, decision, *, purpose=(), versions=None, **fields):
    """What the page sends: the selection, the version read of each and the boxes that were ticked."""
    data = {"dossier": [event.pk for event in files], "decision": decision} | fields
    for event in files:
        data[f"dossier-{event.pk}-version"] = (versions or {}).get(event.pk, event.version)
    return data | {f"dossier-{event.pk}-purpose_confirmed": "on" for event in purpose}


def outcomes(response):
    return {
        each.file.event.title: (each.is_done, plain(each.message)) for each in response.context["outcomes"]
    }


def statuses():
    return dict(Event.objects.values_list("title", "status"))


def asked(files):
    return {"dossier": [event.pk for event in files]}


def left(response):
    return [file.line.event.title for file in response.context["files"]]


def test_page_shows_title_summary_and_findings_with_no_box_ticked(agent, files):
    drafting.revise(files[0], by=files[0].created_by, at=NOW, values={"expected_participants": 90_000})
    page = agent.get(GROUP, asked(files)).content.decode()
    articles = re.findall("<article.*?</article>", page, re.DOTALL)
    assert ["Du modèle à la pièce finie" in each for each in articles] == [True] * 3
    assert ["90\u00a0000\u00a0participants" in each for each in articles] == [True, False, False]
    assert re.findall(r'name="dossier-\d+-version" value="(\d)"', page) == ["2", "1", "1"]
    assert page.count('-purpose_confirmed" id=') == 3
    assert " checked" not in "".join(articles)


def test_label_is_given_to_each_file_whose_purpose_is_confirmed(agent, files):
    response = agent.post(GROUP, said(files, "label", purpose=files[:2]))
    assert outcomes(response) == {
        "Un": (True, "Label accordé"),
        "Deux": (True, "Label accordé"),
        "Trois": (False, "Confirmez que l’événement fait connaître l’industrie."),
    }
    assert statuses() == {"Un": "labelled", "Deux": "labelled", "Trois": "submitted"}
    numbers = Event.objects.filter(status="labelled").order_by("label_number")
    assert [each.label_number for each in numbers] == ["SI-2025-90-0001", "SI-2025-90-0002"]
    assert OutboxMessage.objects.filter(subject__startswith="Votre événement est labellisé").count() == 2
    assert left(response) == ["Trois"]


def test_changes_are_requested_of_all_with_one_message(agent, files):
    response = agent.post(GROUP, said(files, "request_changes", comment="Précisez l’heure."))
    assert outcomes(response) == dict.fromkeys(("Un", "Deux", "Trois"), (True, "Compléments demandés"))
    assert set(statuses().values()) == {"changes_requested"}
    made = Decision.objects.filter(transition="request_changes")
    assert list(made.values_list("comment", "event_version")) == [("Précisez l’heure.", 1)] * 3
    assert left(response) == []


def test_refusal_names_the_rule_for_all(agent, files):
    agent.post(GROUP, said(files, "refuse", comment="Payant.", rule="free"))
    made = Decision.objects.filter(transition="refuse")
    assert list(made.values_list("comment", "rule")) == [("Payant.", "free")] * 3


@pytest.mark.parametrize(
    ("decision", "fields", "message"),
    [
        ("request_changes", {}, "Écrivez une explication : chaque organisateur la lira."),
        ("refuse", {"rule": "free"}, "Écrivez une explication : chaque organisateur la lira."),
        ("refuse", {"comment": "Payant."}, "Choisissez la règle qui n’est pas respectée."),
        (
            "refuse",
            {"comment": "Payant.", "rule": "x"},
            "« x » n’est pas une règle : choisissez dans la liste.",
        ),
        ("cancel", {"comment": "Panne."}, "« cancel » n’est pas une décision : utilisez un des boutons."),
        ("", {"comment": "Panne."}, "Choisissez une décision."),
    ],
)
def test_missing_words_decide_nothing_and_keep_what_was_typed(agent, files, decision, fields, message):
    response = agent.post(GROUP, said(files, decision, purpose=files[:1], **fields))
    page = response.content.decode()
    assert [plain(each) for errors in response.context["group"].errors.values() for each in errors] == [
        message
    ]
    assert set(statuses().values()) == {"submitted"}
    assert len(re.findall(r'-purpose_confirmed"[^>]* checked', page)) == 1
    assert fields.get("comment", "") in page


def test_file_that_changed_since_it_was_read_is_shown_again(agent, files):
    drafting.revise(files[0], by=files[0].created_by, at=NOW, values={"summary": "Autre chose."})
    read = said(files, "label", purpose=files, comment="Bravo à tous.")
    response = agent.post(GROUP, read)
    assert outcomes(response)["Un"] == (
        False,
        "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer.",
    )
    assert statuses() == {"Un": "submitted", "Deux": "labelled", "Trois": "labelled"}
    page = response.content.decode()
    assert left(response) == ["Un"]
    # The version that is shown now, its box to be ticked again, and the words that were typed.
    assert re.findall(r'name="dossier-\d+-version" value="(\d)"', page) == ["2"]
    assert re.findall(r'-purpose_confirmed"[^>]* checked', page) == []
    assert "Bravo à tous." in page


def test_version_that_was_never_read_decides_nothing(agent, files):
    for version in ("", "abc", "9" * 30):
        response = agent.post(
            GROUP, said(files[:1], "refuse", comment="Non.", rule="free", versions={files[0].pk: version})
        )
        assert [each.is_done for each in response.context["outcomes"]] == [False]
    assert statuses()["Un"] == "submitted"


def test_file_decided_by_another_is_told_and_not_decided_twice(agent, files):
    by = factories.national()
    workflow.label(files[0], by=by, at=NOW, version=1, purpose_confirmed=True)
    response = agent.post(GROUP, said(files, "refuse", comment="Payant.", rule="free"))
    assert outcomes(response)["Un"] == (
        False,
        f"Cet événement a été labellisé par {by.name} le mercredi 1er octobre 2025 à 10 h.",
    )
    assert statuses() == {"Un": "labelled", "Deux": "refused", "Trois": "refused"}
    assert left(response) == []


def test_file_of_ones_own_organization_is_left_to_a_colleague(agent, referent, files):
    own = factories.submitted(title="Le mien", slots=[slot("2025-11-21")])
    Membership.objects.create(user=referent, organization=own.organization, role=MembershipRole.EDITOR)
    message = "Vous êtes membre de l’organisation : un collègue doit décider."
    assert message in plain(agent.get(GROUP, asked([own])).content.decode().replace("&nbsp;", NBSP))
    response = agent.post(GROUP, said([own, files[0]], "label", purpose=[own, files[0]]))
    assert outcomes(response) == {"Le mien": (False, message), "Un": (True, "Label accordé")}


@pytest.mark.parametrize("foreign", ["another territory", "a draft", "no event", "no number"])
def test_what_is_not_in_the_territory_is_as_if_it_were_not(agent, files, foreign):
    made = {
        "another territory": lambda: factories.submitted(commune_code="59350", title="Secret").pk,
        "a draft": lambda: factories.draft(title="Secret").pk,
        "no event": lambda: 999_999,
        "no number": lambda: "abc",
    }
    key = made[foreign]()
    data = said(files[:1], "refuse", comment="Payant.", rule="free")
    data["dossier"] = [files[0].pk, key]
    missing = "1 dossier de la sélection est introuvable dans votre territoire."
    page = agent.get(GROUP, {"dossier": data["dossier"]}).content.decode()
    assert (page.count("<article"), missing in page, "Secret" in page) == (1, True, False)
    response = agent.post(GROUP, data)
    assert (len(outcomes(response)), missing in response.content.decode()) == (1, True)
    assert agent.get(GROUP, {"dossier": [key]}).status_code == 404
    assert agent.post(GROUP, data | {"dossier": [key]}).status_code == 404
    assert Event.objects.filter(title="Secret").exclude(status__in=["submitted", "draft"]).count() == 0


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (0, "Cochez au moins un dossier de la liste avant de décider pour la sélection."),
        (201, f"Vous avez coché 201{NBSP}dossiers{NBSP}: décidez-en 200 au plus à la fois."),
    ],
)
def test_too_few_and_too_many_lead_back_to_the_view(agent, number, message):
    response = agent.get(GROUP, {"dossier": range(number), "statut": "tous"}, follow=True)
    assert response.redirect_chain == [(f"{QUEUE}?statut=tous", 302)]
    assert [str(each) for each in response.context["messages"]] == [message]


def test_page_leads_back_to_the_view_it_came_from(agent, files):
    page = agent.get(GROUP, asked(files) | {"statut": "tous", "next": "https://example.com"}).content.decode()
    assert page.count(f'href="{QUEUE}?statut=tous"') == 2
    assert "example.com" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries(agent, files, rows, django_assert_num_queries):
    with django_assert_num_queries(8):
        agent.get(GROUP, asked(files[:rows]))
