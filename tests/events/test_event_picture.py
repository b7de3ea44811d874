"""The picture of an event that social networks show."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from PIL import Image, ImageChops

from events import workflow
from events.cards import cards
from events.exports import picture
from events.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 2, 8, tzinfo=UTC)
MOST = 60_000  # bytes


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def address(event) -> str:
    return f"{event.get_absolute_url()[:-1]}.png"


def words_of(event, at=NOW) -> picture.Words:
    return picture.words_of(cards([Event.objects.for_list().get(pk=event.pk)], at)[0])


def test_picture_is_small_and_of_the_size_that_networks_ask(client):
    answer = client.get(address(factories.labelled()))
    image = Image.open(BytesIO(answer.content))
    assert (answer["Content-Type"], image.format, image.size) == ("image/png", "PNG", (1200, 630))
    assert len(answer.content) < MOST
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate, s-maxage=1"


def test_picture_says_what_when_and_where():
    event = factories.labelled(commune_code="97411")
    assert words_of(event) == (
        "Semaine de l’industrie 2025",
        "Visite de la fonderie",
        "jeudi 20 novembre 2025, 9\u00a0h–11\u00a0h\u00a030\u00a0(heure de La Réunion)",
        "Saint-Denis (La Réunion)",
        "Gratuit",
    )


@pytest.mark.parametrize(
    ("slots", "when"),
    [
        ([("2025-11-17",), ("2025-11-21",)], "du 17 au 21 novembre 2025"),
        ([("2025-11-20",), ("2025-11-20", "14:00", "15:00")], "jeudi 20 novembre 2025"),
    ],
)
def test_picture_of_several_slots_names_their_days(slots, when):
    event = factories.labelled(slots=[factories.slot(*each) for each in slots])
    assert words_of(event).when == when


def test_picture_says_annule_and_complet():
    event = factories.labelled(is_full=True)
    assert words_of(event).stamp == "Complet"
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    assert words_of(event).stamp == "Annulé"


def test_picture_changes_with_its_event_and_not_with_the_day(client):
    event = factories.labelled()
    first = client.get(address(event))
    assert words_of(event, datetime(2026, 3, 1, tzinfo=UTC)).key == words_of(event).key
    workflow.cancel(event, by=event.created_by, at=NOW, comment="Travaux.")
    second = client.get(address(event))
    assert (first["ETag"] == second["ETag"], first.content == second.content) == (False, False)


def test_picture_is_drawn_once(client, django_assert_num_queries):
    event = factories.labelled()
    path, words = address(event), words_of(event)
    first = client.get(path)
    assert first.content == picture.draw(words)
    cache.set(f"picture-{words.key}", b"gardee")
    with django_assert_num_queries(3):
        assert client.get(path).content == b"gardee"
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_pictures_of_other_events_are_not_found(client):
    gone = workflow.withdraw(factories.labelled(), by=factories.national(), at=NOW, comment="Payante.")
    factories.submitted(title="Envoyée")
    found = [
        client.get(f"/evenements/2025/{slug}.png").status_code
        for slug in (gone.slug, "envoyee", "nulle-part")
    ]
    assert found == [404, 404, 404]


@pytest.mark.parametrize(
    "title",
    [
        "Anticonstitutionnellement" * 5,
        "Découverte des métiers de la maintenance " * 3,
        "🏭🇫🇷 日本 \u202eenvers\u202c \u200b",
        "\u0301" * 20,
        "Ω",
        "Œuvre d’Éole à Łódź",
    ],
)
def test_any_title_is_drawn(title):
    event = factories.labelled(title=title)
    assert len(picture.draw(words_of(event))) < MOST


def test_letters_that_the_fonts_lack_are_left_out():
    event = factories.labelled(title="🏭 Œuvre d’Éole, à Brno\u202e et Ča va 日本")
    assert words_of(event).title == "Œuvre d’Éole, à Brno et Ča va"


@pytest.mark.parametrize("layout", [picture.LINK, picture.SQUARE, picture.STORY])
@pytest.mark.parametrize("title", ["Visite", "Découverte des métiers de la maintenance " * 3, "W" * 140, ""])
def test_title_stands_between_the_head_and_the_date_in_each_layout(layout, title):
    words = picture.Words("Semaine de l’industrie 2025", title, "jeudi 20 novembre", "Belfort", "Gratuit")
    drawn = Image.open(BytesIO(picture.draw(words, layout))).convert("RGB")
    bare = Image.open(BytesIO(picture.draw(words._replace(title=""), layout))).convert("RGB")
    # Flattening moves each colour a little; a letter moves it a lot.
    changed = ImageChops.difference(drawn, bare).convert("L").point(lambda tone: 255 * (tone > 60))
    assert drawn.size == (layout.width, layout.height)
    if not title:
        assert changed.getbbox() is None
        return
    left, top, right, bottom = changed.getbbox()
    assert (left >= picture.MARGIN - 10, right <= layout.width - picture.MARGIN) == (True, True)
    assert (top > layout.title_top, bottom < layout.title_bottom + 10) == (True, True)
