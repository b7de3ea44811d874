"""The third step: the point follows the address, or the hand; without either it is the commune's centre."""

import pytest

from events.enums import PointSource, Precision
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import kept, plain, step_of, typed
from tests.semaine.address_server import address_server, feature

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer
CENTRE = (47.64, 6.86)


@pytest.fixture
def event(organizer):
    return factories.draft(organizer)


@pytest.fixture
def service(settings):
    with address_server() as server:
        settings.GEOCODER_URL = server.url
        yield server


def save(client, event, **changes):
    answer = client.post(step_of(event, "ou"), typed("ou", event, **changes))
    assert answer.status_code == 302
    event.refresh_from_db()
    return (event.latitude, event.longitude), event.precision, event.point_source


@pytest.mark.parametrize(
    ("kind", "precision"),
    [("housenumber", Precision.ADDRESS), ("street", Precision.STREET), ("locality", Precision.STREET)],
)
def test_point_comes_from_the_address(client, event, service, kind, precision):
    service.answers(feature(kind=kind, score=0.93))
    point = save(client, event)
    assert point == ((47.6401, 6.8602), precision, PointSource.ADDRESS_SERVICE)
    assert event.geocoding_score == 0.93
    page = client.get(step_of(event, "ou")).content.decode()
    assert kept(page, ["latitude", "longitude"]) == {"latitude": ["47.6401"], "longitude": ["6.8602"]}
    assert "Base adresse nationale" in page


@pytest.mark.parametrize("failing", ["500", "nothing", "no service"])
def test_point_is_the_centre_of_the_commune_without_the_service(client, event, service, settings, failing):
    service.status = 500 if failing == "500" else 200
    service.answers()
    settings.GEOCODER_URL = "" if failing == "no service" else service.url
    assert save(client, event) == (CENTRE, Precision.COMMUNE, "")
    page = plain(client.get(step_of(event, "ou")).content.decode().replace("&nbsp;", " "))
    assert "Position approximative : le centre de la commune." in page
    assert kept(page, ["latitude"]) == {"latitude": [""]}


def test_point_of_an_address_that_is_the_same_is_not_asked_again(client, event, service):
    save(client, event)
    save(client, event, latitude="47.6401", longitude="6.8602", venue="Halle 3")
    assert len(service.asked) == 1


def test_point_follows_another_address(client, event, service):
    save(client, event)
    service.answers(feature(latitude=47.65))
    point = save(client, event, address="2 rue du Lac", latitude="47.6401", longitude="6.8602")
    assert point == ((47.65, 6.8602), Precision.ADDRESS, PointSource.ADDRESS_SERVICE)


def test_point_placed_by_hand_stays_until_the_address_changes(client, event, service):
    hand = {"latitude": "47,65", "longitude": "6.9"}
    placed = ((47.65, 6.9), Precision.ADDRESS, PointSource.HAND)
    assert save(client, event, **hand) == placed
    assert event.geocoding_score is None
    assert save(client, event, **hand, venue="Halle 3") == placed
    assert service.asked == []
    after = save(client, event, **hand, address="2 rue du Lac")
    assert after == ((47.6401, 6.8602), Precision.ADDRESS, PointSource.ADDRESS_SERVICE)


def test_point_shown_before_the_address_was_saved_as_typed_is_not_placed_by_hand(client, event, service):
    save(client, event)
    page = client.get(step_of(event, "ou")).content.decode()
    shown = kept(page, ["latitude", "longitude", "shown_point", "base"])
    shown = {name: value for name, (value,) in shown.items()} | {"address": "2 rue du Lac"}
    service.answers(feature(latitude=47.65))
    partial = client.post(step_of(event, "ou"), typed("ou", event, **shown, partial="1"))
    event.refresh_from_db()
    assert (event.address, event.point_source) == ("2 rue du Lac", "")
    point = save(client, event, **shown | {"base": partial.json()["state"]["base"]})
    assert point == ((47.65, 6.8602), Precision.ADDRESS, PointSource.ADDRESS_SERVICE)


def test_emptied_point_goes_back_to_the_address(client, event, service):
    save(client, event, latitude="47.65", longitude="6.9")
    assert save(client, event)[2] == PointSource.ADDRESS_SERVICE


def test_point_far_from_the_commune_is_left_to_the_referent(client, event):
    save(client, event, latitude="48.9", longitude="2.3")
    response = client.get(step_of(event, "envoyer"))
    assert [each.rule for each in response.context["verdict"].open] == ["purpose", "territory"]


def test_online_event_has_no_place(client, event, service):
    point = save(client, event, attendance_mode="en-ligne", latitude="47.65", longitude="6.9")
    assert (point, event.commune, event.address) == (((None, None), "", ""), None, "")
    assert service.asked == []


def test_commune_chosen_in_the_list_is_sent_by_its_code(client, event):
    save(client, event, city=None, city_code="97411", postal_code="")
    assert (event.commune_id, event.postal_code) == ("97411", "97400")
    page = client.get(step_of(event, "ou")).content.decode()
    assert kept(page, ["city"]) == {"city": ["Saint-Denis (97400, La Réunion)"]}
    assert 'data-code="97411"' in page


def test_commune_is_read_back_as_it_was_written(client, event):
    for code in ("97411", "93066"):
        save(client, event, city=None, city_code=code, postal_code="")
        label = kept(client.get(step_of(event, "ou")).content.decode(), ["city"])["city"][0]
        save(client, event, city=label, postal_code="")
        assert event.commune_id == code


def test_unknown_code_is_explained_and_kept(client, event):
    response = client.post(step_of(event, "ou"), typed("ou", event, city=None, city_code="99999"))
    assert plain(response.context["form"].errors["city"]) == [
        "Nous ne trouvons pas la commune « 99999 ». Vérifiez son nom."
    ]


@pytest.mark.parametrize("code", ["2C004", "é" * 5, "974110", "97 41"])
def test_what_is_no_code_of_a_commune_is_explained(client, event, code):
    response = client.post(step_of(event, "ou"), typed("ou", event, city=None, city_code=code))
    assert (response.status_code, "city" in response.context["form"].errors) == (200, True)


@pytest.mark.parametrize(("code", "found"), [("\0", None), ("97\x00411", "97411")])
def test_null_character_in_a_code_is_nothing(client, event, code, found):
    save(client, event, city=None, city_code=code, postal_code="")
    assert event.commune_id == found


def test_service_is_not_asked_while_one_types(client, event, service):
    data = typed("ou", event) | {"partial": "1"}
    client.post(step_of(event, "ou"), data)
    event.refresh_from_db()
    assert (event.address, event.point_source, service.asked) == ("1 rue de l’Usine", "", [])
    save(client, event)
    assert len(service.asked) == 1
