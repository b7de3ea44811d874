"""The points of imported events: looked up after the import, once for each address, and without disturbing anyone."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils.module_loading import import_string

from events import drafting, locating, workflow
from events.enums import PointSource, Precision, Source
from events.models import Event
from semaine.models import SiteRevision
from tests import factories
from tests.events.imports import files
from tests.factories import NOW
from tests.semaine.address_server import address_server, feature

LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.django_db

CENTRE, FOUND = (47.64, 6.86), (47.6401, 6.8602)


@pytest.fixture
def organizer():
    person = factories.user()
    factories.organization(person)
    factories.commune("90010")
    return person


@pytest.fixture
def service(settings):
    cache.clear()
    with address_server() as server:
        settings.GEOCODER_URL = server.url
        yield server
    cache.clear()


def imported(organizer, *lines, **fields):
    event_import = files.received(organizer, files.csv_of(*lines), factories.edition(), at=NOW)
    return files.decided(files.worked(event_import, NOW), NOW, **fields)


def line(number=0, **cells):
    return files.line(4 * number, **({"address": f"{number + 1} rue de l’Usine"} | cells))


def points():
    return list(Event.objects.order_by("pk").values_list("latitude", "longitude"))


def revision():
    return next(iter(SiteRevision.objects.values_list("number", flat=True)), 0)


def asked(service):
    return [each["q"] for each in service.asked]


def test_addresses_are_looked_up_after_the_import(organizer, service):
    imported(organizer, line(0), line(1))
    assert (points(), service.asked) == ([CENTRE, CENTRE], [])
    assert locating.locate_some(NOW) == 2
    assert points() == [FOUND, FOUND]
    assert asked(service) == ["1 rue de l’Usine 90000 Belfort", "2 rue de l’Usine 90000 Belfort"]
    event = Event.objects.first()
    assert (event.precision, event.point_source, event.geocoding_score, event.version) == (
        Precision.ADDRESS,
        PointSource.ADDRESS_SERVICE,
        0.96,
        1,
    )
    assert event.tile_x != 0
    assert locating.locate_some(NOW) == 0
    assert len(service.asked) == 2


def test_beat_calls_it(organizer, service, settings):
    imported(organizer, line(0))
    with time_machine.travel(NOW, tick=False):
        import_string(settings.CELERY_BEAT_SCHEDULE["addresses"]["task"])()
    assert points() == [FOUND]


def test_one_address_of_many_events_is_asked_once(organizer, service):
    imported(organizer, *[line(each, address="1 rue de l’Usine") for each in range(3)])
    assert locating.locate_some(NOW) == 3
    assert (points(), len(service.asked)) == ([FOUND] * 3, 1)


def test_address_that_is_not_known_is_asked_once(organizer, service):
    service.answers()
    imported(organizer, line(0))
    locating.locate_some(NOW)
    drafting.revise(Event.objects.get(), by=organizer, at=NOW, values={"title": "Autre titre"})
    locating.locate_some(NOW)
    assert (points(), len(service.asked)) == ([CENTRE], 1)


@pytest.mark.parametrize("failing", ["500", "no service"])
def test_service_that_is_down_is_asked_again_later(organizer, service, settings, failing):
    imported(organizer, line(0), line(1))
    service.status = 500
    settings.GEOCODER_URL = "" if failing == "no service" else service.url
    assert locating.locate_some(NOW) == 0
    assert len(service.asked) == (0 if failing == "no service" else 1)
    service.status, settings.GEOCODER_URL = 200, service.url
    cache.clear()
    assert locating.locate_some(NOW) == 2


@pytest.mark.parametrize(
    "cells",
    [
        {"address": ""},
        {"latitude": "47,65", "longitude": "6,87"},
        {"attendance_mode": "En ligne", "online_url": "https://exemple.fr"},
    ],
    ids=["no street", "a point of the file", "online"],
)
def test_nothing_is_asked_of_what_has_no_address_or_a_point(organizer, service, cells):
    imported(organizer, line(0, **cells))
    locating.locate_some(NOW)
    assert service.asked == []


def test_nothing_is_asked_of_examples_nor_of_what_is_over(organizer, service):
    imported(organizer, line(0))
    locating.locate_some(NOW + timedelta(days=90))
    Event.objects.update(source=Source.EXAMPLE)
    locating.locate_some(NOW)
    assert service.asked == []


def test_address_that_changes_within_the_commune_is_looked_up_again(organizer, service):
    imported(organizer, line(0))
    locating.locate_some(NOW)
    imported(organizer, line(0, address="9 rue Neuve"))
    assert points() == [CENTRE]
    service.answers(feature(47.65, 6.87))
    locating.locate_some(NOW)
    assert (points(), asked(service)[1:]) == ([(47.65, 6.87)], ["9 rue Neuve 90000 Belfort"])
    # The same file again changes nothing.
    again = imported(organizer, line(0, address="9 rue Neuve"))
    assert list(again.lines.values_list("plan", flat=True)) == ["inchange"]


def test_point_by_hand_stays_when_the_address_changes(organizer, service):
    imported(organizer, line(0, latitude="47,65", longitude="6,87"))
    imported(organizer, line(0, address="9 rue Neuve"))
    locating.locate_some(NOW)
    assert (points(), service.asked) == ([(47.65, 6.87)], [])


def test_referent_labels_the_version_that_was_read_before_the_point_came(organizer, service):
    imported(organizer, line(0), submits=True)
    read = Event.objects.get()
    locating.locate_some(NOW)
    labelled = workflow.label(
        read, by=factories.national(), at=NOW, version=read.version, purpose_confirmed=True
    )
    assert ((labelled.latitude, labelled.longitude), labelled.version) == (FOUND, read.version)


@pytest.mark.parametrize("label", [False, True])
def test_public_sees_the_point_of_a_labelled_event_at_once(organizer, service, label):
    imported(organizer, line(0), submits=True)
    if label:
        event = Event.objects.get()
        workflow.label(event, by=factories.national(), at=NOW, version=1, purpose_confirmed=True)
    before, kept = revision(), Event.objects.get()
    locating.locate_some(LATER)
    assert (revision() - before, points()) == (int(label), [FOUND])
    # Who keeps a copy of what is public learns it by its date.
    event = Event.objects.get()
    assert (event.updated_at, event.version) == (LATER if label else kept.updated_at, kept.version)
