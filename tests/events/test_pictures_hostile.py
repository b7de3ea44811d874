"""Pictures that mean harm: what comes out holds pixels and nothing else, or a sentence says what to choose instead."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

from events import pictures

SECRET = b"<script>alert('pirate')</script>"
SIZE = (640, 480)


def drawn(kind, mode="RGB", size=SIZE, **options) -> bytes:
    file = BytesIO()
    Image.new(mode, size, 128 if mode in ("L", "P", "I;16") else None).save(file, kind, **options)
    return file.getvalue()


def archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as box:
        box.writestr("pirate.html", SECRET)
    return file.getvalue()


def with_comment() -> bytes:
    return drawn("JPEG", comment=SECRET)


def with_camera() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x8298] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.0)
    return drawn("JPEG", exif=exif.tobytes(), xmp=SECRET)


def with_texts() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET.decode())
    told.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    return drawn("PNG", pnginfo=told)


def with_profile() -> bytes:
    """Colours described by a profile that says something else besides."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return drawn("JPEG", icc_profile=profile + SECRET * 100)


def with_no_profile() -> bytes:
    return drawn("PNG", icc_profile=SECRET)


def animated() -> bytes:
    more = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    return drawn("WEBP", save_all=True, append_images=more, duration=10)


def with_many_chunks() -> bytes:
    """A PNG with a text of forty megabytes once it is inflated, before its pixels."""
    whole = drawn("PNG")
    text = b"Comment\0\0" + zlib.compress(b"A" * 40_000_000)
    chunk = b"zTXt" + text
    return (
        whole[:33] + struct.pack(">I", len(text)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + whole[33:]
    )


READ = {
    "jpeg that is a page too": lambda: drawn("JPEG") + SECRET,
    "jpeg that is an archive too": lambda: drawn("JPEG") + archive(),
    "png that is an archive too": lambda: drawn("PNG") + archive(),
    "webp that is a page too": lambda: drawn("WEBP") + SECRET,
    "comment": with_comment,
    "camera": with_camera,
    "texts": with_texts,
    "profile": with_profile,
    "no profile": with_no_profile,
    "animated": animated,
    "cmyk": lambda: drawn("JPEG", "CMYK"),
    "grey": lambda: drawn("JPEG", "L"),
    "palette": lambda: drawn("PNG", "P"),
    "sixteen bits": lambda: drawn("PNG", "I;16"),
    "transparent": lambda: drawn("PNG", "RGBA"),
}
REFUSED = {
    "nothing": lambda: b"",
    "page": lambda: SECRET,
    "drawing with a script": lambda: (
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>" + SECRET + b"</svg>"
    ),
    "gif that is a script too": lambda: b"GIF89a/*" + SECRET + b"*/=1;",
    "archive": archive,
    "only a head": lambda: drawn("PNG")[:60],
    "cut in the pixels": lambda: drawn("WEBP")[:200],
    "text that fills the memory": with_many_chunks,
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 640 480\n",
    "icon": lambda: drawn("ICO", size=(256, 256)),
}


def cleaned(content: bytes, name="photo.jpg") -> bytes:
    return pictures.cleaned(SimpleUploadedFile(name, content)).read()


@pytest.mark.parametrize("name", READ)
def test_what_comes_out_holds_pixels_and_nothing_else(name):
    made = cleaned(READ[name]())
    with Image.open(BytesIO(made)) as image:
        image.load()
        told = {key for key in image.info if key not in ("background", "loop", "duration", "timestamp")}
        assert (image.format, image.size, image.n_frames, told) == ("WEBP", SIZE, 1, set())
    # A container of a length that its first bytes say, with nothing behind it.
    assert struct.unpack("<I", made[4:8])[0] + 8 == len(made)
    assert b"pirate" not in made


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_what_to_choose(name):
    with pytest.raises(ValidationError) as refused:
        cleaned(REFUSED[name]())
    assert refused.value.messages == [pictures.NO_PICTURE]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\0b.jpg", "photo\u202egpj.exe", ".htaccess", "x" * 300, ""]
)
def test_name_of_the_sender_is_not_kept(name):
    upload = SimpleUploadedFile("photo.jpg", drawn("JPEG"))
    upload._name = name
    made = pictures.cleaned(upload)
    assert (len(made.name), made.name[-5:], set(made.name[:-5]) <= set("0123456789abcdef")) == (
        37,
        ".webp",
        True,
    )


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_usual_profile_changes_no_colour_and_a_wrong_one_neither(mode):
    colours = []
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (
        b"",
        usual,
        b"no profile",
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ):
        made = Image.open(BytesIO(cleaned(drawn("PNG", mode, icc_profile=profile))))
        colours.append(made.convert("RGB").getpixel((9, 9)))
    assert max(abs(one - first) for each in colours for one, first in zip(each, colours[0], strict=True)) <= 2


def test_profile_is_applied_before_it_goes():
    """Printers' colours, as a profile tells them, are not those that a bare formula gives."""
    image = Image.new("RGB", SIZE, (200, 40, 40))
    swapped = Image.merge("RGB", image.split()[::-1])
    file = BytesIO()
    swapped.save(file, "PNG", icc_profile=_swapped_profile())
    red, _, blue = Image.open(BytesIO(cleaned(file.getvalue()))).convert("RGB").getpixel((9, 9))
    assert red > 150 > 100 > blue


def _swapped_profile() -> bytes:
    """The usual profile with its red and its blue exchanged."""
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return usual.replace(b"rXYZ", b"tmpX").replace(b"bXYZ", b"rXYZ").replace(b"tmpX", b"bXYZ")
