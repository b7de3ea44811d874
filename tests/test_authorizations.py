"""Every address of the site is in one of the tables of who may go where, and the page made of them is up to date."""

import re
from contextlib import suppress
from pathlib import Path

from django.urls import Resolver404, get_resolver, resolve

from tests import authorizations
from tests.events import test_admin_authorization as admin
from tests.events import test_authorization as site

PAGE = Path(__file__).parent / "AUTHORIZATIONS.md"
# What stands before a person is known, or asks them to prove who they are; tried step by step, and not in a table.
DOORS = {
    "admin/login/": "test_second_factor",
    "admin/logout/": "test_second_factor",
    "compte/connexion/": "test_accounts",
    "compte/connexion/cle/": "test_accounts",
    "compte/connexion/code/": "test_accounts",
    "compte/connexion/code/saisie/": "test_accounts",
    "compte/connexion/verification/": "test_second_factor",
    "compte/confirmer/cle/": "test_second_factor",
    "compte/confirmer/code/": "test_second_factor",
    "compte/connexions/<int:pk>/fermer/": "test_open_sessions",
    "compte/connexions/fermer/": "test_open_sessions",
    "compte/deconnexion/": "test_accounts",
    "compte/inactif/": "test_accounts",
    "compte/inscription/": "test_accounts",
    "compte/mot-de-passe/": "test_accounts",
    "compte/mot-de-passe/change/": "test_accounts",
    "compte/mot-de-passe/envoye/": "test_accounts",
    "^compte/mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "test_accounts",
    "compte/proconnect/connexion/": "test_proconnect",
    "compte/proconnect/deconnecte/": "test_proconnect",
    "compte/proconnect/deconnexion/": "test_proconnect",
    "compte/proconnect/retour/": "test_proconnect",
    "compte/securite/cles/": "test_second_factor",
    "compte/verification/": "test_accounts",
    "^compte/verification/(?P<key>[-:\\w]+)/$": "test_accounts",
    "espace/invitation-agent/<str:token>/": "test_agents",
}
# Addresses that Django's admin has beside the form of a row, and that lead there or to nothing. A list of nobody's.
ADMIN_ASIDE = re.compile(
    r"^admin/(r/.*|\(\?P<app_label>.*|\w+/\w+/<path:object_id>/(history/)?|events/event/<path:object_id>/change/)$"
)


def tabled() -> set[str]:
    addresses = (*site.PUBLIC, *site.PRIVATE, *site.LABELLED, *site.ADMIN, *admin.ADDRESSES, *admin.ACTIONS)
    found = set()
    for address in addresses:
        some = re.sub(r"\{(\w+)\}", lambda match: "a" if match[1] in ("slug", "token") else "1", address)
        with suppress(Resolver404):  # an address that leads nowhere, on purpose
            found.add(resolve(some.split("?")[0]).route)
    return found


def test_every_address_is_in_a_table_or_a_door():
    left = set(authorizations.routes(get_resolver().url_patterns)) - tabled() - {*DOORS}
    assert {each for each in left if not ADMIN_ASIDE.match(each)} == set()


def test_no_door_is_in_a_table_nor_gone():
    routes = set(authorizations.routes(get_resolver().url_patterns))
    assert {*DOORS} - routes | {*DOORS} & tabled() == set()
    tests = {path.stem for path in Path(__file__).parent.rglob("test_*.py")}
    assert set(DOORS.values()) - tests == set()


def test_page_in_the_repository_is_what_the_tables_say():
    assert PAGE.read_text() == authorizations.document()
