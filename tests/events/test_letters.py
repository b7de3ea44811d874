"""What our faces can draw, and what is left out of a text before it is drawn."""

import pytest

from events.exports.letters import drawable


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Œuvre d’Éole : « 50 % »", "Œuvre d’Éole : « 50 % »"),
        ("Łódź, Ça va, Ğ", "Łódź, Ça va, Ğ"),
        (
            "#set text(red) $x^2$ *a* _b_ @c <d> `e` \\ \" '",
            "#set text(red) $x^2$ *a* _b_ @c <d> `e` \\ \" '",
        ),
        ("Atelier ①", "Atelier 1"),
        ("Cafe\u0301", "Café"),
        ("\u202eenvers\u202c\u200f\u200b", "envers"),
        ("nul\0, sonnerie\a, ligne\nsuivante", "nul, sonnerie, ligne suivante"),
        ("🏭 Usine 日本 שלום", "Usine"),
        ("🏭🇫🇷", ""),
        ("9\u00a0h\u202f!", "9\u00a0h\u00a0!"),
        ("  deux   espaces ", "deux espaces"),
    ],
)
def test_drawable_keeps_what_all_our_faces_hold(text, drawn):
    assert drawable(text) == drawn
