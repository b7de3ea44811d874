"""PDFs by typst, from the drawings in templates/pdf/: tagged for accessibility (PDF/UA-1), in French.

What is said goes in as JSON and is drawn as text. The same contents make the same file, byte for byte.
"""

import json
import re
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import segno
import typst
from django.conf import settings
from django.core.cache import cache

from events.exports.letters import BOLD, TEXT, TITLE

DRAWINGS = settings.BASE_DIR / "templates" / "pdf"
FONTS = typst.Fonts(
    include_system_fonts=False,
    include_embedded_fonts=False,
    font_paths=sorted({str(face.parent) for face in (TITLE, TEXT, BOLD)}),
)
KEPT = 3600  # seconds
PREVIEW_PPI = 48
QUIET = 4  # modules around a QR code
MASK = 2


def pdf(drawing: str, data: dict, *, at: datetime) -> bytes:
    """Return a PDF dated `at`; one that was made of the same drawing and data is taken from the cache."""
    return _kept(drawing, data, format="pdf", pdf_standards="ua-1", timestamp=int(at.timestamp()))


def preview(drawing: str, data: dict) -> bytes:
    """Return a small PNG of the same drawing."""
    return _kept(drawing, data, format="png", ppi=PREVIEW_PPI)


def _kept(drawing: str, data: dict, **options) -> bytes:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    sources = [(DRAWINGS / name).read_text() for name in (f"{drawing}.typ", "look.typ")]
    key = sha256("\0".join([*sources, text, str(options)]).encode()).hexdigest()
    return cache.get_or_set(f"pdf-{key}", lambda: _made(drawing, text, **options), KEPT)


def _made(drawing: str, text: str, **options) -> bytes:
    return typst.compile(
        str(DRAWINGS / f"{drawing}.typ"),
        root=str(DRAWINGS.parent),
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"data": text},
        **options,
    )


def qr_code(url: str) -> str:
    """Return a QR code as SVG, with the quiet zone that readers need."""
    file = BytesIO()
    segno.make(url, micro=False, error="m").save(file, "svg", border=4, omitsize=True, xmldecl=False)
    return file.getvalue().decode()


def quick_qr_code(url: str) -> str:
    """Return the same where there are hundreds: with one mask for all, it is made five times as fast."""
    rows = segno.make(url, micro=False, error="m", mask=MASK).matrix
    size = len(rows) + 2 * QUIET
    path = "".join(
        f"M{run.start() + QUIET} {y + QUIET}.5h{len(run[0])}"
        for y, row in enumerate(rows)
        for run in re.finditer(rb"\x01+", bytes(row))
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path stroke="#000" d="{path}"/></svg>'
