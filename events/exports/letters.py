"""The faces that our PDFs and pictures are set in, and what of a text they can draw."""

import threading
import unicodedata
from functools import lru_cache

from django.conf import settings
from PIL import ImageFont

from semaine.text import NBSP

FONTS = settings.BASE_DIR / "static" / "vendor"
TITLE = FONTS / "bricolage-grotesque-0.4.1" / "BricolageGrotesque_700Bold.ttf"
TEXT = FONTS / "atkinson-hyperlegible-next-0.4.1" / "AtkinsonHyperlegibleNext_400Regular.ttf"
BOLD = FONTS / "atkinson-hyperlegible-next-0.4.1" / "AtkinsonHyperlegibleNext_700Bold.ttf"
# No font draws it: what it gives is what it gives for a letter that it lacks.
NO_LETTER = "\uffff"
NARROW = "\u202f"


def drawable(text: str) -> str:
    """Return the text with what our faces cannot draw left out: other alphabets, emojis, marks of direction."""
    kept = ""
    for letter in unicodedata.normalize("NFC", text):
        if letter.isspace():
            kept += NBSP if letter in (NBSP, NARROW) else " "
        elif _is_drawn(letter):
            kept += letter
        else:
            kept += "".join(filter(_is_drawn, unicodedata.normalize("NFKD", letter)))
    return " ".join(kept.replace(NBSP, "\0").split()).replace("\0", NBSP)


@lru_cache(maxsize=4096)
def _is_drawn(letter: str) -> bool:
    """Do all our faces have this letter? Control and format characters are none."""
    if unicodedata.category(letter).startswith("C"):
        return False
    return all(bytes(face.getmask(letter)) != missing for face, missing in _faces.all)


def font(path, size: int) -> ImageFont.FreeTypeFont:
    """A face of its own for each drawing: FreeType's are not to be shared between threads."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


class _Faces(threading.local):
    """Our faces, a set for each thread, each with what it draws for a letter that it lacks."""

    def __init__(self):
        faces = [font(path, 20) for path in (TITLE, TEXT, BOLD)]
        self.all = [(face, bytes(face.getmask(NO_LETTER))) for face in faces]


_faces = _Faces()
