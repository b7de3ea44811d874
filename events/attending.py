"""How one takes part in an event, and why one no longer can: a sentence, and the button that leads there."""

from typing import NamedTuple

from events.cards import Card
from events.enums import AccessMode, RegistrationKind
from semaine.text import NBSP

ACTIONS = {
    RegistrationKind.LINK: "S’inscrire en ligne",
    RegistrationKind.EMAIL: "S’inscrire par courriel",
    RegistrationKind.PHONE: "Appeler pour s’inscrire",
    RegistrationKind.FRANCE_TRAVAIL: "S’inscrire sur France Travail",
}


class Attending(NamedTuple):
    """`button` and `href` are empty where nothing can be followed; `contact` is then all there is to know."""

    sentence: str
    contact: str = ""
    href: str = ""
    button: str = ""


def attending(card: Card) -> Attending:
    """Return how one takes part in the event, at the moment of its card."""
    registration = card.registration
    if card.is_cancelled:
        return Attending(
            "L’événement n’aura pas lieu. Si vous étiez inscrit, adressez-vous à l’organisateur."
        )
    if card.is_over:
        return Attending("L’événement a eu lieu. On ne peut plus s’y inscrire.")
    if card.is_full:
        sentence = f"Complet{NBSP}: il n’y a plus de place."
        return Attending(sentence, registration.value if registration else "")
    if registration is None:
        return Attending(_without_contact(card.event.access_mode))
    button = ACTIONS[RegistrationKind(card.event.registration_kind)] if registration.href else ""
    return Attending(f"{registration.label}.", registration.value, registration.href, button)


def _without_contact(access_mode: str) -> str:
    if access_mode == AccessMode.OPEN:
        return "Entrée libre. Venez sans vous inscrire."
    return "Pour vous inscrire, adressez-vous à l’organisateur."
