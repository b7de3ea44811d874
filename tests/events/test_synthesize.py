from collections import defaultdict
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.demo.synthesis import HISTORY, synthesize
from events.eligibility import assess, failed
from events.enums import Source, Status
from events.facts import facts_of
from events.models import Event, LabelCounter
from organizers.management.commands import load_offices
from semaine.models import Edition, OutboxMessage, SiteRevision
from tests import factories

pytestmark = pytest.mark.django_db

AT = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
NUMBER = 150


@pytest.fixture
def edition() -> Edition:
    for code in factories.COMMUNES:
        factories.commune(code)
    load_offices.load()
    return factories.edition(is_demo=True)


def fill(edition, seed=1, number=NUMBER):
    synthesize(edition, number, seed=seed, at=AT, tick=lambda _: None)


def titles(after=0):
    return list(Event.objects.filter(pk__gt=after).order_by("pk").values_list("title", flat=True))


def test_synthesize_repeats_itself_from_the_same_seed(edition):
    fill(edition)
    first, last = titles(), Event.objects.last().pk
    fill(edition)
    assert len(first) == NUMBER
    assert titles(after=last) == first


def test_synthesize_differs_from_another_seed(edition):
    fill(edition)
    first, last = titles(), Event.objects.last().pk
    fill(edition, seed=2)
    assert titles(after=last) != first


def test_synthesize_shows_every_status_and_territory(edition):
    fill(edition)
    # What is merged stands for nothing by itself.
    assert set(Event.objects.values_list("status", flat=True)) == {*Status.values} - {Status.MERGED}
    assert set(Event.objects.values_list("department", flat=True)) == {*factories.DEPARTMENTS, None}


def test_synthesize_numbers_labels_without_gap_even_twice(edition):
    fill(edition)
    fill(edition)
    numbers = defaultdict(list)
    for label in Event.objects.exclude(label_number=None).values_list("label_number", flat=True):
        territory, number = label.removeprefix("SI-2025-").rsplit("-", 1)
        numbers[territory].append(int(number))
    for given in numbers.values():
        assert sorted(given) == list(range(1, len(given) + 1))
    last = {territory: len(given) for territory, given in numbers.items()}
    assert dict(LabelCounter.objects.values_list("territory", "last")) == last


def test_synthesize_writes_events_that_hold_the_rules(edition):
    fill(edition, number=50)
    for event in Event.objects.select_related("organization", "commune__department__region"):
        assert failed(assess(facts_of(event), edition.label_window())) == []
        event.full_clean()
        assert event.source == Source.EXAMPLE


def test_synthesize_writes_the_history_of_each_status(edition):
    fill(edition)
    for event in Event.objects.prefetch_related("decisions"):
        decisions = list(event.decisions.all())
        assert [row.transition for row in decisions] == list(HISTORY[Status(event.status)])
        assert event.updated_at == (decisions[-1].at if decisions else event.created_at)
        assert all(event.created_at < row.at <= AT for row in decisions)


def test_synthesize_tells_the_site_once_and_mails_nobody(edition):
    before = SiteRevision.objects.number()
    fill(edition)
    assert SiteRevision.objects.number() == before + 1
    assert OutboxMessage.objects.count() == 0


def test_synthesize_sums_up_the_times(edition):
    fill(edition, number=40)
    for event in Event.objects.prefetch_related("slots"):
        slots = list(event.slots.all())
        assert 1 <= len(slots) <= 5
        assert (event.first_starts_at, event.last_ends_at) == (slots[0].starts_at, slots[-1].ends_at)


def test_synthesize_refuses_a_real_edition():
    factories.edition()
    with pytest.raises(CommandError, match="édition de démonstration"):
        call_command("synthesize", events=10, stdout=StringIO())


def test_synthesize_counts_what_it_wrote(edition):
    out = StringIO()
    call_command("synthesize", events=20, stdout=out)
    assert "20\u00a0événements d’exemple en " in out.getvalue()
    assert Event.objects.count() == 20
