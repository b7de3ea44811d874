"""A visitor reports a problem: one mail to who examines there, and nothing else is kept."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from events import workflow
from organizers.enums import OfficeKind
from organizers.models import Office, User
from semaine.models import OutboxMessage
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
PATH = "/evenements/2025/visite-de-la-fonderie/signaler/"
REPORT = {"problem": "payant", "message": "On me demande 5 €.\nEst-ce normal ?", "email": "", "website": ""}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(_clock):
    event = factories.labelled()
    User.objects.update(is_superuser=False)
    OutboxMessage.objects.all().delete()
    return event


def seat(kind=OfficeKind.DEPARTMENTAL, territory="90", email="") -> Office:
    office = factories.office(kind, territory)
    office.contact_email = email
    office.save()
    return office


def sent(client, **changes) -> list[str]:
    """Report, and return who is told."""
    OutboxMessage.objects.all().delete()
    client.post(PATH, REPORT | changes)
    return sorted(OutboxMessage.objects.values_list("recipient", flat=True))


def test_report_is_one_mail_to_the_office(client, event):
    seat(email="ddets90@example.org")
    answer = client.post(PATH, REPORT | {"email": "lea@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, f"{PATH}?envoye=oui")
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.subject) == (
        "ddets90@example.org",
        "Problème signalé\u00a0: Visite de la fonderie",
    )
    for line in (
        "Numéro de label : SI-2025-90-0001",
        "Page publique : http://testserver/evenements/2025/visite-de-la-fonderie/",
        "Problème : On me demande de payer",
        "Message :\nOn me demande 5 €.\nEst-ce normal ?\n",
        "Courriel de la personne : lea@example.org",
        f"http://testserver/admin/events/event/{event.pk}/examiner/",
    ):
        assert line in message.text.replace("\u00a0", " ")
    assert "lea@example.org" in message.html


def test_report_without_an_address_says_so(client, event):
    seat(email="ddets90@example.org")
    client.post(PATH, REPORT)
    assert "La personne n’a pas laissé d’adresse." in OutboxMessage.objects.get().text


def test_report_goes_up_until_somebody_reads_it(client, event):
    national = factories.national().email
    assert sent(client) == [national]
    seat(OfficeKind.REGIONAL, "27", "dreets@example.org")
    assert sent(client) == ["dreets@example.org"]
    agents = [factories.referent().email, factories.referent().email]
    assert sent(client) == sorted(agents)
    seat(email="ddets90@example.org")
    assert sent(client) == ["ddets90@example.org"]


def test_report_is_not_for_who_is_away_or_elsewhere(client, event):
    factories.referent(is_active=False)
    factories.referent(absent_from=date(2025, 9, 30), absent_until=date(2025, 10, 2))
    factories.referent(territory="59")
    gone = factories.referent()
    gone.is_active = False
    gone.save()
    assert sent(client) == [factories.national().email]
    back = factories.referent(absent_from=date(2025, 9, 1), absent_until=date(2025, 10, 1))
    assert sent(client) == [back.email]


def test_report_that_no_office_reads_goes_to_who_keeps_the_site(client, event):
    User.objects.filter(pk=factories.national().pk).update(is_active=False)
    factories.user(is_superuser=True, email="exploitation@example.org")
    assert sent(client) == ["exploitation@example.org"]


def test_report_that_nobody_can_read_is_not_lost_in_silence(client, event):
    User.objects.filter(pk=factories.national().pk).update(is_active=False)
    answer = client.post(PATH, REPORT)
    assert (answer.status_code, OutboxMessage.objects.count()) == (503, 0)
    page = answer.content.decode()
    assert ("Aucun service ne peut recevoir votre message" in page, "On me demande 5 €." in page) == (
        True,
        True,
    )


def test_report_sent_twice_is_one_mail(client, event):
    seat(email="ddets90@example.org")
    for _ in range(2):
        client.post(PATH, REPORT)
    assert OutboxMessage.objects.count() == 1
    client.post(PATH, REPORT | {"message": "Autre chose encore."})
    assert OutboxMessage.objects.count() == 2


def test_reports_are_limited_by_address_and_keep_what_was_typed(client, event):
    seat(email="ddets90@example.org")
    answers = [client.post(PATH, REPORT | {"message": f"Essai {number}."}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    page = answers[5].content.decode()
    assert ("Vous avez déjà envoyé 5 signalements en une heure." in page, "Essai 5." in page) == (True, True)
    assert OutboxMessage.objects.count() == 5
    assert Client(REMOTE_ADDR="203.0.113.9").post(PATH, REPORT).status_code == 302


def test_limit_holds_for_a_whole_home(client, event):
    seat(email="ddets90@example.org")
    homes = [Client(REMOTE_ADDR=f"2001:db8:0:1::{number}") for number in range(6)]
    answers = [home.post(PATH, REPORT | {"message": f"Essai {n}."}) for n, home in enumerate(homes)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert Client(REMOTE_ADDR="2001:db8:0:2::1").post(PATH, REPORT).status_code == 302


def test_limit_keeps_no_address_and_ends(client, event):
    Client(REMOTE_ADDR="203.0.113.9").post(PATH, REPORT)
    server = cache._cache.get_client()
    [key] = server.keys("*limit-report*")
    assert (b"203.0.113" in key, 0 < server.ttl(key) <= 3600) == (False, True)


def test_program_that_fills_in_everything_sends_nothing(client, event):
    seat(email="ddets90@example.org")
    answer = client.post(PATH, REPORT | {"website": "https://spam.example"})
    assert (answer.status_code, OutboxMessage.objects.count()) == (302, 0)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"problem": ""}, "Quel est le problème ? : Choisissez une réponse."),
        ({"problem": "x"}, "« x » n’est pas dans la liste"),
        ({"message": " "}, "Expliquez-nous : Dites en une phrase ce qui ne va pas."),
        ({"message": "x" * 2001}, "« Expliquez-nous » compte 2001 caractères : gardez-en 2000 au plus."),
        ({"email": "lea@"}, "« lea@ » n’est pas une adresse électronique"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "n’est pas une adresse électronique"),
    ],
)
def test_wrong_answer_is_said_with_its_cure(client, event, changes, error):
    answer = client.post(PATH, REPORT | changes)
    page = answer.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ")
    assert (answer.status_code, OutboxMessage.objects.count()) == (200, 0)
    assert error in page
    assert "<title>Erreur : Signaler un problème" in page


def test_hostile_text_stays_text(client):
    seat(email="ddets90@example.org")
    event = factories.labelled(title="Visite\u2028Bcc: <b>x</b>")
    OutboxMessage.objects.all().delete()
    text = "</blockquote><script>alert(1)</script> {{ 7|add:7 }}"
    client.post(f"{event.get_absolute_url()}signaler/", REPORT | {"message": text})
    message = OutboxMessage.objects.get()
    assert (text in message.text, "<script>" in message.html, "<b>" in message.html) == (True, False, False)
    assert len(message.subject.splitlines()) == 1


def test_form_is_never_kept_and_its_cookie_is_its_own(client, event):
    form, thanks = client.get(PATH), Client().get(f"{PATH}?envoye=oui")
    assert sorted(form.cookies) == ["csrftoken"]
    assert "no-store" in form["Cache-Control"]
    assert dict(thanks.cookies) == {}
    assert re.findall("<h1>(.*?)</h1>", thanks.content.decode()) == ["Votre signalement est envoyé"]


def test_forged_report_is_refused(event):
    assert Client(enforce_csrf_checks=True).post(PATH, REPORT).status_code == 403


def test_only_public_events_can_be_reported(client):
    factories.submitted(title="Envoyée")
    gone = workflow.withdraw(factories.labelled(), by=factories.national(), at=NOW, comment="Payante.")
    paths = [f"/evenements/2025/{slug}/signaler/" for slug in ("envoyee", gone.slug, "nulle-part")]
    OutboxMessage.objects.all().delete()
    answers = [client.get(path).status_code for path in paths]
    answers += [client.post(path, REPORT).status_code for path in paths]
    assert (answers, OutboxMessage.objects.count()) == ([404] * 6, 0)


@pytest.mark.parametrize("slots", [1, 3])
def test_form_costs_the_same_queries(client, django_assert_num_queries, slots):
    factories.labelled(slots=[factories.slot(f"2025-11-{20 + number}") for number in range(slots)])
    with django_assert_num_queries(3):
        client.get(PATH)
