"""Wrong and hostile values in the forms about people: accounts and organizations."""

import re
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from organizers.models import Membership, Organization, User
from semaine import outbox
from semaine.models import Commune, OutboxMessage
from tests import factories
from tests.events.form_pages import (
    SCRIPT,
    ActiveContent,
    as_sent,
    kept,
    not_a_code,
    not_found,
    plain,
    said_beside,
    too_long,
)

pytestmark = pytest.mark.django_db

ORGANIZATION = "/espace/organisation-nouvelle/fiche/"
SIGNUP, LOGIN, RESET = "/compte/inscription/", "/compte/connexion/", "/compte/mot-de-passe/"
PASSWORD = "fonderie-du-lac-1887"
INCOMPLETE = "Cette adresse n’est pas complète : écrivez-la comme https://www.exemple.fr."
NOT_COMPLETE = (
    "Cette adresse électronique n’est pas complète : écrivez-la en entier, par exemple "
    "prenom.nom@entreprise.fr."
)
LONG_ADDRESS = "a" * 300 + "@example.org"
TOO_LONG_ADDRESS = "Cette adresse électronique compte 312 caractères : gardez-en 254 au plus."


@pytest.fixture
def person(client):
    for code in ("90010", "59350", "93066", "97411"):
        factories.commune(code)
    Commune.objects.filter(pk="97411").update(population=150_000)
    person = factories.user()
    client.force_login(person)
    return person


def organization(**changes):
    data = {"name": "Fonderie Martin", "kind": "entreprise", "siret": "552 081 317 66522"}
    data |= {"website": "https://www.example.org", "postal_code": "90000", "city": "Belfort"}
    data |= {"address": "12 rue de la Forge", "naf_rev2": "24.51Z", "naf_2025": ""}
    return data | changes


def not_a_siret(value):
    return f"« {value} » n’est pas un SIRET : il compte 14 chiffres, par exemple 552 081 317 66522."


def not_a_naf(value):
    return f"« {value} » n’est pas un code NAF : il s’écrit comme 24.51Z."


WRONG = {
    "name": [
        (
            "Impots.gouv.fr : http://evil.example",
            "« Nom de l’organisation » contient l’adresse d’un site, « http://evil.example » : écrivez le nom seul.",
        ),
        ("", "Écrivez le nom de votre organisation."),
        (" \t\0", "Écrivez le nom de votre organisation."),
        ("🏭" * 121, too_long("Nom de l’organisation", 121, 120)),
        (SCRIPT * 4, too_long("Nom de l’organisation", 128, 120)),
    ],
    "kind": [
        ("", "Choisissez le type de votre organisation."),
        ("pirate", "« pirate » n’est pas dans la liste : choisissez-y un type."),
        (SCRIPT, f"« {SCRIPT} » n’est pas dans la liste : choisissez-y un type."),
    ],
    "siret": [
        (
            "552 081 317 66521",
            "Le SIRET « 55208131766521 » contient une faute de frappe : sa clé de contrôle ne correspond pas.",
        ),
        ("552 081 317", not_a_siret("552081317")),
        ("٥٥٢٠٨١٣١٧٦٦٥٢٢", not_a_siret("٥٥٢٠٨١٣١٧٦٦٥٢٢")),
        (SCRIPT, not_a_siret(SCRIPT.replace(" ", "").replace(".", "")[:30])),
        ("9" * 41, too_long("SIRET", 41, 40)),
    ],
    "website": [
        ("javascript:alert(1)", INCOMPLETE),
        ("exemple", INCOMPLETE),
        ("https://[::", INCOMPLETE),
        (SCRIPT, INCOMPLETE),
    ],
    "postal_code": [
        ("9" * 11, too_long("Code postal du siège", 11, 10)),
        *[(code, not_a_code(code)) for code in ("ABCDE", "900000", "٩٠٠٠٠", "<b>&")],
    ],
    "city": [(city, not_found(city)) for city in ("Atlantide", SCRIPT, "🏭", "%")],
    "address": [("9" * 201, too_long("Numéro et rue du siège", 201, 200))],
    "naf_rev2": [
        ("9" * 11, too_long("Code d’activité (NAF rév. 2)", 11, 10)),
        *[(code, not_a_naf(code)) for code in ("24.51", "24.512Z", "٢٤.٥١Z", "<b>&")],
    ],
    "naf_2025": [("fonderie", not_a_naf("fonderie"))],
}
ROUNDS = [
    {field: pairs[number] for field, pairs in WRONG.items() if number < len(pairs)}
    for number in range(max(map(len, WRONG.values())))
]


@pytest.mark.parametrize("faults", ROUNDS)
def test_wrong_organization_is_explained_beside_each_field_and_nothing_typed_is_lost(client, person, faults):
    data = organization(**{field: value for field, (value, _) in faults.items()})
    page = client.post(ORGANIZATION, data).content.decode()
    assert {field: said_beside(page, field) for field in faults} == {
        field: [message] for field, (_, message) in faults.items()
    }
    typed = {name: value for name, value in data.items() if name != "kind"}
    assert kept(page, typed) == as_sent(typed)
    assert ActiveContent(page).found == []
    assert Organization.objects.count() == 0


def test_ambiguous_headquarters_list_its_namesakes(client, person):
    page = client.post(ORGANIZATION, organization(city="St Denis", postal_code="")).content.decode()
    assert said_beside(page, "city") == [
        (
            "Plusieurs communes s’appellent « St Denis » : Saint-Denis (La Réunion, 97400) ou Saint-Denis "
            "(Seine-Saint-Denis, 93200) ? Donnez le code postal de la vôtre."
        )
    ]


def test_siret_of_another_organization_is_explained(client, person):
    factories.organization(siret="55208131766522")
    page = client.post(ORGANIZATION, organization()).content.decode()
    assert said_beside(page, "siret") == [
        "Une organisation est déjà inscrite avec le SIRET 55208131766522 : demandez à la rejoindre."
    ]


def test_organization_posted_twice_is_made_once(client, person):
    for _ in range(2):
        client.post(ORGANIZATION, organization(siret=""))
    assert [each.name for each in Organization.objects.all()] == ["Fonderie Martin"]
    assert Membership.objects.count() == 1


def test_fields_nobody_asked_for_make_no_other_member(client, person):
    stranger = factories.user()
    extra = {"owner": stranger.pk, "members": stranger.pk, "slug": "moi", "role": "x", "id": "1"}
    client.post(ORGANIZATION, organization(**extra))
    assert [(each.user, each.role, each.organization.slug) for each in Membership.objects.all()] == [
        (person, "owner", "fonderie-martin")
    ]


@pytest.mark.parametrize("name", [SCRIPT, '"><img src=x onerror=alert(1)>', "\u202e🏭"])
def test_hostile_name_of_an_organization_never_runs(client, person, name):
    page = client.post(ORGANIZATION, organization(name=name), follow=True).content.decode()
    assert ActiveContent(page).found == []
    assert Organization.objects.get().name == name


# Accounts. A wrong address is refused before anything is written or sent.

ADDRESSES = (
    "",
    "camille",
    "camille@",
    "@example.org",
    "a b@example.org",
    "a\0@example.org",
    SCRIPT,
    "é@example.org",
)


@pytest.mark.parametrize(
    ("path", "field", "others"),
    [
        (SIGNUP, "email", {}),
        (LOGIN, "login", {"password": PASSWORD}),
        (RESET, "email", {}),
    ],
)
def test_wrong_address_is_explained_beside_its_field_and_kept(path, field, others):
    for address in ADDRESSES:
        page = Client().post(path, {field: address, "autre": "x"} | others).content.decode()
        message = NOT_COMPLETE if address else "Écrivez votre adresse électronique."
        assert (address, said_beside(page, field)) == (address, [message])
        assert kept(page, [field]) == {field: [address]}
        assert ActiveContent(page).found == []
    assert (User.objects.count(), OutboxMessage.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (SIGNUP, {"email": LONG_ADDRESS}),
        (RESET, {"email": LONG_ADDRESS}),
    ],
)
def test_endless_address_is_explained(client, path, data):
    page = client.post(path, data).content.decode()
    assert said_beside(page, "email") == [TOO_LONG_ADDRESS]
    assert (User.objects.count(), EmailAddress.objects.count(), OutboxMessage.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("first", "second", "field", "message"),
    [
        (PASSWORD, "", "password2", "Vous devez saisir deux fois le même mot de passe."),
        ("", PASSWORD, "password2", "Vous devez saisir deux fois le même mot de passe."),
        (PASSWORD, PASSWORD + "x", "password2", "Vous devez saisir deux fois le même mot de passe."),
        (
            "839205716493",
            "839205716493",
            "password1",
            "Ce mot de passe est entièrement numérique.",
        ),
        (
            "camille.roux",
            "camille.roux",
            "password1",
            "Le mot de passe est trop semblable au champ « adresse électronique ».",
        ),
        (PASSWORD + "\0", PASSWORD + "\0", "password1", "Le caractère nul n’est pas autorisé."),
    ],
)
def test_wrong_password_is_explained_and_never_sent_back(client, first, second, field, message):
    client.post(SIGNUP, {"email": "camille.roux@example.org"})
    link = re.search(r"http://testserver(\S+)", OutboxMessage.objects.get().text)[1]
    page = client.post(link, {"password1": first, "password2": second}).content.decode()
    assert said_beside(page, field)[0] == message
    assert kept(page, ["password1", "password2"]) == {"password1": [""], "password2": [""]}
    assert not User.objects.get().has_usable_password()
    assert not EmailAddress.objects.get().verified


def test_endless_password_is_only_wrong(client):
    factories.user("camille@example.org")
    data = {"login": "camille@example.org", "password": "x" * 500_000}
    response = client.post(LOGIN, data)
    assert plain(response.context["form"].non_field_errors()) == [
        "L’adresse e-mail ou le mot de passe sont incorrects."
    ]


QUOTED = (
    '"\x0b"@example.org',
    '"\x01"@example.org',
    '"a,b"@example.org',
    '"<x>"@example.org',
    '"a\\\x0bb"@example.org',
)


def test_strange_but_valid_address_never_stops_the_outbox():
    """One mail that cannot be built would keep all the later ones back."""
    for address in QUOTED:
        Client().post(RESET, {"email": address})
    outbox.enqueue("camille@example.org", "Le dernier", "…", dedupe_key=str(uuid4()), at=timezone.now())
    outbox.send_due(timezone.now())
    assert mail.outbox[-1].to == ["camille@example.org"]
    for message in mail.outbox:
        assert message.message()["To"].splitlines() in ([message.to[0]], message.to[0].splitlines())


@pytest.mark.parametrize(
    "path",
    [
        "/compte/mot-de-passe/zzzz-abc/",
        "/compte/mot-de-passe/ZZZZZZZZZZZZZ-x/",
        f"/compte/mot-de-passe/{'z' * 40}-x/",
        "/compte/mot-de-passe/1-%00/",
    ],
)
def test_damaged_link_to_a_new_password_is_explained(client, path):
    response = client.get(path)
    assert "Ce lien n’est plus valable" in response.content.decode()
    assert response.context["token_fail"] is True


@pytest.mark.parametrize("key", [":::", "a" * 3000, "1:2:3", "é"])
def test_damaged_link_to_a_new_account_is_explained(client, key):
    response = client.get(f"/compte/verification/{key}/")
    assert "Ce lien n’est plus valable" in response.content.decode()
    assert "autofocus" not in response.content.decode()


def test_new_password_that_is_wrong_is_explained(client):
    person = factories.user("camille@example.org")
    client.post(RESET, {"email": person.email})
    link = next(
        word for word in OutboxMessage.objects.get().text.split() if word.startswith("http") and "-" in word
    )
    page = client.get(link, follow=True)
    form = client.post(
        page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD + "x"}
    ).content.decode()
    assert said_beside(form, "password2") == ["Vous devez saisir deux fois le même mot de passe."]
    person.refresh_from_db()
    assert person.check_password("motdepasse-1234")
