"""Two events that are one: a referent keeps one, the other leads to it and is in no list."""

import re

import pytest
import time_machine

from events import merging, workflow
from events.duplicates import standing_for
from events.history import history
from events.models import Amendment, Event
from events.workflow import WorkflowError
from organizers.enums import MembershipRole
from organizers.models import Membership
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_workflow import LATER, REASON, standing

pytestmark = pytest.mark.django_db

SAME = "Les deux dossiers décrivent la même visite."


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(LATER, tick=False):
        yield


def merge(event, into, *, by=None, comment=SAME):
    return merging.merge(event, into=into, by=by or factories.national(), at=LATER, comment=comment)


def reason(*arguments, **more):
    with pytest.raises(WorkflowError) as caught:
        merge(*arguments, **more)
    return caught.value.message.replace("\u00a0", " ")


def mails():
    rows = OutboxMessage.objects.filter(created_at=LATER).order_by("pk")
    return [(each.recipient, each.subject.replace("\u00a0", " ")) for each in rows]


def test_merge_names_the_kept_one_and_tells_the_public_and_both_organizers():
    event, kept = factories.labelled(title="Visite bis"), factories.labelled()
    before = SiteRevision.objects.number()
    event = merge(event, kept)
    stored = Event.objects.get(pk=event.pk)
    assert (stored.status, stored.merged_into) == ("merged", kept)
    assert SiteRevision.objects.number() == before + 1
    assert list(Event.objects.public()) == [kept]
    assert mails() == [
        (event.created_by.email, "Votre événement est regroupé avec un autre : Visite bis"),
        (kept.created_by.email, "Un autre événement est regroupé avec le vôtre : Visite de la fonderie"),
    ]
    last = event.decisions.last()
    assert (last.transition, last.comment, last.by) == ("merge", SAME, factories.national())


def test_merge_of_one_persons_events_is_told_once():
    organizer = factories.user()
    event, kept = factories.labelled(organizer, title="Visite bis"), factories.labelled(organizer)
    merge(event, kept)
    assert mails() == [(organizer.email, "Votre événement est regroupé avec un autre : Visite bis")]


def test_mail_names_the_kept_one_only_where_the_public_sees_it():
    secret = factories.submitted(title="Visite secrète")
    merge(factories.submitted(), secret)
    merge(factories.submitted(), factories.labelled(title="Visite connue"))
    texts = OutboxMessage.objects.filter(subject__startswith="Votre événement est regroupé").order_by("pk")
    named = [re.findall("Regroupé avec.: (.*)", each.text) for each in texts]
    assert named == [[], ["Visite connue"]]


def test_merge_closes_the_proposal_that_waited():
    merge(standing("labelled:amended"), factories.labelled())
    assert Amendment.objects.get().state == "closed"


def test_merge_says_what_stops_it():
    event, kept = factories.submitted(), factories.labelled()
    assert reason(event, event) == ("Un événement ne se regroupe pas avec lui-même : choisissez-en un autre.")
    elsewhere = factories.draft(in_edition=factories.edition(2026))
    assert reason(event, elsewhere) == "Les deux événements ne sont pas de la même édition."
    refused = standing("refused")
    assert reason(event, refused) == (
        "L’événement à garder doit être à l’examen ou labellisé. Cet événement a été refusé par "
        f"{factories.national().name} le mercredi 1er octobre 2025 à 10 h."
    )
    away = factories.submitted(commune_code="59350")
    assert reason(event, away, by=factories.referent()) == "Cet événement n’est pas dans votre territoire."
    assert reason(away, event, by=factories.referent()) == "Cet événement n’est pas dans votre territoire."
    agent = factories.referent()
    Membership.objects.create(user=agent, organization=kept.organization, role=MembershipRole.EDITOR)
    own = "Vous êtes membre de l’organisation : un collègue doit décider."
    assert (reason(event, kept, by=agent), reason(kept, event, by=agent)) == (own, own)
    assert Event.objects.filter(status="merged").count() == 0


def answer(client, address):
    response = client.get(address)
    return response.status_code, response.get("Location", "")


def test_address_leads_to_the_kept_one_through_every_merge(client):
    first, second, third = (factories.labelled(title=title) for title in ("Une", "Deux", "Trois"))
    merge(first, second)
    merge(second, third)
    there = third.get_absolute_url()
    for event in (first, second):
        address = event.get_absolute_url()
        assert answer(client, address) == (301, there)
        assert answer(client, address.rstrip("/") + ".ics") == (301, there.rstrip("/") + ".ics")


def test_address_is_gone_when_the_kept_one_is_not_public(client):
    event = factories.labelled(title="Visite bis")
    merge(event, factories.submitted())
    page = client.get(event.get_absolute_url())
    assert page.status_code == 410
    assert "Il est regroupé avec un autre événement, qui n’est pas au programme." in page.content.decode()
    assert "Visite bis" not in page.content.decode()
    assert answer(client, event.get_absolute_url().rstrip("/") + ".ics") == (404, "")


def test_address_of_what_never_was_public_stays_unknown(client):
    event = merge(factories.submitted(), factories.labelled())
    assert (event.slug, event.label_number) == ("", None)


def test_label_of_a_merged_event_leads_to_the_kept_one(client):
    event, kept = factories.labelled(title="Visite bis"), factories.labelled()
    merge(event, kept)
    page = client.get(f"/label/{event.label_number}/").content.decode()
    assert ("Ce label ne sert plus." in page, "Visite bis" in page) == (True, False)
    assert f'<a href="{kept.get_absolute_url()}">Visite de la fonderie</a>' in page


def test_organizer_reads_where_the_event_went(client):
    event, kept = factories.labelled(title="Visite bis"), factories.labelled()
    merge(event, kept)
    client.force_login(event.created_by)
    page = client.get(f"/espace/evenements/{event.pk}/").content.decode()
    assert "Regroupé" in page
    assert f'<a href="{kept.get_absolute_url()}">Visite de la fonderie</a>' in page
    assert client.get("/espace/").status_code == 200


def test_organizer_does_not_read_another_ones_file():
    kept = factories.submitted(title="Visite secrète")
    event = merge(factories.submitted(), kept)
    shown = standing_for(event, reader=event.created_by)
    assert (shown.title, shown.url) == ("", "")
    assert standing_for(event, reader=kept.created_by).title == "Visite secrète"
    assert standing_for(kept, reader=kept.created_by) is None


def test_history_of_the_kept_one_tells_the_merge_without_the_other_file():
    kept = factories.submitted()
    event = merge(factories.submitted(title="Visite secrète"), kept)
    told = [(each.label, each.comment) for each in history(kept)]
    assert told == [("Un autre événement regroupé ici", ""), ("Envoi", "")]
    assert history(kept, names=True)[0].label == "«\u00a0Visite secrète\u00a0» regroupé ici"
    assert [each.label for each in history(event)] == ["Regroupement", "Envoi"]


def test_merged_event_is_left_alone():
    event = merge(factories.labelled(), factories.labelled())
    with pytest.raises(WorkflowError) as caught:
        workflow.cancel(event, by=event.created_by, at=LATER, comment=REASON)
    assert caught.value.message.replace("\u00a0", " ") == (
        f"Cet événement a été regroupé avec un autre par {factories.national().offices.get()} "
        "le mercredi 1er octobre 2025 à 13 h."
    )
