"""The pictures of events: what they are and not what they are called, made anew, and gone with their event."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events import workflow
from events.models import Event
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import plain, said, step_of, typed
from tests.factories import NOW

pytestmark = pytest.mark.django_db

_frame, organizer = form_pages._frame, form_pages.organizer
NO_PICTURE = "Ce fichier n’est pas une image que nous savons lire : choisissez une photo JPEG, PNG ou WebP."
PLACE = 0x8825  # the EXIF block that says where a photo was taken


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def event(organizer):
    return factories.draft(organizer)


def drawn(size=(2000, 1000), kind="JPEG", **options):
    buffer = BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.new(mode, size, "orange").save(buffer, kind, **options)
    return buffer.getvalue()


def bomb(width=30_000, height=30_000):
    """A PNG of a few bytes that says that it is enormous."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def send(client, event, content, name="photo.jpg", **changes):
    data = typed("quoi", event, image_alt="Une coulée", image_credit="Camille Roux", **changes)
    return client.post(step_of(event, "quoi"), data | {"image": SimpleUploadedFile(name, content)})


def stored(event):
    event.refresh_from_db()
    return Image.open(event.image.path)


@pytest.mark.parametrize(
    ("kind", "size", "kept"),
    [
        ("JPEG", (2000, 1000), (1600, 800)),
        ("PNG", (400, 600), (400, 600)),
        ("WEBP", (1600, 900), (1600, 900)),
        ("JPEG", (300, 9000), (107, 3200)),
    ],
)
def test_picture_is_made_anew_whole_and_no_wider_than_1600(client, event, kind, size, kept):
    assert send(client, event, drawn(size, kind), name="n’importe.quoi").status_code == 302
    with stored(event) as image:
        assert (image.format, image.size) == ("WEBP", kept)
    assert (event.image_width, event.image_height, event.image_alt) == (*kept, "Une coulée")
    assert event.image.name.startswith("evenements/")


def test_picture_is_turned_upright_and_loses_what_the_camera_wrote(client, event):
    exif = Image.Exif()
    exif[0x0112] = 6  # on its side
    exif[0x010F] = "Marque secrète"
    exif.get_ifd(PLACE)[1] = "N"
    send(client, event, drawn((800, 400), exif=exif.tobytes(), comment=b"secret"))
    with stored(event) as image:
        assert (image.size, dict(image.getexif()), image.info.get("xmp")) == ((400, 800), {}, None)
    with event.image.open() as file:
        assert b"secr" not in file.read()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<script>alert(1)</script>", NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NO_PICTURE),
        (drawn(kind="GIF"), NO_PICTURE),
        (drawn(kind="TIFF"), NO_PICTURE),
        (drawn()[:500], NO_PICTURE),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, NO_PICTURE),
        (
            drawn((100, 900)),
            "L’image est trop petite (100 × 900 pixels) : choisissez-en une de 200 pixels de côté au moins.",
        ),
        (
            bomb(8000, 6000),
            (
                "L’image est trop grande (8 000 × 6 000 pixels) : choisissez-en une de 40 millions de pixels "
                "au plus."
            ),
        ),
        (bomb(), "L’image est trop grande : choisissez-en une de 40 millions de pixels au plus."),
        (b"\0" * (9 * 1024 * 1024), "L’image pèse 9 Mo : choisissez-en une de 8 Mo au plus."),
    ],
    ids=["script", "svg", "gif", "tiff", "cut", "zeros", "small", "large", "bomb", "heavy"],
)
def test_what_is_no_picture_is_explained_and_nothing_is_saved(client, event, content, message):
    response = send(client, event, content, title="Tapé avec l’image")
    assert said(response) == {"image": [message]}
    assert 'value="Tapé avec l’image"' in response.content.decode()
    event.refresh_from_db()
    assert (event.image.name, event.version) == ("", 1)


def test_picture_without_words_is_refused(client, event):
    data = typed("quoi", event, image_alt=" ") | {"image": SimpleUploadedFile("x.jpg", drawn())}
    response = client.post(step_of(event, "quoi"), data)
    assert said(response) == {
        "image_alt": ["Décrivez l’image en une phrase, pour les personnes qui ne la voient pas."]
    }
    assert default_storage.exists("evenements") is False


def test_another_picture_replaces_the_file_once_it_is_saved(
    client, event, django_capture_on_commit_callbacks
):
    send(client, event, drawn())
    event.refresh_from_db()
    before = event.image.name
    with django_capture_on_commit_callbacks() as after:
        send(client, event, drawn((500, 500)))
        assert default_storage.exists(before)
    for each in after:
        each()
    event.refresh_from_db()
    assert (default_storage.exists(before), default_storage.exists(event.image.name)) == (False, True)


def test_removed_picture_takes_its_file_and_words_away(client, event, django_capture_on_commit_callbacks):
    send(client, event, drawn())
    event.refresh_from_db()
    before = event.image.name
    with django_capture_on_commit_callbacks(execute=True):
        data = typed("quoi", event, remove_image="on", image_alt="Une coulée")
        client.post(step_of(event, "quoi"), data)
    event.refresh_from_db()
    assert (event.image.name, event.image_width, event.image_alt) == ("", None, "")
    assert not default_storage.exists(before)


def test_file_that_another_event_shows_stays(client, organizer, event, django_capture_on_commit_callbacks):
    send(client, event, drawn())
    event.refresh_from_db()
    other = factories.draft(organizer)
    Event.objects.filter(pk=other.pk).update(image=event.image.name, image_alt="La même")
    with django_capture_on_commit_callbacks(execute=True):
        workflow.delete(event, by=organizer, at=NOW)
    assert default_storage.exists(event.image.name)
    other.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.delete(other, by=organizer, at=NOW)
    assert not default_storage.exists(event.image.name)


def test_picture_is_served_as_data_and_nothing_else(client, event):
    send(client, event, drawn())
    event.refresh_from_db()
    client.logout()
    response = client.get(event.image.url)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert sorted(response["Content-Security-Policy"].split("; ")) == ["default-src 'none'", "sandbox"]
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "name", ["0" * 32 + ".webp", "../../secret.webp", "x.webp", "0" * 32 + ".svg", "%2e%2e%2fsecret_key"]
)
def test_no_other_file_is_served(client, name):
    assert client.get(f"/media/evenements/{name}").status_code == 404


def test_public_page_shows_the_picture_with_its_words(client, organizer):
    texts = {
        "image_alt": "Une <coulée>",
        "image_credit": "Camille Roux",
        "image_width": 800,
        "image_height": 400,
    }
    ages = {"age_min": 11, "age_max": 15, "partners": "Lycée du lac", "public_contact": "Accueil"}
    event = factories.labelled(organizer, image="evenements/x.webp", **texts, **ages)
    page = client.get(event.get_absolute_url()).content.decode()
    image = '<img src="/media/evenements/x.webp" alt="Une &lt;coulée&gt;" width="800" height="400">'
    assert image in page
    assert "Image&nbsp;: Camille Roux" in page
    assert '<meta property="og:image" content="http://testserver/media/evenements/x.webp">' in page
    assert '"image": ["http://testserver/media/evenements/x.webp", ' in page
    assert '"typicalAgeRange": "11-15"' in page
    assert [words for words in ("De 11 à 15 ans", "Avec : Lycée du lac", "Contact : Accueil")
            if words not in plain(page.replace("&nbsp;", " "))] == []  # fmt: skip


def test_public_page_without_a_picture_has_none(client):
    page = client.get(factories.labelled().get_absolute_url()).content.decode()
    assert ("/media/" in page, "typicalAgeRange" in page, '<figure class="picture"' in page) == (False,) * 3


def test_picture_is_kept_where_the_texts_are_as_stored(client, event):
    old = typed("quoi", event)["base"]
    client.post(
        step_of(event, "quoi"), typed("quoi", event, image_alt="Une coulée", image_credit="Camille Roux")
    )
    assert send(client, event, drawn(), base=old).status_code == 302
    event.refresh_from_db()
    assert (event.image.name != "", event.image_width) == (True, 1600)


@pytest.mark.parametrize("change", [{"image_alt": ""}, {"preview": "1"}, {"base": "older", "title": "Autre"}])
def test_picture_that_is_not_saved_is_asked_again(client, event, change):
    data = typed("quoi", event, image_alt="Une coulée") | change
    upload = SimpleUploadedFile("photo.jpg", drawn())
    response = client.post(step_of(event, "quoi"), data | {"image": upload})
    assert (response.status_code, [str(each) for each in response.context["messages"]]) == (
        200,
        ["Votre image n’est pas enregistrée : choisissez-la de nouveau."],
    )
