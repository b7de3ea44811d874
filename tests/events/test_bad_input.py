"""Wrong, hostile and impossible values in the forms about an event: said in French beside the field, nothing lost."""

import re
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.enums import Status, TermKind
from events.models import Event, Term
from semaine.models import Commune, OutboxMessage
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

NEW = "/espace/evenements/nouveau/"
SCRIPT = "<script>alert('coucou')</script>"
NOT_LISTED = "« pirate » n’est pas dans la liste : choisissez-y une valeur."
NOT_A_BOX = "« pirate » n’est pas dans la liste : cochez une case."
INCOMPLETE = "Cette adresse n’est pas complète : écrivez-la comme https://www.exemple.fr/page."
NO_TITLE = "Écrivez un titre : il désigne votre événement partout."
CUT_SLOTS = "Les créneaux ne sont pas arrivés en entier : saisissez-les de nouveau, puis enregistrez."
TEXTS = {
    "title": "Visite de l’atelier",
    "summary": "Du modèle à la pièce.",
    "description": "Un parcours.\nUne heure.",
    "venue": "Halle 2",
    "address": "1 rue de l’Usine",
    "postal_code": "90000",
    "city": "Belfort",
    "online_url": "https://visio.example.org/x",
    "reserved_to": "collégiens",
    "registration_value": "contact@example.org",
    "capacity": "25",
    "contact_name": "Camille Roux",
    "contact_email": "camille@example.org",
    "contact_phone": "03 84 00 00 00",
}
CHOICES = {
    "format_code": "visite",
    "sector_codes": ["metallurgie"],
    "topic_codes": ["egalite"],
    "attendance_mode": "sur-place",
    "audience_codes": ["scolaires", "jeunes"],
    "is_free": "oui",
    "access_mode": "libre",
    "registration_kind": "courriel",
    "accessibility_codes": ["mi"],
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


def typed(**changes):
    """What a browser sends of a complete event; None leaves a field out."""
    data = TEXTS | CHOICES | slots(("2025-11-20", "09:00", "11:30"))
    data = data | {"key": str(uuid4()), "save": "1"} | changes
    return {name: value for name, value in data.items() if value is not None}


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


def too_long(label, found, most):
    return f"« {label} » compte {found} caractères : gardez-en {most} au plus."


def not_a_count(value):
    return f"Nombre de places : « {value} » n’est pas un nombre de 1 à 1 000 000, par exemple 25."


def not_found(city):
    return f"Nous ne trouvons pas la commune « {city} ». Vérifiez son nom, par exemple Belfort."


def not_a_code(code):
    return f"« {code} » n’est pas un code postal : il compte 5 chiffres, par exemple 90000."


def not_an_email(value):
    return f"« {value} » n’est pas une adresse électronique : écrivez-la comme contact@exemple.fr."


def not_a_phone(value):
    return f"« {value} » n’est pas un numéro de téléphone : écrivez-le comme 03 84 00 00 00."


REGISTRATION = "Lien, courriel ou téléphone d’inscription"
TOO_LONG_LINK = "Assurez-vous que cette valeur comporte au plus 200 caractères (actuellement 220)."
COUNTS = ("0", "-1", "2.5", "1e3", "beaucoup", "٣", "１２", "9" * 40, "1000001", "0x10")
# field: (what is typed, what is said)
WRONG = {
    "title": [
        ("", NO_TITLE),
        ("   \t ", NO_TITLE),
        ("\x07\x1b", NO_TITLE),
        ("é" * 141, too_long("Titre", 141, 140)),
        (SCRIPT * 5, too_long("Titre", 160, 140)),
    ],
    "summary": [("x" * 201, too_long("Résumé", 201, 200)), (SCRIPT * 7, too_long("Résumé", 224, 200))],
    "description": [("x" * 10_001, too_long("Description", 10_001, 10_000))],
    "venue": [("x" * 101, too_long("Nom du lieu", 101, 100))],
    "address": [("🏭" * 201, too_long("Numéro et rue", 201, 200))],
    "postal_code": [
        ("9" * 11, too_long("Code postal", 11, 10)),
        *[(code, not_a_code(code)) for code in ("9000", "900000", "٩٠٠٠٠", "<b>&", "2A004")],
    ],
    "city": [
        ("x" * 61, too_long("Commune", 61, 60)),
        *[(city, not_found(city)) for city in ("Atlantide", SCRIPT, "🏭", "%_")],
    ],
    "online_url": [
        ("https://example.org/" + "x" * 200, TOO_LONG_LINK),
        *[(url, INCOMPLETE) for url in ("javascript:alert(1)", "data:text/html,<b>", "visio", "//[")],
    ],
    "reserved_to": [("x" * 201, too_long("Réservé à", 201, 200))],
    "registration_value": [
        ("x" * 301, too_long(REGISTRATION, 301, 300)),
        *[(value, not_an_email(value)) for value in ("javascript:alert(1)", "a@b", SCRIPT)],
    ],
    "capacity": [(value, not_a_count(value)) for value in COUNTS],
    "contact_name": [("x" * 101, too_long("Nom", 101, 100))],
    "contact_email": [(value, not_an_email(value)) for value in ("camille@", "@", SCRIPT)],
    "contact_phone": [(value, not_a_phone(value)) for value in ("12 ou 13", "06", "++33384000000")],
}
ROUNDS = [
    {field: pairs[number] for field, pairs in WRONG.items() if number < len(pairs)}
    for number in range(max(map(len, WRONG.values())))
]


@pytest.mark.parametrize("faults", ROUNDS)
def test_wrong_text_is_explained_beside_its_field_and_nothing_typed_is_lost(client, organizer, faults):
    data = typed(**{field: value for field, (value, _) in faults.items()})
    response = client.post(NEW, data)
    page = response.content.decode()
    expected = {field: [message] for field, (_, message) in faults.items()}
    assert plain(response.context["form"].errors) == expected
    assert {field: said_beside(page, field) for field in faults} == expected
    names = [*TEXTS, *CHOICES, "key", "slots-0-day", "slots-0-start", "slots-0-end"]
    assert kept(page, names) == as_sent({name: data[name] for name in names})
    assert ActiveContent(page).found == []
    assert Event.objects.count() == 0


UNKNOWN_CHOICES = [
    {
        "format_code": ("pirate", NOT_LISTED),
        "attendance_mode": ("pirate", NOT_LISTED),
        "is_free": ("pirate", NOT_LISTED),
        "access_mode": ("pirate", NOT_LISTED),
        "registration_kind": ("pirate", NOT_LISTED),
        "sector_codes": (["metallurgie", "pirate"], NOT_A_BOX),
        "topic_codes": (["pirate"], NOT_A_BOX),
        "audience_codes": (["scolaires", "pirate"], NOT_A_BOX),
        "accessibility_codes": (["pirate"], NOT_A_BOX),
    },
    {
        "attendance_mode": ("", "Choisissez une réponse."),
        "audience_codes": ([SCRIPT], f"« {SCRIPT} » n’est pas dans la liste : cochez une case."),
        "sector_codes": (["\0"], "« \0 » n’est pas dans la liste : cochez une case."),
    },
    {"attendance_mode": (None, "Choisissez une réponse.")},
]


@pytest.mark.parametrize("faults", UNKNOWN_CHOICES)
def test_unknown_choice_is_named_beside_its_field(client, organizer, faults):
    response = client.post(NEW, typed(**{field: value for field, (value, _) in faults.items()}))
    page = response.content.decode()
    expected = {field: [message] for field, (_, message) in faults.items()}
    assert plain(response.context["form"].errors) == expected
    assert {field: said_beside(page, field) for field in faults} == expected
    assert kept(page, TEXTS) == as_sent(TEXTS)
    assert ActiveContent(page).found == []
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("lien", "javascript:alert(1)", INCOMPLETE),
        ("lien", "java\tscript:alert(1)", INCOMPLETE),
        ("lien", "inscription", INCOMPLETE),
        (
            "telephone",
            "demandez Camille",
            "« demandez Camille » n’est pas un numéro de téléphone : écrivez-le comme 03 84 00 00 00.",
        ),
    ],
)
def test_registration_of_another_kind_is_refused(client, organizer, kind, value, message):
    response = client.post(NEW, typed(registration_kind=kind, registration_value=value))
    assert plain(response.context["form"].errors) == {"registration_value": [message]}
    assert said_beside(response.content.decode(), "registration_value") == [message]
    assert Event.objects.count() == 0


def test_registration_link_too_long_once_completed_is_refused(client, organizer):
    value = "example.org/" + "x" * 288
    response = client.post(NEW, typed(registration_kind="lien", registration_value=value))
    message = too_long("Lien, courriel ou téléphone d’inscription", 308, 300)
    assert said_beside(response.content.decode(), "registration_value") == [message]
    assert kept(response.content.decode(), ["registration_value"]) == {"registration_value": [value]}


def test_registration_typed_without_its_kind_makes_no_link(client, organizer):
    client.post(NEW, typed(registration_kind="france-travail", registration_value="javascript:alert(1)"))
    event = Event.objects.get()
    page = client.get(f"/espace/evenements/{event.pk}/envoyer/").content.decode()
    assert ActiveContent(page).found == []
    assert "javascript:alert(1)" not in page


def test_ambiguous_commune_lists_its_namesakes(client, organizer):
    response = client.post(NEW, typed(city="Saint-Denis", postal_code=""))
    assert said_beside(response.content.decode(), "city") == [
        (
            "Plusieurs communes s’appellent « Saint-Denis » : Saint-Denis (La Réunion, 97400) ou Saint-Denis "
            "(Seine-Saint-Denis, 93200) ? Donnez le code postal de la vôtre."
        )
    ]
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "department"), [("97400", "974"), ("93200", "93"), ("93 200", "93"), ("97499", "974")]
)
def test_ambiguous_commune_is_told_apart_by_its_postal_code(client, organizer, code, department):
    client.post(NEW, typed(city="saint denis", postal_code=code))
    assert Event.objects.get().department_id == department


def test_postal_code_of_another_commune_is_kept_and_explained(client, organizer):
    response = client.post(NEW, typed(postal_code="59000"), follow=True)
    assert (Event.objects.get().commune_id, Event.objects.get().postal_code) == ("90010", "59000")
    found = response.context["findings"]
    assert [plain(finding.message) for finding in found if finding.rule == "territory"] == [
        "Le code postal 59000 désigne Lille, alors que Belfort a 90000. Corrigez l’un ou l’autre."
    ]


def test_fields_nobody_asked_for_change_nothing(client, organizer):
    stranger = factories.organization()
    extra = {
        "status": "labelled", "organization": stranger.pk, "label_number": "SI-1", "created_by": "1",
        "submitted_at": "2025-01-01", "edition": "1", "version": "7", "slug": "moi", "source": "press",
        "commune": "59350", "department": "59", "latitude": "1", "is_full": "on", "office": "1",
    }  # fmt: skip
    client.post(NEW, typed(**extra))
    event = Event.objects.get()
    assert (event.status, event.organization, event.label_number, event.created_by) == (
        Status.DRAFT,
        organizer.organizations.get(),
        None,
        organizer,
    )
    assert (event.submitted_at, event.version, event.slug, event.source) == (None, 1, "", "form")
    assert (event.commune_id, event.department_id, event.is_full, event.office) == (
        "90010",
        "90",
        False,
        None,
    )


def test_code_sent_twice_is_kept_once(client, organizer):
    client.post(NEW, typed(audience_codes=["scolaires", "scolaires"], sector_codes=["metallurgie"] * 3))
    event = Event.objects.get()
    assert (event.audience_codes, event.sector_codes) == (["scolaires"], ["metallurgie"])


def test_last_of_a_key_sent_twice_counts(client, organizer):
    client.post(NEW, typed(title=["Premier", "Second"]))
    assert Event.objects.get().title == "Second"


def test_fields_left_out_make_an_empty_draft(client, organizer):
    client.post(NEW, {"title": "Titre seul", "attendance_mode": "sur-place", "key": str(uuid4())} | slots())
    event = Event.objects.get()
    assert (event.title, event.summary, event.audience_codes, event.is_free) == ("Titre seul", "", [], None)


@pytest.mark.parametrize("key", [None, "", "abc", "\0", "9" * 400])
def test_creation_without_a_good_key_still_saves(client, organizer, key):
    client.post(NEW, typed(key=key))
    assert [event.title for event in Event.objects.all()] == [TEXTS["title"]]


BAD_DAY = "« {} » n’est pas une date : écrivez-la comme 2025-11-20."
BAD_HOUR = "« {} » n’est pas une heure : écrivez-la comme 14:30."


WRONG_LINES = [
    (("2025-02-30", "09:00", "10:00"), "day", BAD_DAY.format("2025-02-30")),
    (("demain", "09:00", "10:00"), "day", BAD_DAY.format("demain")),
    (("<b>\0", "09:00", "10:00"), "day", BAD_DAY.format("<b>\0")),
    (("9" * 60, "09:00", "10:00"), "day", BAD_DAY.format("9" * 40)),
    (("10000-01-01", "09:00", "10:00"), "day", BAD_DAY.format("10000-01-01")),
    (("0001-01-01", "00:00", "00:00"), "day", "Le 01/01/1 est trop loin : vérifiez l’année."),
    (("1899-12-31", "09:00", "10:00"), "day", "Le 31/12/1899 est trop loin : vérifiez l’année."),
    (("9999-12-31", "23:00", "00:00"), "day", "Le 31/12/9999 est trop loin : vérifiez l’année."),
    (("2025-11-20", "25:00", "10:00"), "start", BAD_HOUR.format("25:00")),
    (("2025-11-20", "<b>", "10:00"), "start", BAD_HOUR.format("<b>")),
    (("2025-11-20", "09:00", "midi"), "end", BAD_HOUR.format("midi")),
    (("2025-11-20", "09:00", ""), "end", "Fin : complétez ce créneau ou videz-le."),
    (("", "09:00", "10:00"), "day", "Jour : complétez ce créneau ou videz-le."),
    (("2025-11-20", "11:00", "10:00"), "end", "La fin (10:00) doit suivre le début (11:00) le même jour."),
    (("2025-11-20", "11:00", "11:00"), "end", "La fin (11:00) doit suivre le début (11:00) le même jour."),
]


def test_wrong_slots_are_explained_beside_their_field_and_nothing_typed_is_lost(client, organizer):
    data = typed(**slots(*[line for line, _, _ in WRONG_LINES]))
    response = client.post(NEW, data)
    page = response.content.decode()
    assert plain(response.context["slots"].errors) == [
        {field: [message]} for _, field, message in WRONG_LINES
    ]
    for number, (_, field, message) in enumerate(WRONG_LINES):
        assert said_beside(page, f"slots-{number}-{field}") == [message]
    names = [name for name in data if name.startswith("slots-") or name in TEXTS]
    assert kept(page, names) == as_sent({name: data[name] for name in names})
    assert Event.objects.count() == 0


def test_overlapping_slots_are_explained(client, organizer):
    lines = [("2025-11-20", "09:00", "11:00"), ("2025-11-20", "10:00", "12:00")]
    response = client.post(NEW, typed(**slots(*lines)))
    assert plain(response.context["slots"].non_form_errors()) == [
        "Deux créneaux se chevauchent le jeudi 20 novembre : corrigez leurs heures ou supprimez-en un."
    ]
    assert Event.objects.count() == 0


def test_too_many_slots_are_counted_and_kept(client, organizer):
    lines = [
        ("2025-11-20", f"{n // 4:02}:{n % 4 * 15:02}", f"{n // 4:02}:{n % 4 * 15 + 10:02}") for n in range(61)
    ]
    response = client.post(NEW, typed(**slots(*lines)))
    assert plain(response.context["slots"].non_form_errors()) == [
        "Un événement compte 60 créneaux au plus dans ce formulaire."
    ]
    assert kept(response.content.decode(), ["slots-60-start"]) == {"slots-60-start": ["15:00"]}
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        (("2025-03-30", "02:30", "03:15"), "spring: 2:30 does not exist, the clock goes from 2:00 to 3:00"),
        (("2025-10-26", "00:00", "00:00"), "autumn: the day lasts 25 hours"),
        (("2025-10-26", "02:10", "02:50"), "autumn: 2:10 happens twice"),
    ],
)
def test_slot_on_the_day_the_clocks_change_is_saved_or_explained(client, organizer, line, hours):
    response = client.post(NEW, typed(**slots(line)))
    explained = [] if response.status_code == 302 else response.context["slots"].total_error_count()
    assert Event.objects.count() == (0 if explained else 1), hours


def test_slots_that_overlap_only_by_the_change_of_clocks_are_explained(client, organizer):
    lines = [("2025-03-30", "02:00", "02:50"), ("2025-03-30", "03:00", "03:30")]
    response = client.post(NEW, typed(**slots(*lines)))
    assert response.context["slots"].total_error_count() > 0
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    "tampering",
    [
        {"slots-TOTAL_FORMS": None},
        {"slots-INITIAL_FORMS": None},
        {"slots-TOTAL_FORMS": "abc"},
        {"slots-TOTAL_FORMS": "9" * 5000},
        {"slots-TOTAL_FORMS": "1.5"},
    ],
)
def test_damaged_count_of_slots_is_said_in_plain_words(client, organizer, tampering):
    response = client.post(NEW, typed(**tampering))
    assert plain(response.context["slots"].non_form_errors()) == [CUT_SLOTS]
    assert kept(response.content.decode(), TEXTS) == as_sent(TEXTS)
    assert Event.objects.count() == 0


def test_count_of_slots_out_of_all_proportion_draws_seventy_at_most(client, organizer):
    response = client.post(NEW, typed(**slots(("2025-11-20", "09:00", "10:00"), total=100_000)))
    assert len(response.context["slots"].forms) == 70
    assert plain(response.context["slots"].non_form_errors()) == [
        "Un événement compte 60 créneaux au plus dans ce formulaire."
    ]


@pytest.mark.parametrize("way", ["urlencoded", "multipart"])
def test_bytes_that_are_no_utf8_are_replaced(client, organizer, way):
    key = str(uuid4())
    fields = {"title": b"A\xff\xed\xa0\x80B", "attendance_mode": b"sur-place", "key": key.encode()}
    fields |= {name: value.encode() for name, value in slots().items()}
    if way == "urlencoded":
        client.post(NEW, urlencode(fields), content_type="application/x-www-form-urlencoded")
    else:
        body, kind = multipart(fields)
        client.post(NEW, body, content_type=kind)
    assert Event.objects.get().title in ("A��B", "A����B")


def multipart(fields, charset=""):
    parts = [
        b'--coupe\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields.items()
    ]
    kind = "multipart/form-data; boundary=coupe" + (f"; charset={charset}" if charset else "")
    return b"".join(parts) + b"--coupe--\r\n", kind


def test_lone_surrogate_is_dropped_or_refused(client, organizer):
    """A charset that Python knows and no browser sends makes what UTF-8 cannot write."""
    fields = {"title": rb"A\ud800B", "attendance_mode": b"sur-place", "key": str(uuid4()).encode()}
    fields |= {name: value.encode() for name, value in slots().items()}
    body, kind = multipart(fields, charset="unicode_escape")
    response = client.generic("POST", NEW, body, content_type=kind)
    # Dropped, or read as the UTF-8 that it is, or refused.
    assert (response.status_code, [event.title for event in Event.objects.all()]) in (
        (302, ["AB"]),
        (302, [r"A\ud800B"]),
        (400, []),
    )


@pytest.mark.parametrize("way", ["multipart", "urlencoded", "thousands of fields"])
def test_enormous_body_is_refused_in_french(client, organizer, way):
    if way == "multipart":
        response = client.post(NEW, typed(description="x" * 10_000_000))
    elif way == "urlencoded":
        body = b"title=" + b"x" * 10_000_000
        response = client.post(NEW, body, content_type="application/x-www-form-urlencoded")
    else:
        response = client.post(NEW, typed(sector_codes=["metallurgie"] * 2000))
    assert response.status_code == 400
    assert re.findall("<h1>(.*?)</h1>", response.content.decode()) == [
        "Le site n’a pas compris cette demande"
    ]
    assert Event.objects.count() == 0


# Stored, then shown: what a hostile organizer writes never runs in somebody else's browser.

HOSTILE = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "'; alert(1);//",
    "</title></textarea></style><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% debug %}",
    "\u202etxt.exe\u202c \u200f\u200b🏭",
]


def hostile_event(text, **fields):
    person = factories.user()
    factories.organization(person, name=text)
    texts = {"title": text, "summary": text, "description": text, "venue": text, "address": text}
    texts |= {"reserved_to": text, "contact_name": text, "registration_kind": "lien"}
    return factories.labelled(person, registration_value="https://example.org", **texts | fields)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_runs_where_it_is_shown(client, text):
    event = hostile_event(text)
    client.force_login(event.created_by)
    own = f"/espace/evenements/{event.pk}/"
    pages = [client.get(path) for path in ("/", "/programme/", "/carte/", "/espace/", own, f"{own}annuler/")]
    pages.append(client.get(event.get_absolute_url()))
    client.force_login(factories.national())
    examination = f"/admin/events/event/{event.pk}/examiner/"
    pages += [client.get(path) for path in ("/admin/events/event/?statut=tous", examination)]
    for page in pages:
        assert ActiveContent(page.content.decode()).found == [], page.request["PATH_INFO"]
        assert escape(text) in page.content.decode() or page.request["PATH_INFO"] == "/"
        assert "1414" not in page.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_runs_in_a_mail(text):
    event = hostile_event(text)
    message = OutboxMessage.objects.filter(recipient=event.created_by.email).last()
    assert plain(message.subject) == f"Votre événement est labellisé : {text}"
    assert ActiveContent(message.html).found == []
    assert escape(text) in message.html
    assert text in message.text


@pytest.mark.parametrize(
    "description",
    [
        "[ici](javascript:alert(1))",
        "[ici](JaVaScRiPt:alert(1))",
        "[ici](data:text/html;base64,PHNjcmlwdD4=)",
        "[ici](vbscript:x)",
        "[ici](&#106;avascript:alert(1))",
        '[ici](https://example.org" onclick="alert(1))',
        "[ici](https://example.org '\" onclick=alert(1)')",
        '![x](x" onerror=alert(1))',
        "<a href=javascript:alert(1)>ici</a>",
        "<iframe src=//example.org></iframe>",
        "**<svg/onload=alert(1)>**",
        "- <style>*{display:none}</style>",
        "```\n<script>alert(1)</script>\n```",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_hostile_markdown_never_runs(client, description):
    event = factories.labelled(description=description)
    page = client.get(event.get_absolute_url()).content.decode()
    prose = re.search(r'<div class="prose">(.*?)</div>', page, re.DOTALL)[1]
    assert ActiveContent(prose).found == []
    assert set(re.findall(r"<(\w+)", prose)) <= {"p", "br", "strong", "em", "ul", "ol", "li", "a"}


def test_line_breaks_in_a_title_add_no_line_to_mails_and_calendars(client, organizer):
    client.post(NEW, typed(title="Visite\r\nBcc: x@example.org\r\nATTENDEE:y"))
    assert Event.objects.get().title == "Visite Bcc: x@example.org ATTENDEE:y"


# The other forms.


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("", "Écrivez la raison : le public et le référent la liront."),
        (" \n\t", "Écrivez la raison : le public et le référent la liront."),
        ("\x00\x07", "Écrivez la raison : le public et le référent la liront."),
        ("x" * 1001, too_long("Pourquoi l’annulez-vous ?", 1001, 1000)),
        (SCRIPT * 40, too_long("Pourquoi l’annulez-vous ?", 1280, 1000)),
    ],
)
def test_wrong_reason_to_cancel_is_explained(client, organizer, comment, message):
    event = factories.submitted(organizer)
    response = client.post(f"/espace/evenements/{event.pk}/annuler/", {"comment": comment})
    page = response.content.decode()
    assert said_beside(page, "comment") == [message]
    assert ActiveContent(page).found == []
    assert Event.objects.get().status == Status.SUBMITTED


STALE = "Cet événement a été modifié depuis que vous l’avez ouvert. Relisez-le avant de continuer."


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"decision": None}, {"decision": ["Choisissez une décision."]}),
        (
            {"decision": "submit"},
            {"decision": ["« submit » n’est pas une décision : utilisez un des boutons."]},
        ),
        (
            {"decision": SCRIPT},
            {"decision": [f"« {SCRIPT} » n’est pas une décision : utilisez un des boutons."]},
        ),
        ({"rule": "pirate"}, {"rule": ["« pirate » n’est pas une règle : choisissez dans la liste."]}),
        ({"rule": ""}, {"__all__": ["Choisissez la règle qui n’est pas respectée."]}),
        ({"comment": "  "}, {"__all__": ["Écrivez une explication : l’organisateur la lira."]}),
        (
            {"comment": "x" * 2001},
            {"comment": [too_long("Message à l’organisateur", 2001, 2000)]},
        ),
        *[
            ({"version": version}, {"__all__": [STALE]})
            for version in (None, "", "abc", "-1", "9" * 30, "9" * 5000)
        ],
        (
            {"decision": "label"},
            {"__all__": ["Confirmez que l’événement fait connaître l’industrie."]},
        ),
    ],
)
def test_wrong_decision_is_explained_and_the_message_is_kept(client, changes, errors):
    event = factories.submitted()
    client.force_login(factories.national())
    data = {"decision": "refuse", "rule": "purpose", "comment": "Précisez <b>.", "version": "1"} | changes
    data = {name: value for name, value in data.items() if value is not None}
    response = client.post(f"/admin/events/event/{event.pk}/examiner/", data)
    page = response.content.decode()
    assert plain(response.context["form"].errors) == errors
    note = re.search(r'<div class="errornote".*?</div>', page, re.DOTALL)[0]
    [message] = next(iter(errors.values()))
    assert escape(message) in plain(note)
    assert kept(page, ["comment", "version"]) == {"comment": [data["comment"]], "version": ["1"]}
    assert ActiveContent(page).found == []
    assert (Event.objects.get().status, event.decisions.count()) == (Status.SUBMITTED, 1)


def test_control_characters_in_a_decision_reach_no_mail(client):
    event = factories.submitted()
    client.force_login(factories.national())
    data = {"decision": "request_changes", "comment": "Précisez\x07 l’heure\x1b[31m.", "version": "1"}
    client.post(f"/admin/events/event/{event.pk}/examiner/", data)
    assert event.decisions.last().comment == "Précisez l’heure[31m."


# What was sent must stay complete: a referent may be reading it.


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"is_free": "non"},
            "is_free",
            "L’événement est payant. Seul un événement gratuit peut recevoir le label.",
        ),
        ({"city": "", "postal_code": ""}, "city", "Indiquez la commune et le code postal de l’événement."),
        (
            {"attendance_mode": "en-ligne", "online_url": ""},
            "online_url",
            "Donnez le lien de connexion, par exemple https://visio.example.org/visite.",
        ),
        (
            {"attendance_mode": "mixte", "online_url": ""},
            "online_url",
            "Donnez le lien de connexion, par exemple https://visio.example.org/visite.",
        ),
        (
            {"audience_codes": []},
            "audience_codes",
            "Choisissez au moins un public : scolaires, jeunes, demandeurs d’emploi…",
        ),
    ],
)
def test_sent_event_made_incomplete_is_explained_and_not_saved(client, organizer, changes, field, message):
    event = factories.submitted(organizer)
    data = typed(key=str(event.creation_key), version="1", **changes)
    response = client.post(f"/espace/evenements/{event.pk}/", data)
    page = response.content.decode()
    assert said_beside(page, field) == [message]
    assert kept(page, ["title"]) == {"title": [TEXTS["title"]]}
    event.refresh_from_db()
    assert (event.title, event.version, event.slots.count()) == ("Visite de la fonderie", 1, 1)


# Whatever is sent: saved, or an error in French beside a field.

TEXT = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["", " ", "\0", SCRIPT, "\u202e", "🏭" * 150, "x" * 500, "-1", "1e9", "Belfort", "Saint-Denis"]
    ),
)
CODE = st.one_of(
    st.sampled_from(["visite", "metallurgie", "scolaires", "mi", "sur-place", "en-ligne", "oui"]), TEXT
)
DAY = st.one_of(
    st.dates(date(1899, 1, 1), date(2201, 1, 1)).map(str),
    st.sampled_from(["2025-03-30", "2025-10-26", "1911-03-11", "0001-01-01", "20/11/2025"]),
    TEXT,
)
HOUR = st.one_of(
    st.times().map(lambda each: f"{each:%H:%M}"), st.sampled_from(["00:00", "02:30", "14 h 30"]), TEXT
)
LINE = st.fixed_dictionaries({"day": DAY, "start": HOUR, "end": HOUR})
GOOD_LINE = {"day": "2025-11-20", "start": "09:00", "end": "11:30"}
ANY = dict.fromkeys(TEXTS, TEXT) | {
    name: st.lists(CODE, max_size=3) if isinstance(value, list) else CODE for name, value in CHOICES.items()
}
ANY |= {
    "key": st.one_of(st.uuids().map(str), TEXT),
    "version": TEXT,
    "slots-TOTAL_FORMS": st.sampled_from(["0", "1", "2", "-1", "x", "71"]),
}
# A complete event with some fields replaced: half of what is sent is saved, and meets the constraints too.
CHANGES = st.lists(st.sampled_from(sorted(ANY)), max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: ANY[name] for name in names})
)


FRENCH = re.compile(
    r"[«»’éèêàçôî]|caractères|Choisissez|Saisissez|\b(est|pas|un|une|le|la|les|de|des)\b", re.IGNORECASE
)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=CHANGES, lines=st.one_of(st.just([GOOD_LINE]), st.lists(LINE, max_size=2)))
def test_any_submission_is_saved_or_explained_in_french(client, organizer, changes, lines):
    body = typed(**slots(*[tuple(line.values()) for line in lines]) | changes)
    with transaction.atomic():
        before = Event.objects.count()
        response = client.post(NEW, body)
        if response.status_code == 302:
            made = Event.objects.last()
            assert response.url == reverse("space_event", args=[made.pk])
            assert Event.objects.count() == before + 1
            return
        assert response.status_code == 200
        form, formset = response.context["form"], response.context["slots"]
        messages = [message for found in form.errors.values() for message in found]
        messages += [message for line in formset.errors for found in line.values() for message in found]
        messages += list(formset.non_form_errors())
        assert messages != []
        assert [message for message in messages if not FRENCH.search(message)] == []
        assert ActiveContent(response.content.decode()).found == []
        assert Event.objects.count() == before
