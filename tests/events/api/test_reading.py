"""What everybody reads: the shape of OpenAgenda, pages by cursor, headers, and nothing that is not public."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from jsonschema import Draft202012Validator

from events import workflow
from events.api import schema
from events.enums import TermKind
from events.imports.openagenda import cells_of
from events.models import Event, FeaturedEvent, Term
from tests import factories
from tests.events.test_exits import SEEN, one_of_each  # noqa: F401

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
API = "/api/v1/"
READ = ("events", "facets", "organizations", "territories", "openapi.json")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def get(client, path="events", **query):
    response = client.get(f"{API}{path}", query)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def titles(client, **query) -> list[str]:
    return [each["title"]["fr"] for each in get(client, **query)["events"]]


def full_event():
    for kind, code, label in (
        (TermKind.FORMAT, "visite", "Visite"),
        (TermKind.SECTOR, "mines-et-metallurgie", "Mines et métallurgie"),
        (TermKind.TOPIC, "mixite", "Mixité"),
    ):
        Term.objects.create(kind=kind, code=code, label=label)
    return factories.labelled(
        topic_codes=["mixite"],
        venue="Bâtiment B",
        address="1 rue de l’Usine",
        latitude=47.65,
        longitude=6.87,
        point_source="hand",
        precision="address",
        access_mode="inscription",
        registration_kind="courriel",
        registration_value="visites@example.org",
        capacity=25,
        age_min=13,
        accessibility_codes=["mi"],
        partners="Lycée Condorcet",
        public_contact="Accueil : 03 84 00 00 00",
        more_info_url="https://example.org/visite",
        attendance_mode="mixte",
        online_url="https://visio.example.org/",
        slots=[factories.slot(), factories.slot("2025-11-21")],
    )


def test_event_has_the_shape_that_the_documentation_gives(client):
    full_event()
    factories.labelled(commune_code=None, attendance_mode="en-ligne", online_url="https://example.org/")
    factories.labelled(commune_code="98718")
    found = get(client)
    assert [error.message for error in Draft202012Validator(schema.EVENTS).iter_errors(found)] == []
    assert found["total"] == 3


def test_event_is_read_back_by_the_import(client):
    event = full_event()
    [told] = get(client)["events"]
    cells = {key: cell for key, cell in cells_of(told).items() if cell}
    assert cells == {
        "external_id": str(event.pk),
        "title": "Visite de la fonderie",
        "summary": "Du modèle à la pièce finie : les métiers de la fonderie.",
        "description": "Un parcours d’une heure dans les ateliers.",
        "other_slots": "2025-11-20T09:00+01:00/2025-11-20T11:30+01:00 ; "
        "2025-11-21T09:00+01:00/2025-11-21T11:30+01:00",
        "attendance_mode": "Sur place et en ligne",
        "online_url": "https://visio.example.org/",
        "venue": "Bâtiment B",
        "address": "1 rue de l’Usine",
        "postal_code": "90000",
        "city": "Belfort",
        "commune_code": "90010",
        "typed_department": "Territoire de Belfort",
        "typed_region": "Bourgogne-Franche-Comté",
        "latitude": "47.65",
        "longitude": "6.87",
        "format_code": "Visite",
        "sector_codes": "Mines et métallurgie",
        "topic_codes": "Mixité",
        "audience_codes": "Scolaires (collégiens, lycéens) ; Demandeurs d’emploi",
        "is_free": "oui",
        "access_mode": "Sur inscription",
        "registration": "visites@example.org",
        "capacity": "25",
        "age_min": "13",
        "accessibility_codes": "Handicap moteur",
        "partners": "Lycée Condorcet",
        "public_contact": "Accueil : 03 84 00 00 00",
        "more_info_url": "https://example.org/visite",
    }


def test_event_is_found_by_both_its_identifiers(client):
    event = factories.labelled()
    [listed] = get(client)["events"]
    assert get(client, f"events/{event.pk}") == get(client, f"events/{event.uid}") == {"event": listed}


@pytest.mark.parametrize(
    "uid",
    ["0", "999999", "-1", "abc", "9" * 30, "00000000-0000-0000-0000-000000000000", "x" * 36, "validate2"],
)
def test_unknown_event_is_told_in_french(client, uid):
    response = client.get(f"{API}events/{uid}")
    assert (response.status_code, list(response.json()["errors"])) == (404, ["api"])
    assert response["Access-Control-Allow-Origin"] == "*"


def test_only_the_public_events_are_told(client, one_of_each):  # noqa: F811
    assert set(titles(client)) == SEEN
    assert get(client, "facets")["total"] == 2
    assert sum(each["events"] for each in get(client, "organizations")["organizations"]) == 2
    assert sum(each["events"] for each in get(client, "territories")["territories"]) == 2
    statuses = {
        title: client.get(f"{API}events/{event.uid}").status_code for title, event in one_of_each.items()
    }
    assert {title for title, status in statuses.items() if status == 200} == SEEN
    assert set(statuses.values()) == {200, 404}


def test_what_left_is_told_by_its_number_and_date_only(client, one_of_each):  # noqa: F811
    gone = [one_of_each[title].pk for title in ("Visite retirée", "Visite regroupée")]
    wanted = [{"uid": pk, "removed": True, "updatedAt": "2025-10-02T08:00:00.000000Z"} for pk in sorted(gone)]
    assert get(client, removed="1")["events"] == wanted
    both = get(client, removed="null")
    assert (both["total"], [each for each in both["events"] if each.get("removed")]) == (4, wanted)
    assert get(client, removed="0")["total"] == 2
    later = {"removed": "1", "updatedAt[gte]": (NOW + timedelta(seconds=1)).isoformat()}
    assert get(client, **later)["events"] == []


def test_no_answer_holds_what_is_private(client):
    private = {
        "contact_name": "Nadia Discrète",
        "contact_email": "discrete@example.org",
        "contact_phone": "03 84 11 22 33",
        "expected_participants": 4321,
        "external_id": "chez-nous-12",
    }
    event = factories.labelled(**private)
    for path in (*READ, f"events/{event.pk}"):
        page = client.get(f"{API}{path}").content.decode()
        assert [str(value) for value in private.values() if str(value) in page] == []


@pytest.mark.parametrize("query", [{}, {"sort": "updatedAt.desc"}, {"sort": "lastTiming.asc"},
                                   {"sort": "timings.asc"}, {"q": "visite", "tri": "pertinence"},
                                   {"pres": "90010", "tri": "distance"}, {"passes": "oui"}])  # fmt: skip
def test_pages_hold_each_event_once_in_one_order(client, clock, query):
    days = ("2025-11-20", "2025-11-20", "2025-11-04", "2025-11-25", "2025-11-21")
    for number, day in enumerate(days):
        factories.labelled(title=f"Visite {number}", slots=[factories.slot(day)], at=NOW + timedelta(number))
    clock.move_to(datetime(2025, 11, 10, tzinfo=UTC))
    whole = titles(client, **query)
    found, after = [], []
    while after is not None:
        page = get(client, **query, size=2, **{"after[]": after})
        found += [each["title"]["fr"] for each in page["events"]]
        assert page["total"] == len(whole)
        after = page["after"]
        clock.shift(timedelta(hours=2))
    assert found == whole
    assert len(whole) == (5 if "passes" in query else 4)


def test_pages_are_about_the_moment_of_the_first_one(client, clock):
    for day in ("2025-11-04", "2025-11-05", "2025-11-06"):
        factories.labelled(title=day, slots=[factories.slot(day)])
    first = get(client, size=2)
    clock.move_to(datetime(2025, 11, 30, tzinfo=UTC))
    assert titles(client, size=2, after=first["after"]) == ["2025-11-06"]


def test_lists_are_written_in_any_way(client):
    first, second = factories.labelled(title="A"), factories.labelled(title="B")
    factories.labelled(title="C")
    for query in (f"uid={first.pk}&uid={second.pk}", f"uid[]={first.pk}&uid[]={second.pk}",
                  f"uid[0]={first.pk}&uid[1]={second.pk}"):  # fmt: skip
        found = client.get(f"{API}events?{query}").json()["events"]
        assert [each["title"]["fr"] for each in found] == ["A", "B"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"search": "lille"}, ["Lille"]),
        ({"relative": "passed"}, ["Passée"]),
        ({"relative[]": ["current"]}, ["En cours"]),
        ({"relative": ["passed", "ongoing"]}, ["En cours", "Passée"]),
        ({"relative": "upcoming"}, ["Lille", "Pleine"]),
        ({"timings[gte]": "2025-11-21T00:00:00+01:00"}, ["Pleine"]),
        ({"timings[lte]": "2025-11-05"}, ["Passée"]),
        ({"timings[gte]": "2025-11-10T10:00:00 01:00", "timings[lte]": "2025-11-10T13:00:00Z"}, ["En cours"]),
        ({"adminLevel1": "hauts de france"}, ["Lille"]),
        ({"adminLevel2[]": ["Nord", "Aisne"]}, ["Lille"]),
        ({"department": "NORD"}, ["Lille"]),
        ({"adminLevel4": "Lille"}, ["Lille"]),
        ({"city": ["lille"]}, ["Lille"]),
        ({"geo[northEast][lat]": "51", "geo[northEast][lng]": "4", "geo[southWest][lat]": "50",
          "geo[southWest][lng]": "3"}, ["Lille"]),
        ({"status": "5"}, ["Pleine"]),
        ({"status": ["1", "5"], "adminLevel2": "Nord"}, ["Lille"]),
        ({"status": "3"}, []),
        ({"accessibility": "vi"}, ["Pleine"]),
        ({"attendanceMode": "2"}, []),
        ({"slug": "lille"}, ["Lille"]),
        ({"sort": "timings.asc"}, ["En cours", "Lille", "Pleine"]),
    ],
)  # fmt: skip
def test_parameters_of_openagenda_choose_as_they_do_there(client, clock, query, wanted):
    factories.commune("02738")
    factories.labelled(title="Passée", slots=[factories.slot("2025-11-04")])
    factories.labelled(title="En cours", slots=[factories.slot("2025-11-10"), factories.slot("2025-11-12")])
    factories.labelled(title="Lille", commune_code="59350", slots=[factories.slot("2025-11-20")])
    pleine = factories.labelled(
        title="Pleine", slots=[factories.slot("2025-11-25")], accessibility_codes=["vi"]
    )
    Event.objects.filter(pk=pleine.pk).update(is_full=True)
    clock.move_to(datetime(2025, 11, 11, 12, tzinfo=UTC))
    found = titles(client, **query)
    assert (found if "sort" in query else sorted(found)) == wanted


WANTED = "parmi passed, current, upcoming, ongoing"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"relative[]": "hier"}, {"relative": [f"« relative » : trouvé « hier » ; attendu : {WANTED}."]}),
        ({"size": "301"}, {"size": ["« size » : trouvé « 301 » ; attendu : un nombre de 1 à 300."]}),
        (
            {"updatedAt[gte]": "hier"},
            {"updatedAt[gte]": [("« updatedAt[gte] » : trouvé « hier » ; attendu : une date comme 2026-11-16 ou "
                                "2026-11-16T09:00:00+01:00.")]},
        ),
        (
            {"geo[northEast][lat]": "48"},
            {"geo[southWest][lng]": [("« geo[southWest][lng] » : trouvé «  » ; attendu : les quatre coins de la zone, "
                                     "ou aucun.")]},
        ),
        (
            {"after": ["x", "y"]},
            {"after": [("« after » : trouvé « x » ; attendu : les valeurs « after » de la réponse précédente, dans "
                       "leur ordre.")]},
        ),
        (
            {"departement": "ZZ", "removed": "2"},
            {"departement": ["Département : « ZZ » n’est pas dans la liste. Choisissez-y une valeur."],
             "removed": ["removed : « 2 » n’est pas dans la liste. Choisissez-y une valeur."]},
        ),
        ({"edition": "1990"}, {"edition": ["Édition : « 1990 » n’est pas dans la liste. Choisissez-y une valeur."]}),
        ({"uid": "un"}, {"uid": ["« uid » : trouvé « un » ; attendu : l’identifiant « uid » d’un événement."]}),
    ],
)  # fmt: skip
def test_wrong_value_is_told_by_its_field(client, query, errors):
    factories.labelled()
    response = client.get(f"{API}events", query)
    assert (response.status_code, response.json()) == (400, {"errors": errors})
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("cursor", [["x"], [NOW.isoformat()], [NOW.isoformat(), "2025-11-20", "0", "hier", "1"],
                                    [NOW.isoformat(), "2025-11-20", "0", NOW.isoformat(), "9" * 40]])  # fmt: skip
def test_cursor_of_nowhere_is_told(client, cursor):
    factories.labelled()
    response = client.get(f"{API}events", {"after": cursor})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["after"])


def test_nothing_is_published_yet(client):
    response = client.get(f"{API}events")
    assert (response.status_code, list(response.json()["errors"])) == (404, ["api"])


@pytest.mark.parametrize(
    ("path", "queries"),
    [("events", 10), ("facets", 7), ("organizations", 9), ("territories", 7), ("events?removed=null", 10)],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_queries(client, django_assert_num_queries, path, queries, rows):
    organizer = factories.user()
    for number in range(rows):
        factories.labelled(
            organizer, title=f"Visite {number}", slots=[factories.slot(), factories.slot("2025-11-21")]
        )
    with django_assert_num_queries(queries):
        assert client.get(f"{API}{path}").status_code == 200


@pytest.mark.parametrize("path", READ)
def test_answers_are_open_to_any_site_validated_and_without_cookie(client, path):
    factories.labelled()
    response = client.get(f"{API}{path}", headers={"Accept": "text/html", "Origin": "https://example.org"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=1"
    assert (dict(response.cookies), response.headers.get("Vary")) == ({}, None)
    again = client.get(f"{API}{path}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
    factories.labelled()
    assert client.get(f"{API}{path}", headers={"If-None-Match": response["ETag"]}).status_code == 200
    assert client.head(f"{API}{path}").status_code == 200


def test_browser_may_ask_first(client):
    response = client.options(f"{API}events", headers={"Origin": "https://example.org"})
    assert (response.status_code, response["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["events", "facets", "events/1", "openapi.json"])
def test_nothing_is_written_at_a_reading_address(client, path):
    response = client.post(f"{API}{path}", {"a": "b"})
    assert response.status_code == 405


def test_address_of_nothing_is_told_in_json(client):
    response = client.get(f"{API}nulle-part/du-tout")
    assert (response.status_code, list(response.json()["errors"])) == (404, ["api"])


def test_address_that_asks_too_often_waits(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"read": 3}
    factories.edition()
    answers = [client.get(f"{API}territories") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert (answers[3]["Retry-After"], answers[3]["Access-Control-Allow-Origin"]) == ("60", "*")
    assert answers[3].json() == {
        "errors": {"api": ["Trop de requêtes depuis votre adresse : attendez une minute."]}
    }
    assert client.get("/api/v1/territories", REMOTE_ADDR="10.1.2.3").status_code == 200


def test_page_reads_as_the_document(client):
    factories.edition()
    page = client.get(API).content.decode()
    assert [path for path in schema.document()["paths"] if path not in page] == []
    assert [word for word in ('<script src="http', "cdn", "<style") if word in page] == []


def test_cancelled_event_stays_and_says_so(client):
    event = factories.labelled()
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Panne.")
    [told] = get(client)["events"]
    assert (told["status"], told["state"]) == (6, 2)


def test_keywords_are_those_that_events_tell(client):
    full_event()
    Term.objects.create(kind=TermKind.SECTOR, code="bois", label="Bois")
    factories.labelled(title="Autre")
    [told] = get(client, **{"keyword[]": "Mixité"})["events"]
    assert titles(client, **{"keyword[]": told["keywords"]["fr"]}) == ["Visite de la fonderie"]
    assert titles(client, keyword="MINES ET METALLURGIE") == ["Visite de la fonderie", "Autre"]
    assert titles(client, **{"keyword[]": ["Mixité", "bois"]}) == []
    response = client.get(f"{API}events?keyword[]=fer")
    assert (response.status_code, response.json()["errors"]["keyword"]) == (
        400, ["« keyword » : trouvé « fer » ; attendu : le nom d’une filière ou d’un thème : voir /api/v1/facets."],
    )  # fmt: skip


def test_featured_events_are_told_chosen_and_first(client):
    factories.labelled(title="A")
    FeaturedEvent.objects.create(event=factories.labelled(title="B"))
    assert [each["featured"] for each in get(client)["events"]] == [False, True]
    assert (titles(client, featured="1"), titles(client, featured="0")) == (["B"], ["A"])
    for sort in ("timingsWithFeatured.asc", "lastTimingWithFeatured.asc"):
        assert titles(client, sort=sort) == ["B", "A"]
    assert titles(client, sort="timings.asc") == ["A", "B"]


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("location.region.asc", ["Belfort", "Tergnier", "Lille", "En ligne"]),
        ("location.department.asc", ["Tergnier", "Lille", "Belfort", "En ligne"]),
        ("location.city.asc", ["Belfort", "Lille", "Tergnier", "En ligne"]),
        ("timingsWithFeatured.asc", ["En ligne", "Belfort", "Tergnier", "Lille"]),
    ],
)
def test_orders_by_place_go_on_from_page_to_page(client, sort, wanted):
    where = {"attendance_mode": "en-ligne", "online_url": "https://example.org/salle"}
    last = factories.labelled(title="En ligne", commune_code=None, **where)
    for title, code in (("Belfort", "90010"), ("Tergnier", "02738"), ("Lille", "59350")):
        factories.labelled(title=title, commune_code=code)
    FeaturedEvent.objects.create(event=last)
    found, query = [], {"sort": sort, "size": 1}
    while True:
        page = get(client, **query)
        found += [each["title"]["fr"] for each in page["events"]]
        assert page["sort"] == [sort]
        if not page["after"]:
            break
        query["after[]"] = page["after"]
    assert found == wanted


def test_some_fields_are_told_or_all_in_one_language(client):
    full_event()
    [whole] = get(client)["events"]
    [some] = get(client, **{"if[]": ["title.fr", "location.city", "timings"], "includeFields[]": "image"})[
        "events"
    ]
    assert some == {
        "uid": whole["uid"], "title": whole["title"], "timings": whole["timings"], "image": None,
        "location": {"city": "Belfort"},
    }  # fmt: skip
    [plain] = get(client, monolingual="fr")["events"]
    assert (plain["title"], plain["keywords"], plain["type-devenement"]["label"]) == (
        "Visite de la fonderie", ["Mines et métallurgie", "Mixité"], "Visite",
    )  # fmt: skip
    assert {name for name in whole if whole[name] == plain[name]}.isdisjoint(
        {"title", "description", "dateRange"}
    )
    assert [error.message for error in Draft202012Validator(schema.SOME_OF_EVENT).iter_errors(plain)] == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            {"if[]": "titre"},
            "« if » : trouvé « titre » ; attendu : un champ d’un événement, comme title ou location.city.",
        ),
        ({"monolingual": "en"}, "monolingual : « en » n’est pas dans la liste. Choisissez-y une valeur."),
        ({"featured": "oui"}, "« featured » : trouvé « oui » ; attendu : parmi 1, 0."),
    ],
)
def test_wrong_shape_is_told(client, query, sentence):
    factories.labelled()
    response = client.get(f"{API}events", query)
    assert (response.status_code, [*response.json()["errors"].values()]) == (400, [[sentence]])


def test_cursor_of_an_order_by_place_holds_a_place(client):
    factories.labelled()
    after = [NOW.isoformat(), "a\0b", NOW.isoformat(), "1"]
    response = client.get(f"{API}events", {"sort": "location.city.asc", "after[]": after})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["after"])
