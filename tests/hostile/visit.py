"""One request: told in full by what was drawn for it, so that it can be made again."""

import json
import time
from dataclasses import asdict, dataclass
from urllib.parse import quote, quote_plus, urlsplit

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import Resolver404, resolve

from events import bits
from tests.hostile import forms
from tests.hostile.site import Site
from tests.hostile.values import FILES

# What these are to answer: nobody speaks for the queue here; and oEmbed wants 501 for a format that one has not.
MEANT = {("sante", 503), ("sante/pret", 503), ("oembed/", 501)}
URLENCODED = "application/x-www-form-urlencoded"
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Visit:
    """`address` with « {name} » for what the site knows; `query` and `raw` (as it is) after it.

    `form`: which form of that page is sent, with `changes` (how, field, value): « replace », « add », « drop »,
    « file » (a key of `FILES`) or « press » a button. Without a form, `body` is sent if there is one.
    """

    who: str
    address: str
    method: str = "GET"
    query: Pairs = ()
    raw: str = ""
    form: int | None = None
    changes: tuple[tuple[str, str, str], ...] = ()
    body: str | None = None
    content_type: str = URLENCODED

    def as_json(self) -> str:
        return json.dumps(
            {name: value for name, value in asdict(self).items() if value not in (None, (), "")}
        )

    @classmethod
    def from_json(cls, text: str) -> "Visit":
        told = json.loads(text)
        for name in {"query", "changes"} & told.keys():
            told[name] = tuple(map(tuple, told[name]))
        return cls(**told)


@dataclass(frozen=True)
class Answer:
    status: int
    seconds: float
    path: str
    page: str = ""
    templates: tuple[str, ...] = ()

    @property
    def route(self) -> str:
        return route_of(self.path)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes = b""
    content_type: str = URLENCODED


class Visitor:
    """Who makes visits to a site; every page with a form is read once, and its forms are kept. `slowest`: seconds."""

    def __init__(self, site: Site, slowest: float):
        self.site, self.slowest = site, slowest
        self._pages: dict[tuple[str, str], tuple[list[forms.Form], tuple[str, ...]]] = {}

    def page(self, who: str, address: str) -> tuple[Answer, list[forms.Form], tuple[str, ...]]:
        """Return what a page answers, its forms and its own parameters. What it writes stays: a session's secrets."""
        path = self._path(address)
        answer = self._send(who, Request("GET", path))
        found = forms.read(answer.page, urlsplit(path).path) if answer.page else ([], ())
        self._pages[who, address] = found
        return answer, *found

    def make(self, visit: Visit) -> Answer:
        """Send the request, and put everything back as it was."""
        request = self.request(visit)
        cache.clear()
        with transaction.atomic():
            answer = self._send(visit.who, request)
            transaction.set_rollback(True)
        if request.method != "GET":
            bits.forget()
        return answer

    def fault(self, visit: Visit) -> str:
        """Make a visit, and return what is wrong with the answer, if anything."""
        answer = self.make(visit)
        if answer.status >= 500 and (answer.route, answer.status) not in MEANT:
            return f"{answer.status} {answer.route} {visit.as_json()}"
        if answer.seconds > self.slowest and (again := self.make(visit).seconds) > self.slowest:
            return f"{answer.seconds:.1f} s, then {again:.1f} s {answer.route} {visit.as_json()}"
        return ""

    def request(self, visit: Visit) -> Request:
        path = self._path(visit.address)
        if visit.form is None:
            path = with_query(path, visit.query, visit.raw)
            return Request(
                visit.method, path, (visit.body or "").encode(errors="surrogatepass"), visit.content_type
            )
        if (visit.who, visit.address) not in self._pages:
            self.page(visit.who, visit.address)
        form = self._pages[visit.who, visit.address][0][visit.form]
        pairs, sent = filled(form, visit.changes)
        if form.method == "get":
            return Request("GET", with_query(form.action.split("?")[0], (*pairs, *visit.query), visit.raw))
        path = with_query(form.action, visit.query, visit.raw)
        if form.files:
            return Request("POST", path, multipart(pairs, sent), MULTIPART_CONTENT)
        return Request("POST", path, encoded(pairs).encode())

    def _path(self, address: str) -> str:
        return address.format(**self.site.names)

    def _send(self, who: str, request: Request) -> Answer:
        client = self.site.client(who)
        bearer = {"Authorization": f"Bearer {self.site.token}"} if request.path.startswith("/api/") else {}
        began = time.perf_counter()
        response = client.generic(
            request.method, request.path, request.body, content_type=request.content_type, headers=bearer
        )
        try:
            content, seconds = _read(response, began)
            status = response.status_code
        except Exception:  # a page that breaks while it leaves has said 200 already
            content, seconds, status = b"", 0.0, 500
        is_page = status == 200 and response.headers.get("Content-Type", "").startswith("text/html")
        templates = tuple(each.name for each in response.templates if each.name)
        page = content.decode() if is_page else ""
        return Answer(status, seconds, request.path, page, templates)


def _read(response, began: float) -> tuple[bytes, float]:
    """Return what arrives, and the longest wait for it: a file of thousands of events may take its time, not stop."""
    pieces, waits = [], []
    for piece in response:
        pieces.append(piece)
        waits.append(time.perf_counter() - began)
        began = time.perf_counter()
    return b"".join(pieces), max([*waits, time.perf_counter() - began])


def route_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).route
    except (Resolver404, ValueError):
        return ""


def with_query(path: str, query: Pairs, raw: str) -> str:
    parts = [part for part in (encoded(query), raw) if part]
    return path + ("&" if "?" in path else "?") + "&".join(parts) if parts else path


def encoded(pairs: Pairs) -> str:
    """As a browser encodes a form; what UTF-8 cannot carry is sent all the same."""
    return "&".join("=".join(quote_plus(each, errors="surrogatepass") for each in pair) for pair in pairs)


def quoted(text: str) -> str:
    """A part of an address; braces stand for names elsewhere, and no longer do here."""
    return quote(text, safe="", errors="surrogatepass")


def multipart(pairs: Pairs, sent: dict[str, str]) -> bytes:
    data = {}
    for name, value in pairs:
        data.setdefault(name.encode(errors="replace").decode(), []).append(
            value.encode(errors="surrogatepass")
        )
    for name, key in sent.items():
        file_name, content_type, content = FILES[key]
        data[name] = SimpleUploadedFile("x", content, content_type)
        data[name]._name = file_name
    return encode_multipart(BOUNDARY, data)


def filled(form: forms.Form, changes: tuple[tuple[str, str, str], ...]) -> tuple[Pairs, dict[str, str]]:
    """Return the fields of a form as changed, and the key of each file sent."""
    pairs, sent = list(form.fields), {}
    # A form is sent by a button: the first, unless another is pressed.
    pressed = [
        button for how, _, number in changes if how == "press" for button in _nth(form.buttons, number)
    ]
    pairs += pressed or form.buttons[:1]
    for how, name, value in changes:
        if how == "file":
            sent[name] = value
        if how in ("drop", "replace"):
            pairs = [pair for pair in pairs if pair[0] != name]
        if how in ("add", "replace"):
            pairs.append((name, value))
    return tuple(pairs), sent


def _nth(buttons: Pairs, number: str) -> Pairs:
    return buttons[int(number) % len(buttons) :][:1] if buttons else ()
