"""Wrong, hostile and impossible values in the steps: said in French beside the field, and nothing typed is lost."""

import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from events.enums import Status
from events.models import Event
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import (
    NEW,
    SCRIPT,
    STEPS,
    ActiveContent,
    as_sent,
    kept,
    not_a_code,
    not_found,
    plain,
    said,
    said_beside,
    slots,
    step_of,
    too_long,
    typed,
)

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer

NOT_LISTED = "« pirate » n’est pas dans la liste : choisissez-y une valeur."
NOT_A_BOX = "« pirate » n’est pas dans la liste : cochez une case."
INCOMPLETE = "Cette adresse n’est pas complète : écrivez-la comme https://www.exemple.fr/page."
NO_TITLE = "Écrivez un titre : il désigne votre événement partout."
REGISTRATION = "Lien, courriel ou téléphone d’inscription"
UNKNOWN = "Nous ne trouvons pas la commune « Nulle-part (99) »."
HALF = "Donnez la latitude et la longitude, ou aucune des deux."


@pytest.fixture
def event(organizer):
    return factories.draft(organizer)


def not_a_count(label, value, most="1 000 000"):
    return f"{label} : « {value} » n’est pas un nombre de 1 à {most}, par exemple 25."


def not_degrees(label, value, most):
    return f"{label} : « {value} » n’est pas un nombre de -{most} à {most}, par exemple 47.64."


def not_an_email(value):
    return f"« {value} » n’est pas une adresse électronique : écrivez-la comme contact@exemple.fr."


def not_a_phone(value):
    return f"« {value} » n’est pas un numéro de téléphone : écrivez-le comme 03 84 00 00 00."


LONG_LINK = "https://example.org/" + "x" * 200
COUNTS = ("0", "-1", "2.5", "1e3", "beaucoup", "٣", "１２", "9" * 40, "1000001", "0x10")
# step: {field: [(what is typed, what is said)]}
WRONG = {
    "quoi": {
        "title": [
            ("", NO_TITLE),
            ("   \t ", NO_TITLE),
            ("\x07\x1b", NO_TITLE),
            ("é" * 141, too_long("Titre", 141, 140)),
            (SCRIPT * 5, too_long("Titre", 160, 140)),
        ],
        "summary": [("x" * 201, too_long("Résumé", 201, 200)), (SCRIPT * 7, too_long("Résumé", 224, 200))],
        "description": [("x" * 10_001, too_long("Description", 10_001, 10_000))],
        "more_info_url": [
            (LONG_LINK, too_long("Page à consulter", 220, 200)),
            ("javascript:alert(1)", INCOMPLETE),
        ],
        "partners": [("x" * 301, too_long("Partenaires", 301, 300))],
        "image_credit": [("x" * 101, too_long("Auteur de l’image", 101, 100))],
    },
    "ou": {
        "venue": [("x" * 101, too_long("Nom du lieu", 101, 100))],
        "address": [("🏭" * 201, too_long("Numéro et rue", 201, 200))],
        "postal_code": [
            ("9" * 11, too_long("Code postal", 11, 10)),
            *[(code, not_a_code(code)) for code in ("9000", "900000", "٩٠٠٠٠", "<b>&", "2A004")],
        ],
        "city": [
            ("x" * 101, too_long("Commune", 101, 100)),
            *[(city, not_found(city)) for city in ("Atlantide", "🏭", "%_")],
            # What holds a bracket is read as « Belfort (90) ».
            (SCRIPT, not_found(SCRIPT).replace("par exemple Belfort", "ou écrivez son code postal, par exemple 90000")),
            ("Nulle-part (99)", f"{UNKNOWN} Vérifiez son nom, ou écrivez son code postal, par exemple 90000."),
        ],
        "online_url": [
            (LONG_LINK, too_long("Lien de connexion", 220, 200)),
            *[(url, INCOMPLETE) for url in ("javascript:alert(1)", "data:text/html,<b>", "visio", "//[")],
        ],
        "latitude": [(value, not_degrees("Latitude", value, 90)) for value in ("ici", "91", "NaN", "1e3", "٣")],
        "longitude": [(value, not_degrees("Longitude", value, 180)) for value in ("<b>", "-181", "inf", "--1")],
    },
    "qui": {
        "reserved_to": [("x" * 201, too_long("Réservé à", 201, 200))],
        "registration_value": [
            ("x" * 301, too_long(REGISTRATION, 301, 300)),
            *[(value, not_an_email(value)) for value in ("javascript:alert(1)", "a@b", SCRIPT)],
        ],
        "capacity": [(value, not_a_count("Nombre de places", value)) for value in COUNTS],
        "expected_participants": [(value, not_a_count("Participants attendus", value)) for value in COUNTS],
        "age_min": [(value, not_a_count("Âge minimum", value, 120)) for value in ("0", "121", "dix")],
        "public_contact": [("x" * 201, too_long("Contact pour le public", 201, 200))],
        "contact_name": [("x" * 101, too_long("Nom", 101, 100))],
        "contact_email": [(value, not_an_email(value)) for value in ("camille@", "@", SCRIPT)],
        "contact_phone": [(value, not_a_phone(value)) for value in ("12 ou 13", "06", "++33384000000")],
    },
}  # fmt: skip
ROUNDS = [
    (step, {field: pairs[number] for field, pairs in fields.items() if number < len(pairs)})
    for step, fields in WRONG.items()
    for number in range(max(map(len, fields.values())))
]


@pytest.mark.parametrize(("step", "faults"), ROUNDS)
def test_wrong_text_is_explained_beside_its_field_and_nothing_typed_is_lost(client, event, step, faults):
    data = typed(step, event, **{field: value for field, (value, _) in faults.items()})
    response = client.post(step_of(event, step), data)
    page = response.content.decode()
    expected = {field: [message] for field, (_, message) in faults.items()}
    assert said(response) == expected
    assert {field: said_beside(page, field) for field in faults} == expected
    assert kept(page, STEPS[step]) == as_sent({name: data[name] for name in STEPS[step]})
    assert "<title>Erreur&nbsp;: " in page
    assert ActiveContent(page).found == []
    event.refresh_from_db()
    assert event.version == 1


UNKNOWN_CHOICES = [
    (
        "quoi",
        {
            "format_code": ("pirate", NOT_LISTED),
            "sector_codes": (["metallurgie", "pirate"], NOT_A_BOX),
            "topic_codes": (["\0"], "« \0 » n’est pas dans la liste : cochez une case."),
        },
    ),
    ("ou", {"attendance_mode": ("pirate", NOT_LISTED)}),
    ("ou", {"attendance_mode": ("", "Choisissez une réponse.")}),
    ("ou", {"attendance_mode": (None, "Choisissez une réponse.")}),
    (
        "qui",
        {
            "is_free": ("pirate", NOT_LISTED),
            "access_mode": ("pirate", NOT_LISTED),
            "registration_kind": ("pirate", NOT_LISTED),
            "audience_codes": ([SCRIPT], f"« {SCRIPT} » n’est pas dans la liste : cochez une case."),
            "accessibility_codes": (["pirate"], NOT_A_BOX),
        },
    ),
]


@pytest.mark.parametrize(("step", "faults"), UNKNOWN_CHOICES)
def test_unknown_choice_is_named_beside_its_field(client, event, step, faults):
    data = typed(step, event, **{field: value for field, (value, _) in faults.items()})
    response = client.post(step_of(event, step), data)
    page = response.content.decode()
    expected = {field: [message] for field, (_, message) in faults.items()}
    assert said(response) == expected
    assert {field: said_beside(page, field) for field in faults} == expected
    assert ActiveContent(page).found == []


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("lien", "javascript:alert(1)", INCOMPLETE),
        ("lien", "java\tscript:alert(1)", INCOMPLETE),
        ("lien", "inscription", INCOMPLETE),
        ("telephone", "demandez Camille", not_a_phone("demandez Camille")),
        ("lien", "example.org/" + "x" * 288, too_long(REGISTRATION, 308, 300)),
    ],
)
def test_registration_of_another_kind_is_refused(client, event, kind, value, message):
    data = typed("qui", event, registration_kind=kind, registration_value=value)
    response = client.post(step_of(event, "qui"), data)
    assert said(response) == {"registration_value": [message]}
    assert kept(response.content.decode(), ["registration_value"]) == {"registration_value": [value]}


def test_registration_typed_without_its_kind_makes_no_link(client, event):
    data = typed("qui", event, registration_kind="france-travail", registration_value="javascript:alert(1)")
    client.post(step_of(event, "qui"), data)
    page = client.get(step_of(event, "envoyer")).content.decode()
    assert ActiveContent(page).found == []
    assert "javascript:alert(1)" not in page


def test_ages_upside_down_are_explained(client, event):
    response = client.post(step_of(event, "qui"), typed("qui", event, age_min="18", age_max="12"))
    assert said(response) == {
        "age_max": ["Âge maximum : 12 ans est moins que l’âge minimum (18 ans). Corrigez l’un des deux."]
    }


@pytest.mark.parametrize(("latitude", "longitude"), [("47.64", ""), ("", "6.86")])
def test_half_a_point_is_explained(client, event, latitude, longitude):
    data = typed("ou", event, latitude=latitude, longitude=longitude)
    assert said(client.post(step_of(event, "ou"), data)) == {"longitude": [HALF]}


def test_ambiguous_commune_lists_its_namesakes(client, event):
    response = client.post(step_of(event, "ou"), typed("ou", event, city="Saint-Denis", postal_code=""))
    assert said_beside(response.content.decode(), "city") == [
        (
            "Plusieurs communes s’appellent « Saint-Denis » : Saint-Denis (La Réunion, 97400) ou Saint-Denis "
            "(Seine-Saint-Denis, 93200) ? Donnez le code postal de la vôtre."
        )
    ]


@pytest.mark.parametrize(
    ("code", "department"), [("97400", "974"), ("93200", "93"), ("93 200", "93"), ("97499", "974")]
)
def test_ambiguous_commune_is_told_apart_by_its_postal_code(client, event, code, department):
    client.post(step_of(event, "ou"), typed("ou", event, city="saint denis", postal_code=code))
    event.refresh_from_db()
    assert event.department_id == department


def test_postal_code_of_another_commune_is_kept_and_explained(client, event):
    response = client.post(step_of(event, "ou"), typed("ou", event, postal_code="59000"), follow=True)
    event.refresh_from_db()
    assert (event.commune_id, event.postal_code) == ("90010", "59000")
    [message] = [each.message for each in response.context["verdict"].failed if each.rule == "territory"]
    assert plain(message) == (
        "Le code postal 59000 désigne Lille, alors que Belfort a 90000. Corrigez l’un ou l’autre."
    )
    link = f'<a href="{step_of(event, "ou")}#id_postal_code">Corriger'
    assert link in response.content.decode()


def test_fields_nobody_asked_for_change_nothing(client, organizer):
    stranger = factories.organization()
    extra = {
        "status": "labelled", "organization": stranger.pk, "label_number": "SI-1", "created_by": "1",
        "submitted_at": "2025-01-01", "edition": "1", "version": "7", "slug": "moi", "source": "press",
        "commune": "59350", "department": "59", "latitude": "1", "is_full": "on", "office": "1",
        "image": "evenements/x.webp", "image_width": "1", "point_source": "ban", "uid": str(uuid4()),
    }  # fmt: skip
    client.post(NEW, typed("quoi", **extra))
    event = Event.objects.get()
    found = (event.status, event.organization, event.label_number, event.created_by, event.image.name)
    assert found == (Status.DRAFT, organizer.organizations.get(), None, organizer, "")
    assert (event.submitted_at, event.version, event.slug, event.source) == (None, 1, "", "form")
    assert (event.commune_id, event.is_full, event.office, event.latitude) == (None, False, None, None)


def test_code_sent_twice_is_kept_once(client, event):
    client.post(step_of(event, "quoi"), typed("quoi", event, sector_codes=["metallurgie"] * 3))
    client.post(step_of(event, "qui"), typed("qui", event, audience_codes=["scolaires", "scolaires"]))
    event.refresh_from_db()
    assert (event.audience_codes, event.sector_codes) == (["scolaires"], ["metallurgie"])


def test_title_alone_makes_a_draft(client, organizer):
    client.post(NEW, {"title": "Titre seul", "key": str(uuid4())})
    event = Event.objects.get()
    assert (event.title, event.summary, event.audience_codes, event.is_free) == ("Titre seul", "", [], None)
    assert (event.contact_name, event.contact_email) == (organizer.name, organizer.email)


@pytest.mark.parametrize("key", [None, "", "abc", "\0", "9" * 400])
def test_creation_without_a_good_key_still_saves(client, organizer, key):
    client.post(NEW, typed("quoi", key=key))
    assert [event.title for event in Event.objects.all()] == ["Visite de l’atelier"]


@pytest.mark.parametrize("way", ["urlencoded", "multipart"])
def test_bytes_that_are_no_utf8_are_replaced(client, organizer, way):
    fields = {"title": b"A\xff\xed\xa0\x80B", "key": str(uuid4()).encode()}
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
    body, kind = multipart({"title": rb"A\ud800B", "key": str(uuid4()).encode()}, charset="unicode_escape")
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
        response = client.post(NEW, typed("quoi", description="x" * 10_000_000))
    elif way == "urlencoded":
        body = b"title=" + b"x" * 10_000_000
        response = client.post(NEW, body, content_type="application/x-www-form-urlencoded")
    else:
        response = client.post(NEW, typed("quoi", sector_codes=["metallurgie"] * 2000))
    assert response.status_code == 400
    assert re.findall("<h1>(.*?)</h1>", response.content.decode()) == [
        "Le site n’a pas compris cette demande"
    ]
    assert Event.objects.count() == 0


# What was sent must stay complete: a referent may be reading it.


@pytest.mark.parametrize(
    ("step", "changes", "field", "message"),
    [
        (
            "qui",
            {"is_free": "non"},
            "is_free",
            "L’événement est payant. Seul un événement gratuit peut recevoir le label.",
        ),
        (
            "ou",
            {"city": "", "postal_code": ""},
            "city",
            "Indiquez la commune et le code postal de l’événement.",
        ),
        (
            "ou",
            {"attendance_mode": "en-ligne", "online_url": ""},
            "online_url",
            "Donnez le lien de connexion, par exemple https://visio.example.org/visite.",
        ),
        (
            "qui",
            {"audience_codes": []},
            "audience_codes",
            "Choisissez au moins un public : scolaires, jeunes, demandeurs d’emploi…",
        ),
        ("quoi", {"summary": ""}, "summary", "Il manque un résumé."),
    ],
)
def test_sent_event_made_incomplete_is_explained_and_not_saved(
    client, organizer, step, changes, field, message
):
    event = factories.submitted(organizer)
    response = client.post(step_of(event, step), typed(step, event, **changes))
    page = response.content.decode()
    assert said_beside(page, field) == [message]
    event.refresh_from_db()
    assert (event.title, event.version, event.slots.count()) == ("Visite de la fonderie", 1, 1)


def test_sent_event_without_any_slot_is_explained_and_not_saved(client, organizer):
    event = factories.submitted(organizer)
    response = client.post(step_of(event, "quand"), typed("quand", event, **slots(total=0)))
    assert plain(response.context["form"].non_field_errors()) == [
        "Un événement envoyé doit rester complet.",
        "Ajoutez au moins un créneau, du 2 novembre au 7 décembre 2025.",
    ]
    assert event.slots.count() == 1
