"""Creating an organization in two steps, and the pages about who is in it."""

import re

import pytest
import time_machine

from organizers import membership
from organizers.enums import MembershipRole
from organizers.models import JoinRequest, Membership, Organization
from semaine.models import OutboxMessage
from tests import factories
from tests.events.form_pages import as_sent, kept, plain, said_beside
from tests.factories import NOW
from tests.html import faults
from tests.organizers.company_register import FORGE, company, establishment

pytestmark = pytest.mark.django_db

MINE, NEW = "/espace/organisation/", "/espace/organisation-nouvelle/"
DETAILS, LOOK_UP = f"{NEW}fiche/", f"{NEW}siret.json"
HOME = "/espace/organisation/lion/"
OWNER, EDITOR = MembershipRole.OWNER, MembershipRole.EDITOR
FOUND = "Fiche remplie d’après le registre des entreprises. Corrigez ce qui est faux."
FILLED = {
    "siret": FORGE,
    "name": "FONDERIE DU LION",
    "kind": "entreprise",
    "address": "12 BIS RUE DE LA FORGE",
    "postal_code": "90000",
    "city": "Belfort",
    "naf_rev2": "24.51Z",
    "naf_2025": "24.51Y",
}
DATA = {"name": "Fonderie Martin", "kind": "entreprise"}


@pytest.fixture(autouse=True)
def _morning(db):
    factories.edition()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(client):
    factories.commune()
    person = factories.verified(factories.user("camille@example.org"))
    client.force_login(person)
    return person


@pytest.fixture
def home(person):
    return factories.organization(person, name="Fonderie du Lion", slug="lion")


def said(response):
    return plain([str(each) for each in response.context["messages"]])


def links(page):
    return re.findall(r'href="(/espace/organisation/[^"]*/rejoindre/)"', page)


# Two steps.


def test_first_step_leads_on_with_or_without_a_siret(client, person):
    assert client.get(f"{NEW}?siret=552 081 317 66522").url == f"{DETAILS}?siret={FORGE}"
    assert client.get(f"{NEW}?siret=").url == DETAILS


def test_first_step_explains_a_wrong_siret_and_keeps_it(client, person):
    page = client.get(f"{NEW}?siret=552081").content.decode()
    assert said_beside(page, "siret") == [
        "« 552081 » n’est pas un SIRET : il compte 14 chiffres, par exemple 552 081 317 66522."
    ]
    assert kept(page, ["siret"]) == {"siret": ["552081"]}


def test_first_step_offers_to_join_the_organization_of_the_siret(client, person):
    known = factories.organization(factories.user(), siret=FORGE, name="Fonderie du Lion", slug="lion")
    page = client.get(f"{NEW}?siret={FORGE}").content.decode()
    assert links(page) == [f"/espace/organisation/{known.slug}/rejoindre/"]


def test_second_step_is_filled_in_from_the_register(client, person, register):
    response = client.get(f"{DETAILS}?siret={FORGE}")
    page = response.content.decode()
    assert kept(page, FILLED) == as_sent(FILLED)
    assert (response.context["message"], "data-filled" in page) == (FOUND, True)
    assert Organization.objects.count() == 0


def test_second_step_names_paris_and_not_its_arrondissement(client, person, register):
    paris = factories.commune("59350")
    paris.name = "Paris"
    paris.save()
    paris.pk, paris.parent_id, paris.name = "75112", "59350", "Paris 12e Arrondissement"
    paris.save(force_insert=True)
    place = establishment(commune="75112", code_postal="75012", libelle_commune="PARIS 12")
    register.companies[FORGE] = company(place)
    page = client.get(f"{DETAILS}?siret={FORGE}").content.decode()
    assert kept(page, ["city", "postal_code"]) == as_sent({"city": "Paris", "postal_code": "75012"})


def test_second_step_keeps_the_siret_when_the_register_is_away(client, person):
    response = client.get(f"{DETAILS}?siret={FORGE}")
    assert response.context["message"] == (
        "Le registre des entreprises ne répond pas. Remplissez la fiche à la main."
    )
    assert kept(response.content.decode(), ["siret", "name"]) == as_sent({"siret": FORGE, "name": ""})


def test_second_step_creates_what_was_corrected_by_hand(client, person, register):
    data = FILLED | {"name": "Fonderie du Lion", "website": "www.example.org"}
    response = client.post(DETAILS, data, follow=True)
    assert said(response) == ["« Fonderie du Lion » est créée. Proposez son premier événement."]
    made = person.organizations.get()
    assert (made.name, made.siret, made.address, made.postal_code, made.headquarters_id) == (
        "Fonderie du Lion",
        FORGE,
        "12 BIS RUE DE LA FORGE",
        "90000",
        "90010",
    )
    assert (made.naf_rev2, made.naf_2025, made.website) == ("24.51Z", "24.51Y", "https://www.example.org")
    assert made.memberships.get().role == OWNER
    assert register.asked == []


def test_look_up_answers_the_values_of_the_form(client, person, register):
    assert client.get(f"{LOOK_UP}?siret=552 081 317 66522").json() == {"values": FILLED, "message": FOUND}
    assert client.get(LOOK_UP).json() == {"values": {}, "message": ""}
    assert plain(client.get(f"{LOOK_UP}?siret=12").json()) == {
        "values": {},
        "message": "« 12 » n’est pas un SIRET : il compte 14 chiffres, par exemple 552 081 317 66522.",
    }
    assert len(register.asked) == 1


def test_look_up_stops_after_forty(client, person, register):
    answers = [client.get(f"{LOOK_UP}?siret={FORGE}").json()["message"] for _ in range(41)]
    assert answers == [FOUND] * 40 + [
        "Vous avez cherché beaucoup de SIRET. Attendez dix minutes, ou remplissez la fiche à la main."
    ]


# Names alike.


def test_alike_name_warns_once_then_lets_create(client, person):
    known = factories.organization(factories.user(), name="S.A.S. FONDERIE MARTIN", slug="connue")
    page = client.post(DETAILS, DATA).content.decode()
    assert links(page) == ["/espace/organisation/connue/rejoindre/"]
    assert kept(page, ["name"]) == {"name": ["Fonderie Martin"]}
    assert list(Organization.objects.all()) == [known]
    client.post(DETAILS, DATA | {"anyway": "1"})
    assert person.organizations.get().name == "Fonderie Martin"


def test_alike_names_of_the_same_departement_come_first(client, person):
    factories.commune("59350")
    for code, name in (("90010", "Fonderie Martins"), ("59350", "Fonderie Martin & fils")):
        factories.organization(headquarters=code, name=name, slug=f"a-{code}")
    factories.organization(name="Scierie Durand", slug="autre")
    here = "/espace/organisation/a-90010/rejoindre/"
    there = "/espace/organisation/a-59350/rejoindre/"
    seats = {"Belfort": [here, there], "Lille": [there, here], "": [here, there]}
    found = {city: links(client.post(DETAILS, DATA | {"city": city}).content.decode()) for city in seats}
    assert found == seats


def test_ones_own_organization_of_a_similar_name_warns_nobody(client, person, home):
    client.post(DETAILS, DATA | {"name": "Fonderie du Lion 2"})
    assert person.organizations.count() == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_warning_costs_the_same_queries(client, person, rows, django_assert_num_queries):
    for number in range(rows):
        factories.organization(name=f"Fonderie Martin {number}", slug=f"a-{number}")
    with django_assert_num_queries(4):
        assert len(links(client.post(DETAILS, DATA).content.decode())) == rows


# My organizations.


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_mine_costs_the_same_queries(client, person, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.organization(person)
        other = factories.organization(factories.user())
        membership.invite(other, person.email, EDITOR, by=other.members.get(), at=NOW)
        membership.request_to_join(factories.organization(factories.user()), by=person, at=NOW, message="")
    with django_assert_num_queries(7):
        page = client.get(MINE).content.decode()
    assert len(re.findall(r'<h2><a href="/espace/organisation/', page)) == rows
    assert len(re.findall(r'action="/espace/invitations/\d+/accepter/"', page)) == rows
    assert page.count("sans réponse encore") == rows


def test_list_shows_ones_own_only_with_ones_role(client, person, home):
    other = factories.organization(factories.user(), name="Fonderie secrète")
    Membership.objects.create(user=person, organization=factories.organization(name="Forge"), role=EDITOR)
    membership.request_to_join(home, by=factories.user(), at=NOW, message="")
    response = client.get(MINE)
    assert [(each.name, each.role, each.requests) for each in response.context["organizations"]] == [
        ("Fonderie du Lion", "owner", 1),
        ("Forge", "editor", 0),
    ]
    assert other.name not in response.content.decode()


def test_space_of_a_newcomer_leads_to_their_invitations(client, person):
    other = factories.organization(factories.user(), name="Forge", slug="forge")
    invitation = membership.invite(other, "Camille@example.org", EDITOR, by=other.members.get(), at=NOW)
    response = client.get("/espace/", follow=True)
    assert (response.redirect_chain, response.context["invitations"]) == ([(MINE, 302)], [invitation])
    answer = client.post(f"/espace/invitations/{invitation.pk}/accepter/", follow=True)
    assert (said(answer), person.organizations.get()) == (["Vous êtes membre de « Forge »."], other)


# Members.


@pytest.mark.parametrize("rows", [1, 3])
def test_members_page_costs_the_same_queries(client, person, home, rows, django_assert_num_queries):
    for number in range(rows):
        factories.member(home, OWNER)
        membership.request_to_join(home, by=factories.user(), at=NOW, message="")
        membership.invite(home, f"{number}@example.org", EDITOR, by=person, at=NOW)
    with django_assert_num_queries(8):
        response = client.get(HOME)
    found = response.context
    assert (len(found["members"]), len(found["requests"]), len(found["invitations"])) == (
        rows + 1,
        rows,
        rows,
    )


def test_editor_sees_members_but_neither_invitations_nor_requests(client, person):
    owner = factories.user("responsable@example.org")
    home = factories.organization(owner, name="Fonderie du Lion", slug="lion")
    Membership.objects.create(user=person, organization=home, role=EDITOR)
    membership.invite(home, "invitee@example.org", EDITOR, by=owner, at=NOW)
    membership.request_to_join(home, by=factories.user("demande@example.org"), at=NOW, message="")
    page = client.get(HOME).content.decode()
    words = ("responsable@example.org", "invitee@example.org", "demande@example.org", "Inviter", "Modifier")
    assert [word for word in words if word in page] == ["responsable@example.org"]


def test_invitation_is_sent_from_the_page(client, person, home):
    answer = client.post(f"{HOME}inviter/", {"email": "dominique@example.org", "role": "editor"}, follow=True)
    assert said(answer) == ["L’invitation est envoyée à dominique@example.org. Elle vaut quatorze jours."]
    assert home.invitations.get().email == "dominique@example.org"


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Écrivez l’adresse de la personne que vous invitez."),
        (
            "dominique",
            "« dominique » n’est pas une adresse électronique : écrivez-la comme prenom.nom@exemple.fr.",
        ),
        (
            "a" * 250 + "@example.org",
            "« Adresse électronique » compte 262 caractères : gardez-en 254 au plus.",
        ),
    ],
)
def test_wrong_address_is_explained_and_kept(client, person, home, email, message):
    page = client.post(f"{HOME}inviter/", {"email": email, "role": "editor"}).content.decode()
    assert (said_beside(page, "email")[0], kept(page, ["email"])) == (message, {"email": [email]})
    assert (home.invitations.count(), OutboxMessage.objects.count()) == (0, 0)


def test_unknown_role_is_explained(client, person, home):
    for address in ("inviter/", f"membres/{home.memberships.get().pk}/"):
        factories.member(home, OWNER)
        page = client.post(HOME + address, {"email": "d@example.org", "role": "pirate"}).content.decode()
        assert said_beside(page, "role") == ["« pirate » n’est pas dans la liste : choisissez-y un rôle."]


def test_last_owner_is_told_why_they_stay(client, person, home):
    factories.member(home)
    last = "C’est le dernier responsable : nommez d’abord un autre responsable."
    member = f"{HOME}membres/{home.memberships.get(user=person).pk}/"
    assert "Vous ne pouvez pas partir" in client.get(HOME).content.decode()
    assert plain(client.get(member).context["why_not"]) == last
    for address, data in ((member, {"role": "editor"}), (f"{member}retirer/", {}), (f"{HOME}quitter/", {})):
        assert said(client.post(address, data, follow=True)) == [last]
    assert home.memberships.get(user=person).role == OWNER


def test_owner_hands_over_and_leaves(client, person, home):
    member = home.memberships.get(user=factories.member(home))
    answer = client.post(f"{HOME}membres/{member.pk}/", {"role": "owner"}, follow=True)
    assert said(answer) == [f"Le rôle de {member.user} est enregistré."]
    answer = client.post(f"{HOME}quitter/", follow=True)
    assert (said(answer), answer.redirect_chain) == (
        ["Vous avez quitté « Fonderie du Lion »."],
        [(MINE, 302)],
    )
    assert client.get(HOME).status_code == 404


def test_member_removed_loses_the_events_at_once(client, person, home):
    other = factories.member(home)
    event = factories.draft(other)
    pk = home.memberships.get(user=other).pk
    client.post(f"{HOME}membres/{pk}/retirer/")
    client.force_login(other)
    assert client.get(f"/espace/evenements/{event.pk}/").status_code == 404


# Asking.


@pytest.fixture
def elsewhere(person):
    owner = factories.user("responsable@example.org")
    return factories.organization(owner, name="Fonderie du Lion", slug="lion")


def test_join_page_tells_nothing_of_the_members(client, person, elsewhere):
    owner = elsewhere.members.get()
    pages = [client.get(f"{HOME}rejoindre/").content.decode()]
    for _ in range(2):
        answer = client.post(f"{HOME}rejoindre/", {"message": "Service formation"}, follow=True)
        pages.append(answer.content.decode())
    assert said(answer) == [
        "Votre demande est envoyée aux responsables de « Fonderie du Lion ». Leur réponse vous viendra par courriel."
    ]
    pages.append(client.get(f"{HOME}rejoindre/").content.decode())
    assert "Votre demande est envoyée." in pages[-1]
    assert [word for page in pages for word in (owner.name, owner.email) if word in page] == []
    assert (JoinRequest.objects.get().message, OutboxMessage.objects.count()) == ("Service formation", 1)


def test_join_page_says_why_not(client, person, home):
    page = client.get(f"{HOME}rejoindre/").content.decode()
    assert "Vous êtes déjà membre de «\xa0Fonderie du Lion\xa0»." in page
    assert "Envoyer la demande" not in page
    answer = client.post(f"{HOME}rejoindre/", {"message": ""}, follow=True)
    assert said(answer) == ["Vous êtes déjà membre de « Fonderie du Lion »."]


def test_request_is_answered_from_its_page(client, person, home):
    asked = membership.request_to_join(home, by=factories.user(), at=NOW, message="Service <b>formation</b>")
    address = f"{HOME}demandes/{asked.pk}/"
    assert "Service &lt;b&gt;formation&lt;/b&gt;" in client.get(address).content.decode()
    client.post(address, {"answer": "pirate"})
    assert JoinRequest.objects.get().is_open
    assert said(client.post(address, {"answer": "accept"}, follow=True)) == [
        f"Votre réponse est envoyée à {asked.user}."
    ]
    again = client.post(address, {"answer": "refuse"}, follow=True)
    assert said(again) == [f"Cette demande a déjà été acceptée par {person}."]
    assert f"Acceptée par {person}" in client.get(address).content.decode()
    assert home.memberships.count() == 2


def test_request_of_another_organization_is_not_there(client, person, home):
    other = factories.organization(factories.user())
    asked = membership.request_to_join(other, by=factories.user(), at=NOW, message="")
    invited = membership.invite(other, "x@example.org", EDITOR, by=other.members.get(), at=NOW)
    pk = other.memberships.get().pk
    paths = [f"demandes/{asked.pk}/", f"membres/{pk}/", f"membres/{pk}/retirer/"]
    paths += [f"invitations/{invited.pk}/retirer/"]
    assert [client.post(HOME + path, {"answer": "accept"}).status_code for path in paths] == [404] * 4
    assert (JoinRequest.objects.get().is_open, other.invitations.count()) == (True, 1)


# The link of an invitation.


def link_to(home, email):
    membership.invite(home, email, EDITOR, by=home.members.first(), at=NOW)
    text = OutboxMessage.objects.filter(recipient=email).last().text
    return re.search("/espace/invitation/.+/", text)[0]


def test_link_is_accepted_once_by_the_verified_address(client, person, elsewhere):
    link = link_to(elsewhere, "camille@example.org")
    assert "Accepter l’invitation" in client.get(link).content.decode()
    assert elsewhere.memberships.count() == 1
    first = client.post(link, follow=True)
    assert (said(first), first.redirect_chain) == (
        ["Vous êtes membre de « Fonderie du Lion »."],
        [(HOME, 302)],
    )
    assert client.post(link).url == MINE
    assert [each.role for each in elsewhere.memberships.order_by("pk")] == ["owner", "editor"]


def test_link_of_another_address_tells_neither_the_organization_nor_the_address(client, person, elsewhere):
    link = link_to(elsewhere, "dominique@example.org")
    page = client.get(link).content.decode()
    assert "Cette invitation a été envoyée à une autre adresse que celle de votre compte." in page
    assert [word for word in ("Fonderie du Lion", "dominique@") if word in page] == []
    client.post(link)
    assert elsewhere.memberships.count() == 1


def test_link_asks_for_a_sign_in_and_comes_back(client, elsewhere):
    link = link_to(elsewhere, "camille@example.org")
    client.logout()
    assert client.get(link).url == f"/compte/connexion/?next={link}"


def test_link_that_leads_nowhere_is_explained(client, person):
    response = client.get("/espace/invitation/x/")
    assert (response.status_code, "Invitation introuvable" in response.content.decode()) == (404, True)


def test_invitation_to_another_cannot_be_accepted_from_the_list(client, person, elsewhere):
    link_to(elsewhere, "dominique@example.org")
    pk = elsewhere.invitations.get().pk
    assert client.post(f"/espace/invitations/{pk}/accepter/").status_code == 404


# Every page is valid HTML.


def test_every_page_is_valid_html(client, person, home):
    other = factories.member(home, OWNER)
    asked = membership.request_to_join(home, by=factories.user(), at=NOW, message="Bonjour\n\nService")
    elsewhere = factories.organization(factories.user(), name="Fonderie Martin", slug="autre")
    link = link_to(elsewhere, person.email)
    pk = home.memberships.get(user=other).pk
    paths = [MINE, NEW, f"{NEW}?siret=1", f"{DETAILS}?siret={FORGE}", HOME, f"{HOME}modifier/", link]
    paths += [f"{HOME}{end}" for end in ("quitter/", "rejoindre/", f"demandes/{asked.pk}/")]
    paths += [f"{HOME}membres/{pk}/", f"{HOME}membres/{pk}/retirer/", "/espace/organisation/autre/rejoindre/"]
    pages = {path: client.get(path).content.decode() for path in paths}
    pages["warning"] = client.post(DETAILS, DATA).content.decode()
    pages["errors"] = client.post(f"{HOME}inviter/", {}).content.decode()
    assert {path: faults(page) for path, page in pages.items() if faults(page)} == {}
