"""The files of the kit by their name: the certificate, the posters, the pictures for social networks, and previews."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.core.cache import cache

from events.cards import Card
from events.exports import picture
from events.exports.pdf import KEPT, pdf, preview
from events.kit import words


class File(NamedTuple):
    """What one downloads, and the picture that shows it."""

    name: str
    label: str
    hint: str
    shown_by: str


CERTIFICATE = File(
    "certificat.pdf",
    "Certificat",
    "PDF, environ 30 Ko. Son code se scanne pour vérifier le label.",
    "apercu-certificat.png",
)
POSTERS = (
    File(
        "affiche-a4.pdf",
        "Affiche A4",
        "PDF, environ 30 Ko. Pour l’imprimante du bureau.",
        "apercu-affiche.png",
    ),
    File(
        "affiche-a3.pdf",
        "Affiche A3",
        "PDF, environ 30 Ko. Deux fois plus grande, pour l’entrée ou la cantine.",
        "apercu-affiche.png",
    ),
)
PICTURES = (
    File(
        "image-large.png",
        "Image large",
        "PNG, 1 200 × 630 pixels. Pour LinkedIn, Facebook ou X.",
        "image-large.png",
    ),
    File(
        "image-carree.png",
        "Image carrée",
        "PNG, 1 080 × 1 080 pixels. Pour une publication Instagram.",
        "image-carree.png",
    ),
    File(
        "image-haute.png",
        "Image haute",
        "PNG, 1 080 × 1 920 pixels. Pour une story.",
        "image-haute.png",
    ),
)


def _certificate(card: Card) -> bytes:
    return pdf("certificate", words.certificate(card), at=card.event.labelled_at)


def _poster(paper: str, card: Card) -> bytes:
    return pdf("poster", words.poster(card, paper), at=card.event.labelled_at)


def _picture(layout: picture.Layout, card: Card) -> bytes:
    said = picture.words_of(card)
    key = f"picture-{said.key}-{layout.width}x{layout.height}"
    return cache.get_or_set(key, lambda: picture.draw(said, layout), KEPT)


MAKERS: dict[str, Callable[[Card], bytes]] = {
    "certificat.pdf": _certificate,
    "affiche-a4.pdf": partial(_poster, "a4"),
    "affiche-a3.pdf": partial(_poster, "a3"),
    "apercu-certificat.png": lambda card: preview("certificate", words.certificate(card)),
    "apercu-affiche.png": lambda card: preview("poster", words.poster(card, "a4")),
    "image-large.png": partial(_picture, picture.LINK),
    "image-carree.png": partial(_picture, picture.SQUARE),
    "image-haute.png": partial(_picture, picture.STORY),
}
TYPES = {"pdf": "application/pdf", "png": "image/png"}


def content_type(name: str) -> str:
    return TYPES[name.rpartition(".")[2]]
