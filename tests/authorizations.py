"""Who may go where, as one page made from the tables that the tests hold the site to.

`python -m tests.authorizations` prints it; the page itself is AUTHORIZATIONS.md, beside this file.
"""

import os
import sys
from collections.abc import Iterable, Iterator

import django

INTRODUCTION = """# Qui peut aller où

Écrit par `python -m tests.authorizations` d’après les tables que `tests/events/test_authorization.py`,
`tests/events/test_admin_authorization.py` et `tests/events/api/test_authorization.py` imposent au site, personne par
personne, et jeton par jeton.

- **oui** : la page s’ouvre, ou la chose se fait ;
- **–** : 404, comme si elle n’existait pas ; **refusé** : 403 ; **retiré** : 410 ;
- **bouton** : 405, on n’y va que par un bouton, ou par un autre verbe ;
- **jeton** : 401, il faut un jeton qui vaille ;
- **connexion** : il faut d’abord se connecter, ou donner un second facteur ;
- **→** : mène à une autre page.
"""
PEOPLE = {
    "anonymous": "visiteur", "stranger": "autre organisateur", "editor": "membre", "owner": "responsable",
    "referent": "département", "elsewhere": "autre département", "regional": "région", "national": "nation",
    "officeless": "sans service", "suspended": "suspendu", "closed": "compte fermé", "not staff": "sans accès",
    "organizer": "organisateur", "staff": "sans service", "no factor": "sans second facteur",
    "unused factor": "second facteur non donné", "department": "département", "other department": "autre département",
    "region": "région", "other region": "autre région", "nation": "nation",
    "no token": "sans jeton", "unknown token": "jeton inconnu", "token": "jeton de l’organisation",
    "token of another": "jeton d’une autre", "revoked token": "jeton révoqué",
    "token of an editor": "d’un responsable qui ne l’est plus", "token of a closed account": "d’un compte fermé",
}  # fmt: skip
WORDS = {200: "oui", 302: "oui", 404: "–", 403: "refusé", 405: "bouton", 410: "retiré", "in": "connexion"}
WORDS |= {"login": "connexion", "done": "oui", 201: "oui", 401: "jeton"}


def document() -> str:
    """Return the page as Markdown."""
    from tests.events import test_admin_authorization as admin
    from tests.events import test_authorization as site
    from tests.events.api import test_authorization as api

    parts = [
        ("Le public", site.NAMES, site.PUBLIC),
        ("L’espace organisateur et les comptes", site.NAMES, site.PRIVATE),
        ("Ce qui va avec le label", site.NAMES, site.LABELLED),
        ("L’administration, d’un organisateur à la nation", site.NAMES, site.ADMIN),
        ("L’administration, service par service", admin.NAMES, admin.ADDRESSES),
        ("L’interface pour les développeurs, par jeton", api.NAMES, api.ADDRESSES),
        ("Ce qu’on y écrit", admin.NAMES, {name: row[-1] for name, row in admin.ACTIONS.items()}),
    ]
    return INTRODUCTION + "".join(f"\n## {title}\n\n{_table(*rest)}" for title, *rest in parts)


def _table(names: tuple[str, ...], rows: dict[str, tuple]) -> str:
    head = ["adresse", *(PEOPLE[name] for name in names)]
    lines = [
        head,
        ["---"] * len(head),
        *([f"`{address}`", *map(_word, row)] for address, row in rows.items()),
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _word(answer) -> str:
    return WORDS.get(answer) or (f"→ `{answer}`" if isinstance(answer, str) else str(answer))


def routes(patterns: Iterable, before: str = "") -> Iterator[str]:
    """Return the address of each page of the site, as the resolver writes it."""
    for each in patterns:
        there = f"{before}{str(each.pattern).removeprefix('^') if before else each.pattern}"
        yield from routes(each.url_patterns, there) if hasattr(each, "url_patterns") else (there,)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.stdout.write(document())
    return 0


if __name__ == "__main__":
    sys.exit(main())
