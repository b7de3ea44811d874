"""The events that the national team shows first on the home page, as long as the public sees them."""

import pytest
import time_machine
from django.test import Client

from events import workflow
from events.models import FeaturedEvent
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW, slot
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

ADD = "/admin/events/featuredevent/add/"
WRONG = "Numéro de label\u00a0: «\u00a0{}\u00a0» n’est pas celui d’un événement au programme. Vérifiez-le sur sa page."


@pytest.fixture(autouse=True)
def _clock(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation():
    agent = factories.national()
    agent.is_superuser = True
    agent.save()
    return sign_in(Client(), agent)


def shown() -> list[str]:
    return [card.title for card in Client().get("/").context["cards"]]


def pick(*events):
    for position, event in enumerate(events):
        FeaturedEvent.objects.create(event=event, position=position)


def programme() -> list:
    """Eight events, one a day."""
    return [factories.labelled(title=f"Le {day}", slots=[slot(f"2025-11-{day}")]) for day in range(17, 25)]


def test_picked_events_are_shown_first_in_their_order():
    events = programme()
    pick(events[7], events[2])
    assert shown() == ["Le 24", "Le 19", "Le 17", "Le 18", "Le 20", "Le 21"]


def test_event_falls_off_with_its_label():
    events = programme()
    pick(events[7], events[6], events[5])
    by = factories.national()
    workflow.withdraw(events[7], by=by, at=NOW, comment="Payant.")
    workflow.cancel(events[6], by=by, at=NOW, comment="Panne.")
    assert shown() == ["Le 22", "Le 17", "Le 18", "Le 19", "Le 20", "Le 21"]


def test_what_is_over_is_not_shown_first():
    old = factories.labelled(title="Passé", slots=[slot("2025-11-03")])
    factories.labelled(title="À venir")
    pick(old)
    with time_machine.travel("2025-11-10T08:00Z", tick=False):
        assert shown() == ["À venir"]


def test_event_is_picked_by_its_label(nation):
    event = factories.labelled(title="À la une")
    before = SiteRevision.objects.number()
    nation.post(ADD, {"number": f" {event.label_number.lower()} ", "position": 3})
    assert list(FeaturedEvent.objects.values_list("event", "position")) == [(event.pk, 3)]
    assert SiteRevision.objects.number() == before + 1
    page = nation.get(f"/admin/events/featuredevent/{FeaturedEvent.objects.get().pk}/change/")
    assert page.context["adminform"].form.initial["number"] == event.label_number


def test_what_the_public_does_not_see_is_not_picked(nation):
    withdrawn = factories.labelled()
    workflow.withdraw(withdrawn, by=factories.national(), at=NOW, comment="Payant.")
    picked = factories.labelled()
    pick(picked)
    twice = f"Numéro de label\u00a0: «\u00a0{picked.label_number}\u00a0» est déjà à la une. Changez plutôt son rang."
    said = {}
    for number in (withdrawn.label_number, "SI-2025-90-9999", picked.label_number):
        page = nation.post(ADD, {"number": number, "position": 0})
        said[number] = page.context["adminform"].form.errors["number"]
    wrong = {number: [WRONG.format(number)] for number in (withdrawn.label_number, "SI-2025-90-9999")}
    assert said == wrong | {picked.label_number: [twice]}
    assert FeaturedEvent.objects.count() == 1
