"""The pictures of events: checked by what they are and not by their name, made anew, and gone with their event."""

from functools import partial
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageCms, ImageOps

from events.models import Event
from semaine.text import thousands

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
# Twice as high as wide at most once it is made small: a strip a pixel wide is no picture.
WIDEST, HIGHEST = 1600, 3200
LEAST_PIXELS = 200
FORMATS = ("JPEG", "PNG", "WEBP")
# How pixels tell colours that a profile may be about.
COLOURS = frozenset({"RGB", "RGBA", "CMYK", "L"})
NO_PICTURE = "Ce fichier n’est pas une image que nous savons lire : choisissez une photo JPEG, PNG ou WebP."
# The columns of an event without a picture.
NONE = {"image": "", "image_width": None, "image_height": None, "image_alt": "", "image_credit": ""}


class Picture(ContentFile):
    """A picture made anew, and its width and height."""

    size_in_pixels: tuple[int, int]


def cleaned(upload) -> Picture:
    """Return the picture of an upload as WebP: upright, 1 600 pixels wide at most, whole, without EXIF.

    Raises a ValidationError in French. The size is read from the header before any pixel is: a small file that
    would fill the memory (« decompression bomb ») is refused.
    """
    if upload.size > MOST_BYTES:
        weight = f"{upload.size / 1024 / 1024:.0f}"
        raise ValidationError(f"L’image pèse {weight} Mo : choisissez-en une de 8 Mo au plus.")
    try:
        with Image.open(upload, formats=FORMATS) as image:
            _check_size(*image.size)
            return _made_anew(image)
    except ValidationError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, ArithmeticError, LookupError):
        # What Pillow's readers raise over a file that is cut, forged or something else.
        raise ValidationError(NO_PICTURE) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError(_too_many("")) from None


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise ValidationError(_too_many(f" ({thousands(width)} × {thousands(height)} pixels)"))
    if min(width, height) < LEAST_PIXELS:
        raise ValidationError(
            f"L’image est trop petite ({width} × {height} pixels) : choisissez-en une de "
            f"{LEAST_PIXELS} pixels de côté au moins."
        )


def _too_many(found: str) -> str:
    return f"L’image est trop grande{found} : choisissez-en une de 40 millions de pixels au plus."


def _made_anew(image: Image.Image) -> Picture:
    # A JPEG is then read at the size that is needed, not at its own.
    image.draft("RGB", (WIDEST, HIGHEST))
    upright = ImageOps.exif_transpose(image)
    if upright.mode not in COLOURS:
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    upright.thumbnail((WIDEST, HIGHEST))
    upright = _in_common_colours(upright, image.info.get("icc_profile"))
    # Only the pixels: no EXIF, no comment, no place, no profile, which could hold anything.
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    written = BytesIO()
    bare.save(written, "WEBP", quality=82, method=4)
    picture = Picture(written.getvalue(), name=f"{uuid4().hex}.webp")
    picture.size_in_pixels = bare.size
    return picture


def _in_common_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, which every screen knows; what is no profile changes nothing."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            told = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, told, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert(mode)


def forget(name: str) -> None:
    """Delete a picture's file once the transaction is over, unless another event shows it."""
    if name:
        transaction.on_commit(partial(_delete, name))


def _delete(name: str) -> None:
    if not Event.objects.filter(image=name).exists():
        default_storage.delete(name)
