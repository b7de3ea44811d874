"""The whole site as read once: its pages with their forms, the templates and the addresses that were met."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve

from events.api.bodies import EVENT
from semaine import public_pages
from tests.events.api import bodies
from tests.hostile.addresses import everywhere
from tests.hostile.forms import Form
from tests.hostile.values import DICTIONARY, FILES
from tests.hostile.visit import Visit, Visitor, route_of

# What a program may send an event to.
API = ("/api/v1/events/validate", "/api/v1/organizations/{home}/events/ext/agenda/12")
PROPERTIES = tuple(EVENT["properties"])


@dataclass(frozen=True)
class Page:
    """A page that somebody may read: its own parameters, and those of its forms that no page before it has."""

    who: str
    address: str
    parameters: tuple[str, ...]
    forms: tuple[tuple[int, Form], ...]


@dataclass(frozen=True)
class Seen:
    """`opened`: the routes of the pages that opened; `sent_to`: those that the forms are sent to."""

    pages: list[Page]
    templates: frozenset[str]
    opened: frozenset[str]
    sent_to: frozenset[str]

    @property
    def forms(self) -> list[tuple[Page, int, Form]]:
        return [(page, number, form) for page in self.pages for number, form in page.forms]


def read(visitor: Visitor) -> Seen:
    pages, known, templates, opened, sent_to = [], set(), set(), set(), set()
    for who, address in everywhere():
        answer, found, parameters = visitor.page(who, address)
        parameters = tuple(dict.fromkeys((*asked(address), *parameters, *declared(answer.path))))
        own = []
        for number, form in enumerate(found):
            sent_to.add(route_of(form.action))
            if (name := (who, form.action, form.method, form.names)) not in known:
                known.add(name)
                own.append((number, form))
        pages.append(Page(who, address, parameters, tuple(own)))
        templates.update(answer.templates)
        if answer.status == 200:
            opened.add(answer.route)
    return Seen(pages, frozenset(templates), frozenset(opened), frozenset(sent_to))


def asked(address: str) -> list[str]:
    return [name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)]


def declared(path: str) -> tuple[str, ...]:
    """Return the parameters that a public page says it reads: no other reaches its view."""
    try:
        view = resolve(urlsplit(path).path).func
    except Resolver404:
        return ()
    while view and view not in public_pages._parameters:
        view = getattr(view, "__wrapped__", None)
    return public_pages._parameters.get(view, ())


def field_by_field(seen: Seen, number: int = 0) -> Iterator[Visit]:
    """One visit for each field of each form, each parameter of each page, and each property of an event of the API.

    `number`: the place in the dictionary from which values are taken.
    """
    for page, index, form in seen.forms:
        for name in form.names:
            number += 1
            change = ("replace", name, DICTIONARY[number % len(DICTIONARY)])
            if name in form.files:
                change = ("file", name, list(FILES)[number % len(FILES)])
            yield Visit(page.who, page.address, form=index, changes=(change,))
    for page in seen.pages:
        for name in page.parameters:
            number += 1
            yield Visit(page.who, page.address, query=((name, DICTIONARY[number % len(DICTIONARY)]),))
    for address in API:
        for name in PROPERTIES:
            number += 1
            yield of_api(address, json.dumps(bodies.body(**{name: DICTIONARY[number % len(DICTIONARY)]})))


def of_api(address: str, text: str, query: tuple = ()) -> Visit:
    method = "POST" if address == API[0] else "PUT"
    return Visit("visitor", address, method, query, body=text, content_type="application/json")


def form_by_form(seen: Seen, first: int = 0) -> Iterator[Visit]:
    """One visit for each form, every field being hostile."""
    for number, (page, index, form) in enumerate(seen.forms, first):
        change = [
            ("replace", name, DICTIONARY[(number * 7 + place) % len(DICTIONARY)])
            for place, name in enumerate(form.names)
            if name not in form.files
        ]
        yield Visit(page.who, page.address, form=index, changes=tuple(change))
