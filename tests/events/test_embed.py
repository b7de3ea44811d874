"""The list and the map that partner sites show in a frame, and the page that writes the code for it."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from events.enums import TermKind
from events.models import Event, Term
from semaine.models import Edition
from tests import factories
from tests.events.test_exits import SEEN, _clock, one_of_each, titles_in  # noqa: F401
from tests.events.test_security_headers import ACCOUNT, PUBLIC, cookies_and_vary
from tests.events.test_selection import count_queries, words

pytestmark = pytest.mark.django_db
FRAMABLE = ("/integration/liste/", "/integration/carte/")
OTHERS = (
    *PUBLIC, *ACCOUNT, "/integration/", "/ma-selection/", "/ma-selection.ics?e=x", "/sante",
    "/integration/liste/x/", "/espace/", "/admin/",
)  # fmt: skip


def policy(response) -> dict[str, str]:
    return dict(each.strip().split(" ", 1) for each in response["Content-Security-Policy"].split(";"))


@pytest.mark.parametrize("path", [*FRAMABLE, "/integration/liste/?region=ZZ", "/integration/carte/?page=x"])
def test_embedded_pages_may_stand_in_any_frame_and_do_nothing_there(client, path):
    factories.labelled()
    response = client.get(path)
    directives = policy(response)
    assert "X-Frame-Options" not in response.headers
    assert {name: directives[name] for name in ("frame-ancestors", "script-src", "form-action")} == {
        "frame-ancestors": "*",
        "script-src": "'none'",
        "form-action": "'none'",
    }
    assert re.findall("<(?:script|form|button)", response.content.decode()) == []
    assert '<base target="_blank">' in response.content.decode()
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_every_other_page_refuses_to_be_framed():
    factories.labelled()
    found = {path: Client().get(path) for path in OTHERS}
    protected = {
        path: (answer.headers.get("X-Frame-Options"), policy(answer)["frame-ancestors"])
        for path, answer in found.items()
    }
    assert protected == dict.fromkeys(OTHERS, ("DENY", "'none'"))


def test_only_the_builder_shows_a_frame_and_only_ours(client):
    factories.edition()
    assert policy(client.get("/integration/"))["frame-src"] == "'self'"
    assert "frame-src" not in policy(client.get("/"))


@pytest.mark.parametrize("path", [*FRAMABLE, "/integration/"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_pages_set_no_cookie_and_are_the_same_for_all(path, method):
    event = factories.labelled()
    known = Client()
    known.force_login(event.created_by)
    answers = [getattr(each, method)(path) for each in (Client(), known)]
    assert [cookies_and_vary(each) for each in answers] == [({}, False)] * 2
    assert answers[0].content == answers[1].content


def test_embedded_list_shows_the_public_events_only(client, one_of_each):  # noqa: F811
    page = client.get("/integration/liste/")
    assert titles_in(page.content.decode()) == SEEN
    assert "2 événements" in words(page)


def test_embedded_map_counts_the_public_events_only(client, one_of_each):  # noqa: F811
    page = client.get("/integration/carte/")
    assert "2 événements sur la carte" in words(page)
    assert "Territoire de Belfort : 2 événements" in words(page)


def test_embedded_pages_take_the_filters_of_the_programme(client):
    factories.labelled(title="Belfort")
    factories.labelled(title="Lille", commune_code="59350")
    page = client.get("/integration/liste/?departement=59")
    assert [card.title for card in page.context["results"].cards] == ["Lille"]
    assert "Semaine de l’industrie 2025 : Nord (59) 1 événement" in words(page)
    page = client.get("/integration/carte/?departement=59&public=scolaires")
    assert "1 événement sur la carte" in words(page)
    link = re.findall(r'<li><a href="([^"]+)">Nord', page.content.decode())
    assert [unescape(each) for each in link] == ["/programme/?public=scolaires&departement=59"]


@pytest.mark.parametrize("path", FRAMABLE)
def test_wrong_filter_is_said_and_shows_nothing(client, path):
    factories.labelled()
    page = words(client.get(f"{path}?departement=ZZ"))
    assert "Département : « ZZ » n’est pas dans la liste. Choisissez-y une valeur." in page
    assert "0 événement" in page


@pytest.mark.parametrize("path", FRAMABLE)
def test_frame_says_that_no_edition_is_published(client, path):
    Edition.objects.all().delete()
    assert "Le programme n’est pas encore publié." in words(client.get(path))


def test_pages_of_the_embedded_list_stay_in_the_frame(client):
    for number in range(21):
        factories.labelled(title=f"Visite {number}")
    page = client.get("/integration/liste/?public=scolaires").content.decode()
    assert re.findall(r'<a href="([^"]+)" rel="next" target="_self">', page) == [
        "?public=scolaires&amp;page=2"
    ]


@pytest.mark.parametrize(("path", "queries"), [("/integration/liste/", 5), ("/integration/carte/", 5)])
def test_queries_do_not_grow_with_the_events(client, path, queries):
    counts = []
    for number in (1, 2):
        for commune in ("90010", "59350", "97411")[number - 1 : 2 * number - 1]:
            factories.labelled(commune_code=commune)
        # What a process keeps is read first.
        count_queries(client, path)
        cache.clear()
        counts.append(count_queries(client, path))
    assert (Event.objects.count(), counts) == (3, [queries, queries])


def code(response) -> str:
    [found] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", response.content.decode(), re.DOTALL)
    return unescape(found)


def test_builder_writes_the_code_of_a_frame(client):
    factories.edition()
    factories.commune("59350")
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite")
    query = "vue=liste&territoire=departement%3D59&public=scolaires&nature=visite&hauteur=450"
    source = "/integration/liste/?departement=59&amp;public=scolaires&amp;nature=visite"
    page = client.get(f"/integration/?{query}")
    assert code(page) == (
        f'<iframe src="http://testserver{source}" title="Programme de la Semaine de l’industrie" '
        'height="450" loading="lazy" style="width: 100%; border: 0"></iframe>'
    )
    assert f'src="{source}"' in page.content.decode()
    assert "1 événement" not in words(client.get(unescape(source)))


def test_builder_starts_with_the_whole_list(client):
    factories.edition()
    assert 'src="http://testserver/integration/liste/"' in code(client.get("/integration/"))
    assert code(client.get("/integration/?vue=&hauteur=&territoire=")) == code(client.get("/integration/"))
    assert 'src="http://testserver/integration/carte/"' in code(client.get("/integration/?vue=carte"))


@pytest.mark.parametrize("value", ["zz", '"><script>', "\0z", "region=99", "x" * 3_000, "é"])
@pytest.mark.parametrize("name", ["vue", "territoire", "public", "nature"])
def test_builder_says_which_value_is_wrong(client, name, value):
    factories.edition()
    page = client.get("/integration/", {name: value})
    assert "n’est pas dans la liste. Choisissez-y une valeur." in words(page)
    assert (b"<textarea" in page.content, b"\0" in page.content, b'"><script>' in page.content) == (
        False, False, False,
    )  # fmt: skip


@pytest.mark.parametrize("value", ["299", "2001", "-600", "6e2", "abc", "６００", "1" * 5_000, "\0-"])
def test_builder_says_which_heights_are_possible(client, value):
    factories.edition()
    page = client.get("/integration/", {"hauteur": value})
    assert "n’est pas un nombre de 300 à 2000, par exemple 600." in words(page)
    assert b"<textarea" not in page.content
