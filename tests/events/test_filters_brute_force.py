"""Every filter, count, order and page against a brute force over 2 000 events, whatever is asked and when."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings

from events import facets, links
from events.filters import BY_DATE, ProgrammeFilter
from events.found import Found
from events.listing import PAGE_SIZE, listing, ordered
from events.models import Event
from events.suggestions import suggestions
from semaine.models import Edition
from tests.events import brute_force
from tests.events.programme_of_2000 import CURRENT, draw, number_of, written

pytestmark = pytest.mark.usefixtures("db")
ROWS = draw(2000)
tried = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
situations = brute_force.situations(ROWS)


@pytest.fixture(scope="module")
def db(django_db_setup, django_db_blocker):
    """The rows, written once; in the place of pytest-django's own fixture, which is for one test."""
    with written(ROWS, django_db_blocker):
        yield


def asked(state, year, at) -> ProgrammeFilter:
    edition = Edition.objects.get(year=year)
    data = QueryDict(brute_force.query(state))
    return ProgrammeFilter(data, Event.objects.public(), edition=edition, at=at)


def numbers(events) -> list[int]:
    return [number_of(slug) for slug in events.values_list("slug", flat=True)]


@tried
@given(situation=situations)
def test_filters_show_what_a_brute_force_finds_in_its_order(situation):
    found = brute_force.found(ROWS, *situation)
    wanted = brute_force.in_order([row for row in ROWS if row.number in found], *situation)
    assert numbers(ordered(asked(*situation))) == wanted
    if (state := asked(*situation)).is_valid():
        in_date_order(Found(state), wanted, state)


def in_date_order(found, wanted, state):
    """The bits know the order of the dates as the database does."""
    keys = dict(Event.objects.filter(pk__in=found.events[: len(wanted) + 1]).values_list("pk", "slug"))
    told = [number_of(keys[key]) for key in found.events[: len(wanted) + 1]]
    assert sorted(told) == sorted(wanted)
    if state.order == BY_DATE:
        assert told == wanted
        middle = len(wanted) // 2
        assert found.events[middle : middle + 3] == found.events[: len(wanted)][middle : middle + 3]


@tried
@given(situation=situations)
def test_counts_are_what_a_brute_force_counts(situation):
    filterset = asked(*situation)
    counts = facets.count(filterset)
    by_choice = {
        facet: {choice: number for choice, number in found.items() if choice and number}
        for facet, found in counts.by_choice.items()
    }
    assert {facet: found for facet, found in by_choice.items() if found} == brute_force.counts(
        ROWS, *situation
    )
    assert counts.shown == len(brute_force.found(ROWS, *situation))
    assert counts.over == len(brute_force.over(ROWS, *situation))
    assert set(numbers(filterset.everywhere())) == brute_force.everywhere(ROWS, *situation)


# Most find something, and then there is nothing to suggest.
@settings(tried, max_examples=120)
@given(situation=brute_force.situations(ROWS, most=6))
def test_suggestions_show_what_they_say(situation):
    """Whatever finds nothing: each change, followed, shows its number, and a filter alone left out is offered."""
    state, year, at = situation
    # A typed place leads to the address of its code before anything is shown.
    state.pop("ou", None)
    if brute_force.found(ROWS, *situation):
        return
    filterset = asked(*situation)
    offered = suggestions(filterset)
    for suggestion in offered:
        led = parse_qs(urlsplit(links.suggested(filterset, suggestion, "/programme/").url).query)
        assert suggestion.count == len(brute_force.found(ROWS, led, year, at)) > 0
    left_out = [brute_force.refusals(row, state, at) for row in brute_force.on_show(ROWS, *situation)]
    alone = {name for names in left_out if len(names) == 1 for name in names}
    assert {each.name for each in offered if not each.value} == alone


AT = datetime(CURRENT, 11, 18, 8, tzinfo=UTC)
WALKED = (
    {"departement": ["90", "02"]},
    {"pres": ["59350"], "rayon": ["100"], "tri": ["distance"]},
    {"region": ["04"], "passes": ["oui"]},
    {"organisateur": ["ublonk"], "q": ["balkor"]},
)


@pytest.mark.parametrize("state", WALKED)
def test_pages_part_the_list_without_double_or_gap(state):
    found = brute_force.found(ROWS, state, CURRENT, AT)
    wanted = brute_force.in_order([row for row in ROWS if row.number in found], state, CURRENT, AT)
    walked, slugs = [], dict(Event.objects.values_list("pk", "slug"))
    for page in range(1, len(wanted) // PAGE_SIZE + 2):
        results = listing(asked(state, CURRENT, AT), str(page))
        cards = [number_of(slugs[card.pk]) for card in results.cards]
        assert (results.messages, results.count, len(cards) <= PAGE_SIZE) == ([], len(wanted), True)
        walked += cards
    assert len(wanted) > PAGE_SIZE / 2
    assert walked == wanted
    assert (results.page.number, results.page.has_next()) == (results.page.paginator.num_pages, False)


def test_wrong_value_shows_and_counts_nothing():
    filterset = asked({"nature": ["visite", "zz"], "region": ["27"]}, CURRENT, AT)
    counts = facets.count(filterset)
    assert (numbers(ordered(filterset)), counts.shown, counts.over, counts.by_choice) == ([], 0, 0, {})
    assert numbers(filterset.everywhere()) == []
