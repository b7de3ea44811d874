"""The certificate and the posters, read back by other libraries than the one that makes them."""

import re
from io import BytesIO

import pypdf
import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.core.cache import cache

from events.cards import cards
from events.enums import TermKind
from events.exports.pdf import preview
from events.kit import words
from events.kit.files import MAKERS, content_type
from events.models import Event, Term
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PDFS = ("certificat.pdf", "affiche-a4.pdf", "affiche-a3.pdf")
MILLIMETRES = {"certificat.pdf": (297, 210), "affiche-a4.pdf": (210, 297), "affiche-a3.pdf": (297, 420)}
LONGEST = 50_000  # bytes: the page says « environ 30 Ko »


@pytest.fixture(autouse=True)
def _clock():
    Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite d’entreprise")
    with time_machine.travel(NOW, tick=False):
        yield


def card_of(event):
    [card] = cards([Event.objects.for_list().select_related("office").get(pk=event.pk)], NOW)
    return card


def made(name, **fields) -> bytes:
    return MAKERS[name](card_of(factories.labelled(**fields)))


def text_of(content: bytes) -> str:
    """The words of the only page, with one space between them."""
    [page] = pypdf.PdfReader(BytesIO(content)).pages
    return " ".join(page.extract_text().replace("\u200b", "").split())


def letters(text: str) -> str:
    """The text without spaces: where a line ends, a file does not say whether one was there."""
    return re.sub(r"[\s\u200b]", "", text)


def codes_in(content: bytes) -> list[str]:
    """What a telephone reads in the picture of the page."""
    document = pypdfium2.PdfDocument(content)
    picture = document[0].render(scale=2).to_pil()
    document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("name", PDFS)
def test_pdf_is_one_tagged_french_page_of_its_size(name):
    content = made(name)
    reader = pypdf.PdfReader(BytesIO(content))
    root = reader.root_object
    [page] = reader.pages
    size = tuple(round(float(length) * 25.4 / 72) for length in page.mediabox[2:])
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("fr-FR", True, True)
    assert re.findall(r"<pdfuaid:part>(\d)</pdfuaid:part>", root["/Metadata"].get_data().decode()) == ["1"]
    assert size == MILLIMETRES[name]
    assert len(content) < LONGEST


def test_certificate_says_what_was_labelled_by_whom_and_when():
    event = factories.labelled(venue="Fonderie Martin", address="1 rue de l’Usine")
    content = MAKERS["certificat.pdf"](card_of(event))
    assert letters(text_of(content)) == letters(
        "Semaine de l’industrie 2025 du 17 au 23 novembre 2025 Certificat de label Cet événement porte le label de "
        f"la Semaine de l’industrie : Visite de la fonderie Proposé par {event.organizer_name} Fonderie Martin, "
        "1 rue de l’Usine, 90000 Belfort Jeudi 20 novembre, 9 h–11 h 30 2025 Labellisé Numéro du label "
        "SI-2025-90-0001 Accordé le 1er octobre 2025 Par Référent – France Le label peut être retiré. Vérifiez-le : "
        "testserver/label/SI-2025-90-0001 Vérifier ce label"
    )
    title = pypdf.PdfReader(BytesIO(content)).metadata.title
    assert title == "Certificat de label SI-2025-90-0001\u00a0: Visite de la fonderie"
    assert codes_in(content) == ["http://testserver/label/SI-2025-90-0001/"]


@pytest.mark.parametrize("name", ["affiche-a4.pdf", "affiche-a3.pdf"])
def test_poster_says_what_when_where_and_for_whom(name):
    event = factories.labelled(venue="Fonderie Martin", address="1 rue de l’Usine", age_min=14)
    content = MAKERS[name](card_of(event))
    assert letters(text_of(content)) == letters(
        "Semaine de l’industrie 2025 du 17 au 23 novembre 2025 Gratuit Visite d’entreprise Visite de la fonderie "
        "Du modèle à la pièce finie : les métiers de la fonderie. Jeudi 20 novembre 9 h–11 h 30 Fonderie Martin "
        "1 rue de l’Usine 90000 Belfort Pour : scolaires (collégiens, lycéens), demandeurs d’emploi. Dès 14 ans. "
        "Entrée libre. Tout savoir, s’inscrire testserver /label/SI-2025-90-0001 "
        f"{event.organizer_name} · Label SI-2025-90-0001"
    )
    assert pypdf.PdfReader(BytesIO(content)).metadata.title == "Affiche\u00a0: Visite de la fonderie"
    assert codes_in(content) == ["http://testserver/evenements/2025/visite-de-la-fonderie/"]


HOSTILE = {
    "markup": '#import "x" *gras* _penché_ $x^2$ @lien <nom> `code` // /* [a] {b} = Titre - a + b ~ #{panic()}',
    "quotes": '"\\" \' \\u{41} \\n \\\\ %s {{ title }} <script>alert(1)</script> & &amp; </text>',
    "json": '"}, "title": "autre", "x": {"',
    "one word": "W" * 140,
    "long words": "Anticonstitutionnellement" * 5,
    "no break": "Visite\u00a0" * 20,
    "many words": "a b " * 35,
    "accents": "ÉÈÀÇŒÆ Łódź Ğ ß ñ « œuvre » d’Éole – 50 €",
}


@pytest.mark.parametrize("name", PDFS)
@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_any_title_comes_out_intact_on_one_page(name, title):
    title = title[:140].strip()
    content = made(name, title=title)
    assert text_of(content).replace(" ", "").count(letters(title)) == 1
    assert pypdf.PdfReader(BytesIO(content)).metadata.title.endswith(f"\u00a0: {title}")
    assert len(codes_in(content)) == 1


def test_null_bytes_and_marks_of_direction_leave_no_trace():
    card = card_of(factories.labelled())
    card.event.title = "Visite\0 \u202eenvers\u202c \u200fde\u200e l’usine\x07"
    content = MAKERS["affiche-a4.pdf"](card)
    assert text_of(content).count("Visite envers de l’usine") == 1
    title = pypdf.PdfReader(BytesIO(content)).metadata.title
    assert title == "Affiche\u00a0: Visite envers de l’usine"


@pytest.mark.parametrize("title", ["🏭🇫🇷", "日本の工場", "מפעל"])
def test_title_that_our_faces_cannot_draw_is_replaced_on_paper_and_kept_in_the_file(title):
    content = made("affiche-a4.pdf", title=title)
    assert text_of(content).count(words.NO_TITLE) == 1
    assert pypdf.PdfReader(BytesIO(content)).metadata.title == f"Affiche\u00a0: {title}"


@pytest.mark.parametrize("name", PDFS)
@pytest.mark.parametrize("letter", ["W", "métiers "])
def test_longest_texts_stay_on_the_page_and_apart(name, letter):
    def filled(length):
        return (letter * length)[:length].strip()

    event = factories.labelled(
        title=filled(140),
        summary=filled(200),
        venue=filled(100),
        address=filled(200),
        access_mode="reserve",
        reserved_to=filled(200),
        registration_kind="courriel",
        registration_value="contact@example.org",
        slots=[factories.slot(f"2025-11-{day}", start, end) for day in (18, 19, 20) for start, end in HOURS],
    )
    Event.objects.filter(pk=event.pk).update(organizer_name=filled(120))
    document = pypdfium2.PdfDocument(MAKERS[name](card_of(event)))
    page = document[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(index) for index in range(text.count_chars())]
    (width, height), lines = (
        page.get_size(),
        {round(bottom) for _, bottom, _, top in boxes if top - bottom > 3},
    )
    document.close()
    outside = [box for box in boxes if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height]
    assert (len(boxes) > 700, outside, len(lines) > 15) == (True, [], True)


HOURS = [("09:00", "10:00"), ("11:00", "12:00"), ("14:00", "15:30")]


def test_same_event_makes_the_same_file_and_it_is_kept():
    card = card_of(factories.labelled())
    first = MAKERS["affiche-a4.pdf"](card)
    redis = cache._cache.get_client()
    [key] = redis.keys("*pdf-*")
    assert MAKERS["affiche-a4.pdf"](card) == first
    redis.delete(key)
    assert MAKERS["affiche-a4.pdf"](card) == first
    cache.set(key.decode().removeprefix(":1:"), b"gardee")
    assert MAKERS["affiche-a4.pdf"](card) == b"gardee"
    card.event.title = "Autre titre"
    assert text_of(MAKERS["affiche-a4.pdf"](card)).count("Autre titre") == 1


@pytest.mark.parametrize("name", MAKERS)
def test_each_file_is_of_the_type_that_its_name_says(name):
    start = {"application/pdf": b"%PDF-1.7", "image/png": b"\x89PNG\r\n\x1a\n"}[content_type(name)]
    assert made(name).startswith(start)


def test_preview_is_a_small_picture():
    card = card_of(factories.labelled())
    assert len(preview("poster", words.poster(card, "a4"))) < 60_000


@pytest.mark.parametrize("source", ["form", "example"])
def test_example_says_so_on_paper(source):
    content = made("affiche-a4.pdf", source=source)
    assert ("Édition de démonstration" in text_of(content)) == (source == "example")


# Words.


def slots(*days):
    return [factories.slot(*each) for each in days]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (slots(("2025-11-20",)), [("jeudi 20 novembre", "9\u00a0h–11\u00a0h\u00a030")]),
        (
            slots(("2025-11-20",), ("2025-11-20", "14:00", "16:00"), ("2025-11-21",)),
            [
                ("jeudi 20 novembre", "9\u00a0h–11\u00a0h\u00a030 et 14\u00a0h–16\u00a0h"),
                ("vendredi 21 novembre", "9\u00a0h–11\u00a0h\u00a030"),
            ],
        ),
        (
            slots(*[(f"2025-11-{day}",) for day in (17, 18, 19, 20)]),
            [("du 17 au 20 novembre", "9\u00a0h–11\u00a0h\u00a030")],
        ),
        (
            slots(*[(f"2025-11-{day}",) for day in (17, 18, 20, 21)]),
            [("4 dates, du 17 au 21 novembre", "9\u00a0h–11\u00a0h\u00a030")],
        ),
        (
            slots(*[(f"2025-11-{day}",) for day in (17, 18, 19)], ("2025-11-20", "14:00", "15:00")),
            [("du 17 au 20 novembre", words.SEE_PAGE)],
        ),
        (
            slots(*[("2025-11-20", f"{hour:02}:00", f"{hour:02}:30") for hour in (9, 10, 11, 12)]),
            [("jeudi 20 novembre", words.SEE_PAGE)],
        ),
    ],
)
def test_when_says_days_and_hours_and_many_as_a_period(given, said):
    assert words.when(card_of(factories.labelled(slots=given))) == said


def test_what_is_printed_does_not_change_as_the_days_go_by():
    event = factories.labelled(slots=slots(("2025-11-18",), ("2025-11-20",)))
    before = words.poster(card_of(event), "a4")
    with time_machine.travel("2025-11-19T12:00Z", tick=False):
        assert words.poster(card_of(event), "a4") == before


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"audience_codes": ["grand-public", "scolaires"]}, "Ouvert à tous. Entrée libre."),
        (
            {
                "audience_codes": ["etudiants"],
                "access_mode": "inscription",
                "registration_kind": "france-travail",
            },
            "Pour\u00a0: étudiants. Inscription auprès de France Travail.",
        ),
        (
            {
                "audience_codes": ["grand-public"],
                "access_mode": "inscription",
                "registration_kind": "telephone",
                "registration_value": "03 84 00 00 00",
            },
            "Ouvert à tous. Inscription par téléphone\u00a0: 03 84 00 00 00.",
        ),
        (
            {
                "audience_codes": ["grand-public"],
                "access_mode": "inscription",
                "registration_kind": "lien",
                "registration_value": "https://example.org/x",
            },
            "Ouvert à tous. Inscription par un lien.",
        ),
        (
            {"access_mode": "reserve", "reserved_to": "Les élèves du lycée Condorcet."},
            "Réservé\u00a0: Les élèves du lycée Condorcet. Sur inscription.",
        ),
    ],
)
def test_access_says_who_may_come_and_how(fields, said):
    assert words.access(card_of(factories.labelled(**fields))) == said


def test_online_event_names_its_zone_and_no_address():
    online = {"attendance_mode": "en-ligne", "online_url": "https://example.org/direct"}
    card = card_of(factories.labelled(commune_code=None, **online))
    assert words.where(card) == ["En ligne"]
    card = card_of(factories.labelled(commune_code="97411", **online | {"attendance_mode": "mixte"}))
    assert words.where(card) == ["97400 Saint-Denis", "et en ligne"]
    assert words.when(card) == [
        ("jeudi 20 novembre", "9\u00a0h–11\u00a0h\u00a030\u00a0(heure de La Réunion)")
    ]
