"""The company register: what it knows fills the form, and whatever goes wrong is a sentence, never an error."""

import gzip
from time import monotonic

import pytest
from django.core.cache import cache

from organizers import companies
from organizers.companies import Answer, Company, look_up
from tests.organizers.company_register import FORGE, company, establishment, results

LION = Company(
    siret=FORGE,
    name="FONDERIE DU LION",
    address="12 BIS RUE DE LA FORGE",
    postal_code="90000",
    commune_code="90010",
    city="BELFORT",
    naf_rev2="24.51Z",
    naf_2025="24.51Y",
    kind="entreprise",
    is_closed=False,
    is_private=False,
)
FOUND = Answer(LION, "Fiche remplie d’après le registre des entreprises. Corrigez ce qui est faux.")
UNKNOWN = Answer(
    None,
    "Le registre des entreprises ne connaît pas ce SIRET. Vérifiez-le, ou remplissez la fiche à la main.",
)
AWAY = Answer(None, "Le registre des entreprises ne répond pas. Remplissez la fiche à la main.")
LONGEST = 5  # seconds: two to connect and to read, and what a busy machine adds


def found(register, *places, **fields):
    register.companies[FORGE] = company(*places, **fields)
    cache.clear()
    return look_up(FORGE).company


def test_establishment_is_found_among_those_of_its_company(register):
    other = establishment("55208131799999", libelle_voie="D’AILLEURS")
    register.companies[FORGE] = company(other, establishment())
    assert look_up(FORGE) == FOUND


def test_question_asks_for_no_manager(register):
    look_up(FORGE)
    asked = {
        "q": [FORGE],
        "minimal": ["true"],
        "include": ["siege,matching_etablissements"],
        "per_page": ["1"],
    }
    assert register.asked == [("/search", asked)]


def test_seat_is_found_when_no_establishment_matches(register):
    seat = establishment(est_siege=True)
    assert found(register, siege=seat, matching_etablissements=[]) == LION


def test_unknown_siret_is_told(register):
    assert look_up("73282932000074") == UNKNOWN


def test_company_without_the_establishment_is_unknown(register):
    register.companies[FORGE] = company(establishment("55208131799999"))
    assert look_up(FORGE) == UNKNOWN


@pytest.mark.parametrize("where", ["establishment", "company"])
def test_closed_establishment_is_filled_in_and_told(register, where):
    place = establishment(etat_administratif="F" if where == "establishment" else "A")
    register.companies[FORGE] = company(place, etat_administratif="C" if where == "company" else "A")
    answer = look_up(FORGE)
    assert (answer.company.is_closed, answer.company.name) == (True, "FONDERIE DU LION")
    assert (
        answer.message == "Selon le registre des entreprises, cet établissement est fermé. Vérifiez le SIRET."
    )


def test_hidden_facts_of_a_company_are_left_empty_and_told(register):
    hidden = "[NON-DIFFUSIBLE]"
    place = establishment(
        adresse=hidden,
        numero_voie=None,
        indice_repetition=None,
        type_voie=hidden,
        libelle_voie=hidden,
        code_postal=hidden,
        statut_diffusion_etablissement="P",
    )
    register.companies[FORGE] = company(
        place, nom_complet=hidden, nom_raison_sociale=None, statut_diffusion="P", nature_juridique="1000"
    )
    answer = look_up(FORGE)
    left = {"name": "", "address": "", "postal_code": "", "is_private": True}
    assert answer.company == Company(**vars(LION) | left)
    assert answer.message == (
        "Cette entreprise ne publie pas toutes ses informations. Complétez la fiche à la main."
    )


def test_absent_facts_are_empty(register):
    place = {"siret": FORGE, "adresse": "LIEU-DIT LE MOULIN 90000 BELFORT", "code_postal": "90000"}
    assert found(register, place, nom_raison_sociale=None, activite_principale=None) == Company(
        **vars(LION)
        | {"name": "FONDERIE DU LION (FDL)", "address": "LIEU-DIT LE MOULIN", "commune_code": "", "city": ""}
        | {"naf_rev2": ""}
    )


@pytest.mark.parametrize(
    ("category", "naf", "schools", "kind"),
    [
        ("5710", "24.51Z", None, "entreprise"),
        ("1000", "25.62B", None, "entreprise"),
        ("7331", "85.31Z", None, "scolaire"),
        ("7331", "84.12Z", ["0900002N"], "scolaire"),
        ("5499", "85.59A", None, "formation"),
        ("7389", "78.10Z", None, "emploi"),
        ("5499", "78.10Z", None, "entreprise"),
        ("7381", "94.11Z", None, "consulaire"),
        ("8420", "94.11Z", None, "federation"),
        ("7210", "84.11Z", None, "collectivite"),
        ("7348", "84.11Z", None, "collectivite"),
        ("7171", "84.11Z", None, "etat"),
        ("9220", "94.99Z", None, "association"),
        ("2110", "68.20B", None, ""),
    ],
)
def test_kind_is_proposed_from_the_legal_category_and_the_activity(register, category, naf, schools, kind):
    place = establishment(activite_principale=naf, liste_uai=schools)
    assert found(register, place, nature_juridique=category).kind == kind


# The cache.


def test_what_was_found_is_asked_once_a_day(register):
    assert [look_up(FORGE) for _ in range(3)] == [FOUND] * 3
    assert (len(register.asked), remembered()) == (1, 86_400)


def test_what_was_not_found_is_asked_once_an_hour(register):
    assert [look_up("73282932000074") for _ in range(3)] == [UNKNOWN] * 3
    assert (len(register.asked), remembered("73282932000074")) == (1, 3_600)


def remembered(siret=FORGE):
    """How long an answer is kept from now, in seconds, to ten seconds."""
    key = cache.make_key(f"company-{siret}")
    client = cache._cache.get_client(key)
    return round(client.ttl(key), -1)


def test_failure_is_not_remembered(register):
    known = register.answer
    register.answer = lambda request: request.say(b"{}", status=500)
    assert look_up(FORGE) == AWAY
    register.answer = known
    assert look_up(FORGE) == FOUND


def test_register_is_asked_without_the_cache(register, settings):
    settings.CACHES = {
        "default": {"BACKEND": "semaine.caching.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    }
    assert [look_up(FORGE) for _ in range(2)] == [FOUND] * 2
    assert len(register.asked) == 2


# What goes wrong.

WRONG = {
    "too many questions": {"body": b'{"erreur": "Too many requests"}', "status": 429, "Retry_After": "60"},
    "failure": {"body": b"Internal Server Error", "status": 500, "kind": "text/plain"},
    "elsewhere": {"body": b"", "status": 302, "Location": "/search"},
    "HTML": {"body": b"<!doctype html><title>Maintenance</title>", "kind": "text/html"},
    "nothing": {"body": b""},
    "cut short": {"body": results(company())[:200]},
    "not UTF-8": {"body": b'{"results": [{"nom_complet": "\xff\xfe"}]}'},
    "a list": {"body": b"[]"},
    "no results": {"body": b'{"erreur": "?"}'},
    "a number": {"body": b'{"results": 12}'},
    "other types": {"body": results(company(establishment(code_postal=90000)))},
    "establishments of another type": {"body": results(company(matching_etablissements={"a": 1}))},
    "endless nesting": {"body": b'{"results": ' + b"[" * 100_000},
    "not compressed as it says": {"body": b"{}", "Content_Encoding": "gzip"},
    "less than it says": {"body": b"{}", "Content_Length": "500"},
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_answer_leads_on_by_hand(register, what):
    fields = dict(WRONG[what])
    body = fields.pop("body")
    register.answer = lambda request: request.say(body, **fields)
    assert look_up(FORGE) == AWAY
    assert len(register.asked) == 1


@pytest.mark.parametrize("compressed", [False, True])
def test_huge_answer_is_cut_short(register, compressed):
    body = b'{"results": [' + b" " * 50_000_000 + b"]}"
    headers = {"Content_Encoding": "gzip"} if compressed else {}
    body = gzip.compress(body, 1) if compressed else body
    register.answer = lambda request: request.say(body, **headers)
    start = monotonic()
    assert look_up(FORGE) == AWAY
    assert monotonic() - start < LONGEST


def test_compressed_answer_is_read(register):
    body = gzip.compress(results(company()))
    register.answer = lambda request: request.say(body, Content_Encoding="gzip")
    assert look_up(FORGE) == FOUND


def test_silent_register_is_left_after_two_seconds(register):
    register.answer = lambda request: register.closing.wait(30)
    start = monotonic()
    assert look_up(FORGE) == AWAY
    assert companies.SECONDS <= monotonic() - start < LONGEST


def test_answer_in_drops_is_left_after_two_seconds(register):
    def drip(request):
        request.send_response(200)
        request.end_headers()
        while not register.closing.wait(0.1):
            request.wfile.write(b" ")

    register.answer = drip
    start = monotonic()
    assert look_up(FORGE) == AWAY
    assert companies.SECONDS <= monotonic() - start < LONGEST


def test_register_that_is_away_leads_on_by_hand(settings):
    settings.COMPANY_REGISTER_URL = "http://127.0.0.1:9"
    assert look_up(FORGE) == AWAY
