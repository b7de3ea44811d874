"""The pictures of an event for social networks: its title, its date and its place, drawn by us."""

from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from events.cards import Card
from events.exports.letters import BOLD, TEXT, TITLE, drawable, font

MARGIN = 72
# The light colours of site.css.
PAPER, INK, SOFT, SIGNAL, ON_SIGNAL = "#f4efe4", "#1d1a17", "#5b5348", "#b03a0c", "#fff9f1"
BAD, LINE = "#971532", "#807565"
# Change it with the drawing: the pictures that were kept are then drawn again.
DRAWING = "2"
FLAT_COLOURS = 32
PITCH = 1.2  # from one line of a title to the next, of the size of its letters


class Layout(NamedTuple):
    """Where things stand, in pixels; with a `roof`, the date and the place stand in a workshop below it."""

    width: int
    height: int
    title_top: int
    title_size: int
    title_bottom: int
    when: int
    where: int
    rule: int
    roof: int = 0

    @property
    def inner(self) -> int:
        return self.width - 2 * MARGIN


LINK = Layout(1200, 630, 142, 96, 410, when=462, where=516, rule=566)
SQUARE = Layout(1080, 1080, 176, 124, 630, when=884, where=950, rule=1020, roof=790)
STORY = Layout(1080, 1920, 330, 152, 1230, when=1520, where=1590, rule=1850, roof=1400)


class Words(NamedTuple):
    edition: str
    title: str
    when: str
    where: str
    stamp: str

    @property
    def key(self) -> str:
        """The same for the same picture."""
        return sha256("\0".join([DRAWING, *self]).encode()).hexdigest()[:32]


def words_of(card: Card) -> Words:
    """Return what the picture says. It holds as long as the event is not changed: no « next » slot in it."""
    state = "Annulé" if card.is_cancelled else "Complet" if card.is_full else "Gratuit"
    drawn = map(drawable, (card.title, card.dates_label, card.place_label, state))
    return Words(f"Semaine de l’industrie {card.event.edition.year}", *drawn)


def draw(words: Words, layout: Layout = LINK) -> bytes:
    """Return a PNG of the layout's size."""
    image = Image.new("RGB", (layout.width, layout.height), PAPER)
    pen = ImageDraw.Draw(image)
    if layout.roof:
        _workshop(pen, layout)
    _rule(pen, layout)
    _logo(pen)
    pen.text((MARGIN + 64, 82), words.edition, INK, font(TITLE, 34), anchor="lm")
    _stamp(pen, words.stamp, layout.width)
    _said(pen, words, layout)
    file = BytesIO()
    flat = image.quantize(FLAT_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    flat.save(file, "PNG")
    return file.getvalue()


def _said(pen: ImageDraw.ImageDraw, words: Words, layout: Layout) -> None:
    """The title, the date and the place."""
    where = _fitting(words.where, TEXT, 40 if layout.roof else 36, layout.inner)
    when = _fitting(words.when[:1].upper() + words.when[1:], BOLD, 56 if layout.roof else 40, layout.inner)
    pen.text((MARGIN, layout.where), where.text, ON_SIGNAL if layout.roof else SOFT, where.font, anchor="ls")
    pen.text((MARGIN, layout.when), when.text, ON_SIGNAL if layout.roof else SIGNAL, when.font, anchor="ls")
    height = layout.title_bottom - layout.title_top
    title = _fitting(words.title, TITLE, layout.title_size, layout.inner, height, smallest=48)
    pen.multiline_text((MARGIN, layout.title_top), title.text, INK, title.font, spacing=title.font.size * 0.2)


def _workshop(pen: ImageDraw.ImageDraw, layout: Layout) -> None:
    """The roof of three bays, as on the posters, and all below it."""
    bay, rise = layout.width / 3, layout.width / 8
    points = [(0, layout.roof)]
    for number in (1, 2, 3):
        points += [(number * bay, layout.roof - rise), (number * bay, layout.roof)]
    pen.polygon([*points, (layout.width, layout.height), (0, layout.height)], SIGNAL)


def _rule(pen: ImageDraw.ImageDraw, layout: Layout) -> None:
    """The graduated rule of our pages, one long mark in five."""
    y, colour = layout.rule, ON_SIGNAL if layout.roof else LINE
    pen.line((0, y, layout.width, y), colour, 2)
    for number, x in enumerate(range(MARGIN % 24, layout.width, 24)):
        pen.line((x, y, x, y + (34 if number % 5 == 3 else 18)), colour, 2)
    pen.rectangle((MARGIN, y - 2, MARGIN + 240, y + 6), ON_SIGNAL if layout.roof else SIGNAL)


def _logo(pen: ImageDraw.ImageDraw) -> None:
    points = [(3, 35), (3, 16), (14, 6), (14, 16), (25, 6), (25, 16), (36, 6), (36, 35), (3, 35), (3, 16)]
    pen.line([(MARGIN + 1.2 * x, 56 + 1.2 * y) for x, y in points], SIGNAL, 5, joint="curve")


def _stamp(pen: ImageDraw.ImageDraw, text: str, width: int) -> None:
    face, tone = font(BOLD, 34), BAD if text == "Annulé" else INK
    left = width - MARGIN - face.getlength(text) - 48
    pen.rectangle((left, 50, width - MARGIN, 112), None if tone == INK else tone, tone, 3)
    pen.text((left + 24, 81), text, INK if tone == INK else PAPER, face, anchor="lm")


class Fitted(NamedTuple):
    text: str
    font: ImageFont.FreeTypeFont


def _fitting(text: str, path, size: int, width: int, height: int = 0, *, smallest: int = 26) -> Fitted:
    """Return the text broken into lines, one at least, in the largest font that holds it; cut where none does."""
    while True:
        face = font(path, size)
        lines = max(1, int(height / (size * PITCH)))
        broken = _broken(text, face, width)
        is_whole = max(map(face.getlength, text.split(" "))) <= width
        if (is_whole and len(broken) <= lines) or size <= smallest:
            break
        size = max(size - 4, smallest)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1][:-1].rstrip() + "…"]
    return Fitted("\n".join(broken), face)


def _broken(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if face.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line] or [""]
