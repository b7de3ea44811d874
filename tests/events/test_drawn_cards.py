"""Cards that a process keeps: the same as those drawn anew, whatever has changed since."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client

from events import drafting
from events import drawn_cards as module
from events.cards import cards
from events.drawn_cards import drawn_cards
from events.models import Event
from events.organizations import describe
from semaine.communes import NearPoint
from semaine.models import SiteRevision
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
BELFORT = NearPoint(47.638, 6.863, "Belfort (90)", "90010")
PARIS = NearPoint(48.8566, 2.3522, "Paris (75)", "75056")


def shown(*events, at=NOW, near=None) -> list[str]:
    return drawn_cards([event.pk for event in events], at, SiteRevision.objects.structure(), near)


def anew(event, at=NOW) -> str:
    [card] = cards([Event.objects.for_list().get(pk=event.pk)], at)
    return render_to_string("components/event_card.html", {"event": card})


@pytest.mark.parametrize("rows", [1, 3])
def test_one_query_when_they_are_kept(django_assert_num_queries, rows):
    events = [factories.labelled() for _ in range(rows)]
    with django_assert_num_queries(4):
        first = drawn_cards([event.pk for event in events], NOW, 1)
    with django_assert_num_queries(1):
        assert drawn_cards([event.pk for event in events], NOW, 1) == first


def test_they_are_those_of_the_template_in_the_order_asked_for():
    one, other = factories.labelled(title="Une"), factories.labelled(title="Autre")
    shown(one)
    assert shown(other, one) == [anew(other), anew(one)]
    assert [card.title for card in shown(one, other)] == ["Une", "Autre"]


def test_event_that_is_no_more_has_no_card():
    event = factories.labelled()
    shown(event)
    assert drawn_cards([event.pk, event.pk + 1], NOW, 0) == [anew(event)]


def test_changed_event_is_drawn_anew():
    event = factories.labelled()
    shown(event)
    later = NOW + timedelta(minutes=1)
    drafting.revise(event, by=event.created_by, at=later, values={"is_full": True})
    [card] = shown(event, at=later)
    assert "Complet" in card
    assert card == anew(event, later)


def test_renamed_organization_is_drawn_anew():
    event = factories.labelled(owner := factories.user())
    shown(event)
    values = {"name": "Forges du Lion"}
    describe(event.organization, by=owner, at=NOW + timedelta(minutes=1), values=values)
    assert "Forges du Lion" in shown(event)[0]


def test_slot_that_ends_and_the_hour_that_passes():
    slots = [factories.slot("2025-11-20"), factories.slot("2025-11-21")]
    event = factories.labelled(slots=slots)
    first, last = event.slots.order_by("starts_at")
    before = first.ends_at - timedelta(minutes=1)
    assert "20 novembre" in shown(event, at=before)[0]
    assert "20 novembre" not in shown(event, at=first.ends_at)[0]
    assert shown(event, at=before) == [anew(event, before)]
    new_year = last.ends_at.replace(month=12, day=31, hour=22, minute=59)
    assert shown(event, at=new_year + timedelta(hours=2)) == [anew(event, new_year + timedelta(hours=2))]


def test_distance_is_each_readers_own():
    event = factories.labelled()
    Event.objects.filter(pk=event.pk).update(latitude=47.638, longitude=6.863, precision="address")
    texts = [shown(event, near=near)[0] for near in (None, BELFORT, PARIS)]
    assert ["à moins d’un" in text for text in texts] == [False, True, False]
    assert [" km" in text.replace("\u00a0", " ") for text in texts] == [False, True, True]
    assert shown(event) == [texts[0]] == [anew(event)]


def test_title_is_escaped_once():
    event = factories.labelled(title='Forge & <b>"feu"</b>')
    shown(event)
    assert "Forge &amp; &lt;b&gt;&quot;feu&quot;&lt;/b&gt;" in Client().get("/programme/").content.decode()


def test_oldest_go(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(module, "AT_MOST", 2)
    events = [factories.labelled() for _ in range(3)]
    keys = [event.pk for event in events]
    drawn_cards(keys[:2], NOW, 1)
    drawn_cards(keys[2:], NOW, 1)
    with django_assert_num_queries(1):
        drawn_cards(keys[1:], NOW, 1)
    with django_assert_num_queries(2):
        drawn_cards(keys[:1], NOW, 1)
