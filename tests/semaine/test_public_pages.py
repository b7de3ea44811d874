"""A public page is made once, told apart by what it reads, and made again when what the public sees has changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.http import require_safe
from prometheus_client import REGISTRY

from semaine.models import SiteRevision
from semaine.public_pages import public_page

pytestmark = pytest.mark.django_db
# The first second of a five-minute bucket.
NOW = datetime(2025, 11, 17, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class Page:
    """A public view that counts how often it is made, and tells what it was asked."""

    def __init__(self, status=200, cookie=False):
        self.made, self.status, self.cookie = 0, status, cookie
        self.view = public_page("page", "public")(require_safe(self._make))

    def _make(self, request):
        self.made += 1
        response = HttpResponse(f"{self.made} {request.GET.urlencode()}", status=self.status)
        if self.cookie:
            response.set_cookie("a", "b")
        return response

    def get(self, query="", **headers):
        return self.view(RequestFactory().get(f"/page/?{query}", headers=headers))


def test_page_is_made_once():
    page = Page()
    assert [page.get().content, page.get().content] == [b"1 ", b"1 "]


def test_head_is_answered_from_the_same_page():
    page = Page()
    page.get()
    assert page.view(RequestFactory().head("/page/")).status_code == 200
    assert page.made == 1


def test_known_parameters_make_pages_of_their_own_in_one_order():
    page = Page()
    answers = [page.get(query).content for query in ("public=a&public=b&page=2", "page=2&public=a&public=b")]
    assert answers == [b"1 page=2&public=a&public=b"] * 2
    assert page.get("page=2&public=b&public=a").content == b"2 page=2&public=b&public=a"


def test_unknown_parameters_are_not_even_seen():
    page = Page()
    page.get("page=2")
    assert page.get("utm_source=lettre&page=2").content == b"1 page=2"


def test_whoever_has_the_page_gets_a_304_without_a_new_one():
    page = Page()
    first = page.get()
    again = page.get(**{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=1"
    assert page.made == 1


def test_304_is_answered_before_the_other_middleware(client, django_assert_num_queries):
    first = client.get("/accessibilite/")
    assert "Content-Security-Policy" in first.headers
    asked = {"If-None-Match": first["ETag"], "X-Request-ID": "c0ffee00-1111-2222"}
    with django_assert_num_queries(1):
        again = client.get("/accessibilite/?utm_source=lettre", headers=asked)
    assert (again.status_code, again.content, dict(again.headers)) == (
        304,
        b"",
        {
            "ETag": first["ETag"],
            "Cache-Control": "public, max-age=0, must-revalidate, s-maxage=1",
            "X-Request-ID": "c0ffee00-1111-2222",
        },
    )


def read() -> float:
    return REGISTRY.get_sample_value("semaine_public_reads_total", {"database": "default"})


def test_page_is_counted_once_whatever_validator_is_shown(client):
    etag = client.get("/accessibilite/")["ETag"]
    before = read()
    for shown in ('W/"another"', etag):
        client.get("/accessibilite/", headers={"If-None-Match": shown})
    assert read() == before + 2


@pytest.mark.django_db(transaction=True)
def test_connection_that_ended_between_two_requests_is_made_anew():
    SiteRevision.objects.bump()
    connection.health_check_done = False  # as at the start of a request
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()
    assert SiteRevision.objects.number() == 1


@pytest.mark.parametrize("path", ["/compte/connexion/", "/nulle-part/", "/sante"])
def test_other_pages_know_nothing_of_validators(client, path):
    etag = client.get("/accessibilite/")["ETag"]
    without, given = (client.get(path, headers=each) for each in ({}, {"If-None-Match": etag}))
    assert (given.status_code, "ETag" in given.headers) == (without.status_code, False)


def test_crowd_that_asks_for_one_page_has_it_made_once():
    page, together, made, may_end = Page(), Barrier(8), Event(), Event()

    def slowly(request):
        page.made += 1
        made.set()
        may_end.wait(30)
        return HttpResponse(f"{page.made}")

    def get(_):
        together.wait()
        try:
            return page.get().content
        finally:
            connection.close()

    page.view = public_page()(slowly)
    with ThreadPoolExecutor(8) as crowd:
        asked = crowd.map(get, range(8))
        made.wait(30)
        may_end.set()
        assert list(asked) == [b"1"] * 8


def test_page_that_could_not_be_made_is_made_by_the_next():
    def failing(request):
        raise ValueError("broken")

    page = Page()
    working, page.view = page.view, public_page()(failing)
    with pytest.raises(ValueError, match="broken"):
        page.get()
    page.view = working
    assert page.get().content == b"1 "


def test_another_validator_gets_the_page():
    assert Page().get(**{"If-None-Match": 'W/"autre"'}).status_code == 200


def test_change_that_the_public_sees_makes_the_page_anew():
    page = Page()
    first = page.get()
    SiteRevision.objects.bump()
    again = page.get(**{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (200, b"2 ")


def test_page_is_made_anew_every_five_minutes(clock):
    page = Page()
    page.get()
    clock.move_to(NOW + timedelta(minutes=5) - timedelta(seconds=1))
    assert page.get().content == b"1 "
    clock.move_to(NOW + timedelta(minutes=5))
    assert page.get().content == b"2 "


def test_new_release_makes_the_page_anew(settings):
    page = Page()
    page.get()
    settings.CODE_VERSION = "suivante"
    assert page.get().content == b"2 "


@pytest.mark.parametrize("status", [302, 400, 404, 410])
def test_what_is_no_page_is_not_kept(status):
    page = Page(status=status)
    answers = [page.get() for _ in range(2)]
    assert page.made == 2
    assert [("ETag" in answer, "Cache-Control" in answer) for answer in answers] == [(False, False)] * 2


def test_page_with_a_cookie_is_not_kept():
    page = Page(cookie=True)
    page.get()
    assert page.get().content == b"2 "


def test_post_is_left_to_the_view():
    page = Page()
    assert page.view(RequestFactory().post("/page/")).status_code == 405


def test_odd_text_in_the_address_is_no_error():
    assert Page().get("page=%00%ff%ED%A0%80").status_code == 200


def test_validator_costs_one_query(django_assert_num_queries):
    page = Page()
    etag = page.get()["ETag"]
    with django_assert_num_queries(1):
        page.get(**{"If-None-Match": etag})
    with django_assert_num_queries(1):
        page.get()


def test_page_is_answered_without_redis(monkeypatch, tmp_path):
    from semaine import public_pages
    from semaine.caching import ForgivingRedisCache

    monkeypatch.setattr(public_pages, "cache", ForgivingRedisCache(f"unix://{tmp_path}/redis.sock", {}))
    page = Page()
    assert [page.get().content, page.get().content] == [b"1 ", b"2 "]
