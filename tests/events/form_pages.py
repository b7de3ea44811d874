"""What the tests read in a page with a form, and what they send in one step of it."""

import re
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

import pytest
import time_machine

from events import steps
from events.enums import TermKind
from events.models import Event, Term
from semaine.models import Commune
from tests import factories
from tests.factories import NOW

SCRIPT = "<script>alert('coucou')</script>"
NEW = "/espace/evenements/nouveau/"
# What a browser sends of each step of a complete event.
STEPS = {
    "quoi": {
        "title": "Visite de l’atelier",
        "format_code": "visite",
        "summary": "Du modèle à la pièce.",
        "description": "Un parcours.\nUne heure.",
        "sector_codes": ["metallurgie"],
        "topic_codes": ["egalite"],
        "more_info_url": "https://www.example.org/atelier",
        "partners": "Lycée du lac",
        "image_alt": "",
        "image_credit": "",
    },
    "quand": {"first_day": "", "last_day": "", "from_hour": "", "to_hour": "", "weekdays": ["0", "1", "2"]},
    "ou": {
        "attendance_mode": "sur-place",
        "venue": "Halle 2",
        "address": "1 rue de l’Usine",
        "postal_code": "90000",
        "city": "Belfort",
        "online_url": "https://visio.example.org/x",
        "latitude": "",
        "longitude": "",
    },
    "qui": {
        "audience_codes": ["scolaires", "jeunes"],
        "is_free": "oui",
        "access_mode": "libre",
        "reserved_to": "collégiens",
        "registration_kind": "courriel",
        "registration_value": "contact@example.org",
        "capacity": "25",
        "expected_participants": "20",
        "is_full": "on",
        "age_min": "11",
        "age_max": "15",
        "accessibility_codes": ["mi"],
        "public_contact": "Accueil, 03 84 00 00 01",
        "contact_name": "Camille Roux",
        "contact_email": "camille@example.org",
        "contact_phone": "03 84 00 00 00",
    },
}


@pytest.fixture(autouse=True)
def _frame(db):
    """The lists of the form and two communes of one name, while submissions are open."""
    factories.edition()
    for kind, code in (
        (TermKind.FORMAT, "visite"),
        (TermKind.SECTOR, "metallurgie"),
        (TermKind.TOPIC, "egalite"),
    ):
        Term.objects.create(kind=kind, code=code, label=code)
    for code in ("90010", "59350", "93066", "97411"):
        factories.commune(code)
    Commune.objects.filter(pk="97411").update(population=150_000)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def organizer(client):
    person = factories.user()
    factories.organization(person)
    client.force_login(person)
    return person


def step_of(event, step):
    return f"/espace/evenements/{event.pk}/{step}/"


def slots(*lines, total=None):
    """The slots' part of a submission, each line a (day, start, end)."""
    data = {
        "slots-TOTAL_FORMS": str(len(lines) if total is None else total),
        "slots-INITIAL_FORMS": "0",
    }
    for number, line in enumerate(lines):
        for name, value in zip(("day", "start", "end"), line, strict=True):
            data[f"slots-{number}-{name}"] = value
    return data


def typed(step, event=None, **changes):
    """What a browser sends of a step; None leaves a field out. `event`: as it stands, so that nothing is stale."""
    data = STEPS[step] | {"save": "1"}
    data |= slots(("2025-11-20", "09:00", "11:30")) if step == "quand" else {}
    if event:
        data["base"] = base_of(event, step)
    elif step == "quoi":
        data["key"] = str(uuid4())
    data = data | changes
    return {name: value for name, value in data.items() if value is not None}


def base_of(event, step):
    """The name of what a step has stored, as its page carries it."""
    stored = Event.objects.for_steps().get(pk=event.pk)
    return steps.BY_CODE[step].form.digest(steps.contents(stored))


class FormState(HTMLParser):
    """What a browser would send back of the forms of a page: {name: [values]}."""

    def __init__(self, page):
        super().__init__()
        self.state, self._select, self._text = {}, "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, value = attrs.get("name", ""), attrs.get("value", "on" if "checked" in attrs else "")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._text = name
            self._keep(name, "")
        elif (tag == "option" and "selected" in attrs) or (
            tag == "input" and (attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs)
        ):
            self._keep(self._select if tag == "option" else name, value)

    def handle_data(self, data):
        if self._text:
            self.state[self._text][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser leaves out the newline that Django writes after <textarea>.
            self.state[self._text][-1] = self.state[self._text][-1].removeprefix("\n")
            self._text = ""

    def _keep(self, name, value):
        self.state.setdefault(name, []).append(value)


def kept(page, names):
    state = FormState(page).state
    return {name: state.get(name, []) for name in names}


def as_sent(data):
    return {name: value if isinstance(value, list) else [value] for name, value in data.items()}


def plain(found):
    """The same words with ordinary spaces: « non-breaking » ones are for the eye."""
    if isinstance(found, str):
        return found.replace("\u00a0", " ").replace("\u202f", " ")
    if isinstance(found, dict):
        return {name: plain(each) for name, each in found.items()}
    return [plain(each) for each in found]


def said_beside(page, field):
    """The errors read beside a field."""
    found = re.search(rf'<ul class="errors" id="id_{field}_error">(.*?)</ul>', page, re.DOTALL)
    return plain(unescape(each) for each in re.findall(r"</span>([^<]*)</li>", found[1])) if found else []


class ActiveContent(HTMLParser):
    """What would run in a page that our own templates did not put there."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        inert = "src" in values or values.get("type") in ("application/json", "application/ld+json")
        if tag in ("iframe", "object", "embed", "base") or (tag == "script" and not inert):
            self.found.append(tag)
        for name, value in values.items():
            scheme = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or (
                name in ("href", "src", "action", "formaction")
                and scheme.startswith(("javascript:", "vbscript:", "data:text"))
            ):
                self.found.append(f"{tag} {name}={value}")


def said(response):
    """Every message of the form and its lines, with ordinary spaces: {field: [message]}."""
    form, lines = response.context["form"], response.context["slots"]
    found = {field: plain(messages) for field, messages in form.errors.items()}
    if lines is not None:
        found |= {"slots": plain(lines.non_form_errors())} if lines.non_form_errors() else {}
        for number, errors in enumerate(lines.errors):
            found |= {f"slots-{number}-{field}": plain(messages) for field, messages in errors.items()}
    return found


def not_found(city):
    return f"Nous ne trouvons pas la commune « {city} ». Vérifiez son nom, par exemple Belfort."


def not_a_code(code):
    return f"« {code} » n’est pas un code postal : il compte 5 chiffres, par exemple 90000."


def too_long(label, found, most):
    return f"« {label} » compte {found} caractères : gardez-en {most} au plus."
