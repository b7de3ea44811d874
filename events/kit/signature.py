"""The lines that an organizer puts below their mails, with and without HTML."""

from typing import NamedTuple

from django.template.loader import render_to_string

from events.cards import Card
from events.kit import words


class Signature(NamedTuple):
    title: str
    edition: str
    lines: list[str]
    url: str

    @property
    def html(self) -> str:
        """For a mail: a table and its own style, as mail programs want it."""
        return render_to_string("emails/signature.html", {"signature": self}).strip()

    @property
    def text(self) -> str:
        return render_to_string("emails/signature.txt", {"signature": self}).strip()


def signature(card: Card) -> Signature:
    days = [", ".join(filter(None, each)) for each in words.when(card)]
    when = " · ".join(days)
    return Signature(
        title=card.title,
        edition=f"Semaine de l’industrie {card.event.edition.year}",
        lines=[line for line in (when[:1].upper() + when[1:], card.place_label) if line],
        url=words.event_url(card),
    )
