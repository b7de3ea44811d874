"""The picture that social networks show beside a link to an event: its title, its date and its place, drawn by us."""

import unicodedata
from hashlib import sha256
from io import BytesIO
from typing import NamedTuple

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from events.cards import Card
from semaine.dates import day_words, hour_words, local, period_words, zone_words
from semaine.text import NBSP

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 72
FONTS = settings.BASE_DIR / "static" / "vendor"
TITLE = FONTS / "bricolage-grotesque-5.3.0" / "bricolage-grotesque-latin-700-normal.woff2"
TEXT = FONTS / "atkinson-hyperlegible-next-5.3.0" / "atkinson-hyperlegible-next-latin-400-normal.woff2"
BOLD = FONTS / "atkinson-hyperlegible-next-5.3.0" / "atkinson-hyperlegible-next-latin-700-normal.woff2"
# The light colours of site.css.
PAPER, INK, SOFT, SIGNAL, BAD, LINE = "#f4efe4", "#1d1a17", "#5b5348", "#b03a0c", "#971532", "#807565"
# What the fonts draw beyond Latin-1.
ALSO_DRAWN = set("ŒœŸ‘’“”–—…€")
# Change it with the drawing: the pictures that were kept are then drawn again.
DRAWING = "1"
FLAT_COLOURS = 32


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
    drawn = map(_drawable, (card.title, _when(card), card.place_label, state))
    return Words(f"Semaine de l’industrie {card.event.edition.year}", *drawn)


def _when(card: Card) -> str:
    """Return « jeudi 20 novembre 2025, 9 h–11 h 30 », or « du 17 au 21 novembre 2025 »."""
    slots, zone = card.slots, card.event.timezone
    if not slots:
        return ""
    first, last = slots[0].first_day, slots[-1].last_day
    if first != last:
        return period_words(first, last)
    if len(slots) > 1:
        return day_words(first, year=True)
    starts, ends = (hour_words(local(moment, zone)) for moment in (slots[0].starts_at, slots[0].ends_at))
    name = zone_words(zone)
    return f"{day_words(first, year=True)}, {starts}–{ends}" + (f"{NBSP}({name})" if name else "")


def _drawable(text: str) -> str:
    """Return the text with what our fonts cannot draw left out, letters of other alphabets and emojis."""
    kept = ""
    for letter in unicodedata.normalize("NFC", text):
        if _is_drawn(letter):
            kept += letter
        else:
            kept += "".join(filter(_is_drawn, unicodedata.normalize("NFKD", letter)))
    return " ".join(kept.replace(NBSP, "\0").split()).replace("\0", NBSP)


def _is_drawn(letter: str) -> bool:
    latin = ord(letter) < 256 and (letter.isprintable() or letter == NBSP)
    return latin or letter in ALSO_DRAWN


def draw(words: Words) -> bytes:
    """Return a PNG of 1200 × 630."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    _rule(pen)
    _logo(pen)
    pen.text((MARGIN + 64, 82), words.edition, INK, _font(TITLE, 34), anchor="lm")
    _stamp(pen, words.stamp)
    where = _fitting(words.where, TEXT, 36, lines=1)
    when = _fitting(words.when[:1].upper() + words.when[1:], BOLD, 40, lines=1)
    pen.text((MARGIN, 516), where.text, SOFT, where.font, anchor="ls")
    pen.text((MARGIN, 462), when.text, SIGNAL, when.font, anchor="ls")
    title = _fitting(words.title, TITLE, 96, lines=3, smallest=48)
    pen.multiline_text((MARGIN, 142), title.text, INK, title.font, spacing=title.font.size * 0.2)
    file = BytesIO()
    flat = image.quantize(FLAT_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    flat.save(file, "PNG")
    return file.getvalue()


def _rule(pen: ImageDraw.ImageDraw) -> None:
    """The graduated rule of our pages, one long mark in five."""
    pen.line((0, 566, WIDTH, 566), LINE, 2)
    for number, x in enumerate(range(MARGIN % 24, WIDTH, 24)):
        pen.line((x, 566, x, 566 + (34 if number % 5 == 3 else 18)), LINE, 2)
    pen.rectangle((MARGIN, 564, MARGIN + 240, 572), SIGNAL)


def _logo(pen: ImageDraw.ImageDraw) -> None:
    points = [(3, 35), (3, 16), (14, 6), (14, 16), (25, 6), (25, 16), (36, 6), (36, 35), (3, 35), (3, 16)]
    pen.line([(MARGIN + 1.2 * x, 56 + 1.2 * y) for x, y in points], SIGNAL, 5, joint="curve")


def _stamp(pen: ImageDraw.ImageDraw, text: str) -> None:
    font, tone = _font(BOLD, 34), BAD if text == "Annulé" else INK
    left = WIDTH - MARGIN - font.getlength(text) - 48
    pen.rectangle((left, 50, WIDTH - MARGIN, 112), None if tone == INK else tone, tone, 3)
    pen.text((left + 24, 81), text, INK if tone == INK else PAPER, font, anchor="lm")


class Fitted(NamedTuple):
    text: str
    font: ImageFont.FreeTypeFont


def _fitting(text: str, path, size: int, *, lines: int, smallest: int = 26) -> Fitted:
    """Return the text broken into lines, in the largest font that holds it; cut where even the smallest does not."""
    while True:
        font = _font(path, size)
        broken = _broken(text, font)
        if len(broken) <= lines or size <= smallest:
            break
        size -= 6
        lines += size == smallest
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1][:-1].rstrip() + "…"]
    return Fitted("\n".join(broken), font)


def _broken(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > WIDTH - 2 * MARGIN:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line] or [""]


def _font(path, size: int) -> ImageFont.FreeTypeFont:
    """A face of its own for each drawing: FreeType's are not to be shared between threads."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
