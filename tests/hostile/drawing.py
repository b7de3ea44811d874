"""How a visit is drawn: a page's own parameters, a form with something hostile in it, an address made of anything."""

import json
import re

from django.urls import get_resolver
from hypothesis import strategies as st

from events.api.filters import PARAMETERS
from events.filters import ProgrammeFilter
from tests import authorizations
from tests.events.api import bodies
from tests.hostile.forms import Form
from tests.hostile.reading import API, PROPERTIES, Page, Seen, of_api
from tests.hostile.values import DICTIONARY, ESCAPES, FILES, JSON, TEXT, any_of
from tests.hostile.visit import Visit, quoted

# Those that the code reads one by one; a test compares them with it.
READ_BY_NAME = (
    "creneau", "departement", "dossier", "e", "edition", "envoye", "kind__exact", "organisation", "page", "q", "region",
    "sans", "siret", "state", "submit", "voir",
)  # fmt: skip
NAMES = tuple(dict.fromkeys((
    *ProgrammeFilter.base_filters, *PARAMETERS, *READ_BY_NAME, "zoom", "format", "url", "maxwidth", "maxheight", "next",
    "statut", "o", "p", "all", "_popup", "_to_field", "_changelist_filters", "is_active__exact", "id__in", "error",
    "code", "app_label", "model_name", "field_name", "term", "date__year", "name__regex", "q[]", "",
)))  # fmt: skip
KINDS = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUPS = re.compile(r"\(\?P<\w+>[^)]*\)(?:\[[^\]]*\]\{[^}]*\})?")
METHODS = ("GET", "GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD")
TYPES = (
    "application/x-www-form-urlencoded", "application/json", "multipart/form-data", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-16", "text/plain", "", "application/json; charset=utf-7",
)  # fmt: skip


def visits(seen: Seen) -> st.SearchStrategy[Visit]:
    people = tuple(dict.fromkeys(page.who for page in seen.pages))
    return st.one_of(
        *[any_of(seen.forms).flatmap(_form)] * 4,
        *[any_of([page for page in seen.pages if page.parameters]).flatmap(_parameters)] * 3,
        any_of(seen.pages).flatmap(_parameters),
        _anything(people),
        _json(),
    )


def _pairs(names: st.SearchStrategy[str], at_least: int = 0) -> st.SearchStrategy[tuple]:
    return st.lists(st.tuples(names, TEXT), min_size=at_least, max_size=4).map(tuple)


RAW = st.one_of(st.just(""), st.just(""), st.just(""), any_of(ESCAPES))


@st.composite
def _parameters(draw, page: Page) -> Visit:
    own = any_of(page.parameters or NAMES)
    name = st.one_of(own, own, own, any_of(NAMES))
    raw = draw(RAW)
    raw = f"{draw(name)}={raw}" if raw and draw(st.booleans()) else raw
    return Visit(page.who, page.address, query=draw(_pairs(name, at_least=0 if raw else 1)), raw=raw)


@st.composite
def _form(draw, chosen: tuple[Page, int, Form]) -> Visit:
    page, number, form = chosen
    names = any_of(form.names or ("a",))
    how = any_of(("replace", "replace", "replace", "add", "drop"))
    changes = draw(st.lists(st.tuples(how, names, TEXT), min_size=1, max_size=4))
    if draw(st.integers(0, 9)) == 0:
        changes.append(("add", *draw(st.tuples(TEXT, TEXT))))
    if len(form.buttons) > 1:
        changes.append(("press", "", str(draw(st.integers(0, len(form.buttons) - 1)))))
    for name in form.files:
        if draw(st.booleans()):
            changes.append(("file", name, draw(any_of(list(FILES)))))
    query = draw(_pairs(any_of(NAMES))) if draw(st.integers(0, 9)) == 0 else ()
    return Visit(page.who, page.address, form=number, changes=tuple(changes), query=query)


def _anything(people: tuple[str, ...]) -> st.SearchStrategy[Visit]:
    """Any address of the site with anything where something varies, by any method and with any body."""
    part = st.one_of(
        any_of(("1", "0", "2025", "visite-de-la-fonderie", "fonderie")), TEXT.map(lambda t: t[:300])
    )
    routes = sorted(set(authorizations.routes(get_resolver().url_patterns)))

    @st.composite
    def drawn(draw) -> Visit:
        route = draw(any_of(routes))
        address = GROUPS.sub(lambda _: quoted(draw(part)), KINDS.sub(lambda _: quoted(draw(part)), route))
        address = re.sub(r"[\^$\\{}]", "", address).replace("[.]", ".")
        method = draw(any_of(METHODS))
        body = draw(st.one_of(TEXT, any_of(ESCAPES))) if method in ("POST", "PUT") else None
        return Visit(
            draw(any_of(people)),
            "/" + address,
            method,
            draw(_pairs(any_of(NAMES))),
            draw(RAW),
            body=body,
            content_type=draw(any_of(TYPES)),
        )

    return drawn()


@st.composite
def _json(draw) -> Visit:
    """A body of the API with something else in it, at one depth or another."""
    body = bodies.body()
    for _ in range(draw(st.integers(1, 3))):
        name, value = draw(any_of((*PROPERTIES, "nulle-part"))), draw(JSON)
        inside = body.get(name)
        if isinstance(inside, list) and inside and draw(st.booleans()):
            inside = inside[0]
        if isinstance(inside, dict) and inside and draw(st.booleans()):
            inside[draw(any_of((*inside, "fr", "en", "a")))] = value
        else:
            body[name] = value
    text = draw(any_of(DICTIONARY)) if draw(st.integers(0, 9)) == 0 else json.dumps(body)
    query = draw(_pairs(st.just("submit")))[:1]
    return of_api(draw(any_of(API)), text, query)
