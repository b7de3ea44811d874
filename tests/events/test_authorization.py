"""Who may go where: every address, for everybody, against a literal table."""

import re
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import uuid4

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from events import workflow
from events.enums import Rule, Status
from events.models import AttendanceReport, Decision, Event, Note, OrganizerMessage
from organizers import membership, tokens
from organizers.enums import MembershipRole, OfficeKind
from organizers.models import Membership
from semaine.models import OutboxMessage
from tests import factories
from tests.events import form_pages
from tests.events.form_pages import NEW, as_sent, kept, plain, typed
from tests.events.imports import files
from tests.events.test_workflow import standing
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/events/event/"


@pytest.fixture(autouse=True)
def _noon(db):
    factories.edition()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner():
    person = factories.user()
    factories.organization(person)
    return person


def everybody(owner):
    """A client for each kind of person, in the order of the tables below."""
    stranger, editor, retired = factories.user(), factories.user(), factories.user(is_staff=True)
    factories.organization(stranger)
    home = owner.organizations.get()
    Membership.objects.create(user=editor, organization=home, role=MembershipRole.EDITOR)
    closed = factories.referent()
    closed.is_active = False
    closed.save()
    civilian = factories.referent()
    civilian.is_staff = False
    civilian.save()
    people = {
        "anonymous": None,
        "stranger": stranger,
        "editor": editor,
        "owner": owner,
        "referent": factories.referent(),
        "elsewhere": factories.referent(territory="59"),
        "regional": factories.referent(OfficeKind.REGIONAL, "27"),
        "national": factories.national(),
        "officeless": retired,
        "suspended": factories.referent(is_active=False),
        "closed": closed,
        "not staff": civilian,
    }
    clients = {}
    for name, person in people.items():
        clients[name] = Client()
        if person:
            sign_in(clients[name], person) if person.is_staff else clients[name].force_login(person)
    return clients


NAMES = (
    "anonymous", "stranger", "editor", "owner", "referent", "elsewhere", "regional", "national", "officeless",
    "suspended", "closed", "not staff",
)  # fmt: skip


def answer(response):
    """A status, or where a redirection leads: to the sign-in, or to an address."""
    if response.status_code not in (301, 302):
        return response.status_code
    if response.url.split("?")[0] in ("/compte/connexion/", "/admin/login/"):
        return "in"
    return response.url


ORG, LOGIN = "/espace/organisation/", "in"
# In the order of NAMES: four of the public and of organizers, four agents, then those who are agents no more.
OWN = ("in", 404, 200, 200, 404, 404, 404, 404, 404, 404, "in", 404)
NO_LABEL = ("in", *[404] * 9, "in", 404)
SPACE = ("in", 200, 200, 200, QUEUE, QUEUE, QUEUE, QUEUE, ORG, ORG, "in", QUEUE)
NEW_EVENT = ("in", 200, 200, 200, ORG, ORG, ORG, ORG, ORG, ORG, "in", ORG)
# What an organization keeps for its owners.
OWNERS = ("in", 404, 404, 200, 404, 404, 404, 404, 404, 404, "in", 404)
SIGNED = ("in", 200, 200, 200, 200, 200, 200, 200, 200, 200, "in", 200)
ONLY_POST = ("in", 405, 405, 405, 405, 405, 405, 405, 405, 405, "in", 405)
STAFF = ("in", "in", "in", "in", 200, 200, 200, 200, "in", "in", "in", "in")
NO_STAFF = ("in", "in", "in", "in", 403, 403, 403, 403, "in", "in", "in", "in")
NATIONAL = ("in", "in", "in", "in", 403, 403, 403, 200, "in", "in", "in", "in")
IN_SCOPE = ("in", "in", "in", "in", 200, 404, 200, 200, "in", "in", "in", "in")
NOT_IN_SCOPE = ("in", "in", "in", "in", 403, 404, 403, 403, "in", "in", "in", "in")
FROM_THE_REGION = ("in", "in", "in", "in", 404, 404, 200, 200, "in", "in", "in", "in")
NOBODY = ("in", "in", "in", "in", 404, 404, 404, 404, "in", "in", "in", "in")
STAFF_POST = ("in", "in", "in", "in", 405, 405, 405, 405, "in", "in", "in", "in")
EVERYBODY = (200,) * 12
NEVER = (404,) * 12

CHANGE = "/compte/mot-de-passe/changer/"


def by(otherwise, agent):
    """One answer for those who have no second factor, another for the agents, who have one."""
    return ("in", *[otherwise] * 3, *[agent] * 6, "in", otherwise)


def confirmed_first(path):
    """Everybody for themselves, after having given their password again; an agent, the code of their application."""
    there = "next=" + quote(f"/compte/securite/{path}".replace("securite/../", ""), safe="")
    return by(f"/compte/confirmer/?{there}", f"/compte/confirmer/code/?{there}")


PRIVATE = {
    "/espace/": SPACE,
    "/espace/evenements/nouveau/": NEW_EVENT,
    "/espace/organisation/": SIGNED,
    "/espace/organisation-nouvelle/": SIGNED,
    "/espace/organisation-nouvelle/fiche/": SIGNED,
    "/espace/organisation-nouvelle/siret.json": SIGNED,
    "/espace/organisation/{slug}/": OWN,
    "/espace/organisation/{slug}/quitter/": OWN,
    "/espace/organisation/{slug}/rejoindre/": SIGNED,
    "/espace/organisation/{slug}/modifier/": OWNERS,
    "/espace/organisation/{slug}/membres/{member}/": OWNERS,
    "/espace/organisation/{slug}/membres/{member}/retirer/": OWNERS,
    "/espace/organisation/{slug}/membres/{other}/": ("in", *[404] * 9, "in", 404),
    "/espace/organisation/{slug}/demandes/{asked}/": OWNERS,
    "/espace/organisation/{slug}/demandes/999999/": ("in", *[404] * 9, "in", 404),
    "/espace/organisation/{slug}/jetons/": OWNERS,
    "/espace/organisation/{slug}/jetons/{issued}/revoquer/": ONLY_POST,
    "/espace/organisation/nulle-part/jetons/": ("in", *[404] * 9, "in", 404),
    "/espace/organisation/{slug}/inviter/": ONLY_POST,
    "/espace/organisation/{slug}/invitations/{invited}/retirer/": ONLY_POST,
    "/espace/organisation/nulle-part/": ("in", *[404] * 9, "in", 404),
    "/espace/organisation/nulle-part/rejoindre/": ("in", *[404] * 9, "in", 404),
    "/espace/invitations/{invited}/accepter/": ONLY_POST,
    "/espace/invitation/inconnue/": ("in", *[404] * 9, "in", 404),
    "/espace/invitation/{token}/": SIGNED,
    "/espace/evenements/{pk}/": OWN,
    "/espace/evenements/{pk}/quoi/": OWN,
    "/espace/evenements/{pk}/quand/": OWN,
    "/espace/evenements/{pk}/ou/": OWN,
    "/espace/evenements/{pk}/qui/": OWN,
    "/espace/evenements/{pk}/nulle-part/": NEVER,
    "/espace/evenements/{pk}/envoyer/": OWN,
    "/espace/evenements/{pk}/annuler/": OWN,
    "/espace/evenements/{pk}/supprimer/": OWN,
    "/espace/evenements/{pk}/retablir/": ONLY_POST,
    "/espace/evenements/{pk}/kit/": NO_LABEL,
    "/espace/evenements/{pk}/kit/certificat.pdf": NO_LABEL,
    "/espace/evenements/{pk}/bilan/": NO_LABEL,
    "/espace/evenements/{pk}/dupliquer/": ONLY_POST,
    "/espace/evenements/{pk}/reconduire/": ONLY_POST,
    "/espace/evenements/{pk}/abandonner/": ONLY_POST,
    "/espace/reconduire/": SIGNED,
    "/espace/envoyer/": SIGNED,
    "/espace/import/": NEW_EVENT,
    "/espace/import/modele.xlsx": SIGNED,
    "/espace/import/modele.csv": SIGNED,
    "/espace/import/{sent}/": OWN,
    "/espace/import/{sent}/avancement.json": OWN,
    "/espace/import/{sent}/remarques/": OWN,
    "/espace/import/{sent}/reprendre/": ONLY_POST,
    "/espace/import/{sent}/effacer/": ONLY_POST,
    "/espace/import/999999/": ("in", *[404] * 9, "in", 404),
    "/espace/evenements/999999/": ("in", *[404] * 9, "in", 404),
    "/compte/": SIGNED,
    "/compte/confirmer/": by(200, "/compte/confirmer/code/"),
    "/compte/mes-donnees.json": SIGNED,
    "/compte/mot-de-passe/changer/": SIGNED,
    "/compte/mot-de-passe/choisir/": tuple(each if each == "in" else CHANGE for each in SIGNED),
    "/compte/proconnect/": ("in", *[404] * 9, "in", 404),
    "/compte/securite/": SIGNED,
    "/compte/securite/application/": confirmed_first("application/"),
    "/compte/securite/application/retirer/": by(404, confirmed_first("application/retirer/")[4]),
    "/compte/securite/cles/999999/nom/": confirmed_first("cles/999999/nom/"),
    "/compte/securite/cles/999999/retirer/": confirmed_first("cles/999999/retirer/"),
    "/compte/securite/cles/ajouter/": confirmed_first("cles/ajouter/"),
    "/compte/securite/codes/": ("in", *[404] * 9, "in", 404),
    "/compte/securite/codes/codes-de-secours.txt": ("in", *[404] * 9, "in", 404),
    "/compte/securite/codes/nouveaux/": confirmed_first("codes/nouveaux/"),
    "/compte/supprimer/": confirmed_first("../supprimer/"),
    # The last one: it lists the account's own address, unconfirmed here, and no factor is added meanwhile.
    "/compte/adresse/": SIGNED,
    "/compte/connexions/": SIGNED,
}
# What goes with the label.
LABELLED = {
    "/espace/evenements/{pk}/kit/": OWN,
    "/espace/evenements/{pk}/kit/certificat.pdf": OWN,
    "/espace/evenements/{pk}/kit/affiche-a4.pdf": OWN,
    "/espace/evenements/{pk}/kit/image-haute.png": OWN,
    "/espace/evenements/{pk}/bilan/": OWN,
}
ADMIN = {
    "/admin/": STAFF,
    "/admin/jsi18n/": STAFF,
    "/admin/password_change/": tuple(each if each == "in" else CHANGE for each in STAFF),
    "/admin/events/": STAFF,
    "/admin/events/event/": STAFF,
    "/admin/events/event/add/": NO_STAFF,
    "/admin/events/event/{pk}/examiner/": IN_SCOPE,
    "/admin/events/event/{pk}/transmettre/": IN_SCOPE,
    "/admin/events/event/{pk}/comparer/{pk}/": IN_SCOPE,
    "/admin/events/event/{pk}/comparer/999999/": NOBODY,
    "/admin/events/event/{pk}/annuler-la-decision/": STAFF_POST,
    "/admin/events/event/{pk}/note/": STAFF_POST,
    "/admin/events/event/decider/?dossier={pk}": IN_SCOPE,
    "/admin/events/event/decider/?dossier=999999": NOBODY,
    "/admin/events/event/{pk}/history/": IN_SCOPE,
    "/admin/events/event/{pk}/delete/": NOT_IN_SCOPE,
    "/admin/events/event/999999/examiner/": NOBODY,
    "/admin/events/organizermessage/": NATIONAL,
    "/admin/events/organizermessage/add/": NATIONAL,
    "/admin/events/organizermessage/{message}/change/": NATIONAL,
    "/admin/events/organizermessage/{message}/envoyer/": NATIONAL,
    "/admin/events/featuredevent/": NATIONAL,
    "/admin/events/featuredevent/add/": NATIONAL,
    "/admin/events/replytemplate/": STAFF,
    "/admin/events/replytemplate/add/": STAFF,
    "/admin/events/replytemplate/999999/change/": NOBODY,
    "/admin/events/term/": NATIONAL,
    "/admin/events/term/add/": NATIONAL,
    "/admin/organizers/": STAFF,
    "/admin/organizers/office/": STAFF,
    "/admin/organizers/edition/": NOBODY,
    "/admin/semaine/edition/": NATIONAL,
    "/admin/semaine/edition/999999/outils/publier/": ("in",) * 4 + (403, 403, 403, 404) + ("in",) * 4,
    "/admin/autocomplete/": NO_STAFF,
    "/admin/r/{kind}/{pk}/": NOBODY,
    "/admin/nulle-part/": NOBODY,
    "/admin/qualite/": STAFF,
    "/admin/qualite/?departement=90": IN_SCOPE,
    "/admin/qualite/{pk}/placer/": ("in", "in", "in", "in", 405, 405, 405, 405, "in", "in", "in", "in"),
    "/admin/tableau-de-bord/": STAFF,
    "/admin/tableau-de-bord/chiffres.csv": STAFF,
    "/admin/tableau-de-bord/liste/": STAFF,
    "/admin/tableau-de-bord/liste.csv": STAFF,
    "/admin/tableau-de-bord/?departement=90": IN_SCOPE,
    "/admin/tableau-de-bord/liste/?departement=90": IN_SCOPE,
    "/admin/tableau-de-bord/liste.csv?region=27": FROM_THE_REGION,
    "/admin/tableau-de-bord/resume/": ("in", "in", "in", "in", 405, 405, 405, 405, "in", "in", "in", "in"),
}
PUBLIC = {
    "/": EVERYBODY,
    "/programme/": EVERYBODY,
    "/editions/": EVERYBODY,
    "/editions/2025/": EVERYBODY,
    "/carte/": EVERYBODY,
    "/carte/donnees.json?zoom=5": EVERYBODY,
    "/programme.json": EVERYBODY,
    "/programme.csv": EVERYBODY,
    "/programme.xlsx": EVERYBODY,
    "/programme.geojson": EVERYBODY,
    "/programme.ics": EVERYBODY,
    "/programme.atom": EVERYBODY,
    "/api/v1/schema.json": EVERYBODY,
    "/evenements/2025/visite-de-la-fonderie/": EVERYBODY,
    "/evenements/2025/visite-de-la-fonderie.ics": EVERYBODY,
    "/evenements/2025/retire/": (410,) * 12,
    "/integration/evenement/2025/visite-de-la-fonderie/": EVERYBODY,
    "/integration/evenement/2025/retire/": (410,) * 12,
    "/integration/evenement/2025/repris/": NEVER,
    "/oembed/?url=http://testserver/evenements/2025/visite-de-la-fonderie/": EVERYBODY,
    "/oembed/?url=http://testserver/evenements/2025/retire/": NEVER,
    "/oembed/?url=http://testserver/evenements/2025/repris/": NEVER,
    "/evenements/2025/retire.ics": NEVER,
    "/evenements/2025/repris/": NEVER,
    "/evenements/2025/repris.ics": NEVER,
    "/evenements/2026/visite-de-la-fonderie/": NEVER,
    "/evenements/2025/visite-de-la-fonderie.png": EVERYBODY,
    "/evenements/2025/visite-de-la-fonderie/signaler/": EVERYBODY,
    "/evenements/2025/retire/signaler/": NEVER,
    "/label/SI-2025-90-0001/": EVERYBODY,
    "/label/SI-2025-90-9999/": NEVER,
    "/media/evenements/00000000000000000000000000000000.webp": NEVER,
    "/ma-selection/": EVERYBODY,
    "/ma-selection.ics": NEVER,
    "/integration/": EVERYBODY,
    "/integration/liste/": EVERYBODY,
    "/integration/carte/": EVERYBODY,
    "/organisateurs/nulle-part/": NEVER,
    "/territoires/": EVERYBODY,
    "/territoires/outre-mer/": EVERYBODY,
    "/territoires/r27/": EVERYBODY,
    "/territoires/r27/d90/": EVERYBODY,
    "/referents/": EVERYBODY,
    "/labelliser/": EVERYBODY,
    "/accessibilite/": EVERYBODY,
    "/mentions-legales/": EVERYBODY,
    "/donnees-personnelles/": EVERYBODY,
    "/plan-du-site/": EVERYBODY,
    "/communes.json?q=Belfort": EVERYBODY,
    "/robots.txt": EVERYBODY,
    "/sitemap.xml": EVERYBODY,
    "/sitemap-nulle-part.xml": NEVER,
    "/.well-known/security.txt": NEVER,
    "/programme.pdf": EVERYBODY,
    "/territoires/outre-mer.pdf": EVERYBODY,
    "/territoires/r27.pdf": EVERYBODY,
    "/territoires/r27/d90.pdf": EVERYBODY,
    "/territoires/r27/presse/": EVERYBODY,
    "/territoires/r27/d90/presse/": EVERYBODY,
    "/chiffres/": EVERYBODY,
    "/chiffres.pdf": EVERYBODY,
    "/chiffres/regions.csv": EVERYBODY,
    "/chiffres/999999/": NEVER,
    "/chiffres/999999.pdf": NEVER,
    "/chiffres/999999/regions.csv": NEVER,
    "/chiffres/2025-10-01/": NEVER,
    "/sante": EVERYBODY,
    "/sante/pret": EVERYBODY,
    "/api/v1/": EVERYBODY,
    "/api/v1/openapi.json": EVERYBODY,
    "/api/v1/events": EVERYBODY,
    "/api/v1/events?edition=2026": (400,) * 12,
    "/api/v1/events/999999": NEVER,
    "/api/v1/events/validate": (405,) * 12,
    "/api/v1/facets": EVERYBODY,
    "/api/v1/organizations": EVERYBODY,
    "/api/v1/organizations/1/events/ext/agenda/12": (405,) * 12,
    "/api/v1/territories": EVERYBODY,
    "/api/v1/nulle-part": NEVER,
}


def table(clients, addresses, **values):
    return {
        address: dict(
            zip(NAMES, (answer(each.get(address.format(**values))) for each in clients.values()), strict=True)
        )
        for address in addresses
    }


def literal(addresses):
    return {address: dict(zip(NAMES, row, strict=True)) for address, row in addresses.items()}


def around(owner):
    """What the addresses about an organization name: its members, who asks, and who is invited."""
    home = owner.organizations.get()
    asked = membership.request_to_join(home, by=factories.user(), at=NOW, message="")
    invited = membership.invite(home, "camille@example.org", "editor", by=owner, at=NOW)
    mail = OutboxMessage.objects.get(recipient="camille@example.org")
    return {
        "slug": home.slug,
        "member": home.memberships.exclude(user=owner).get().pk,
        "other": Membership.objects.exclude(organization=home).get().pk,
        "asked": asked.pk,
        "invited": invited.pk,
        "issued": tokens.issue(home, "Agenda", by=owner, at=NOW)[0].pk,
        "token": re.search("/espace/invitation/(.+)/", mail.text)[1],
    }


def test_private_addresses_answer_as_the_table_says(owner):
    clients = everybody(owner)
    event = factories.submitted(owner)
    sent = files.worked(files.received(owner, files.csv_of(files.line(1)), factories.edition()))
    assert table(clients, PRIVATE, pk=event.pk, sent=sent.pk, **around(owner)) == literal(PRIVATE)


def test_what_goes_with_the_label_answers_as_the_table_says(owner):
    clients = everybody(owner)
    event = factories.labelled(owner)
    assert table(clients, LABELLED, pk=event.pk) == literal(LABELLED)


def test_admin_addresses_answer_as_the_table_says(owner):
    clients = everybody(owner)
    event = factories.submitted(owner)
    for client in clients.values():
        client.raise_request_exception = False
    kind = ContentType.objects.get_for_model(Event).pk
    message = OrganizerMessage.objects.create(
        edition=event.edition, stage="envoyes", created_by=factories.national(), created_at=NOW
    ).pk
    assert table(clients, ADMIN, pk=event.pk, kind=kind, message=message) == literal(ADMIN)


def test_change_address_of_the_admin_leads_to_the_examination_in_scope_only(owner):
    event = factories.submitted(owner)
    there = f"{QUEUE}{event.pk}/examiner/"
    row = ("in", "in", "in", "in", there, 404, there, there, "in", "in", "in", "in")
    address = f"{QUEUE}{event.pk}/change/"
    assert table(everybody(owner), [address]) == literal({address: row})


def test_public_addresses_answer_everybody_alike(owner):
    factories.labelled(owner)
    factories.edition(2026, is_published=False)
    by = factories.national()
    withdrawn = factories.labelled(title="Retiré")
    workflow.withdraw(withdrawn, by=by, at=NOW, comment="Payant.")
    Event.objects.filter(pk=withdrawn.pk).update(slug="retire")
    again = factories.labelled(title="Repris")
    again = workflow.withdraw(again, by=by, at=NOW, comment="Payant.")
    workflow.reinstate(again, by=by, at=NOW, comment="Gratuit.")
    assert table(everybody(owner), PUBLIC) == literal(PUBLIC)


def test_sign_in_comes_back_to_the_address_that_was_asked(owner):
    event = factories.submitted(owner)
    for address in (f"/espace/evenements/{event.pk}/", "/espace/"):
        assert Client().get(address).url == f"/compte/connexion/?next={address}"


def test_draft_is_no_agents_business(owner):
    event = factories.draft(owner)
    row = NOBODY
    addresses = {
        f"{QUEUE}{event.pk}/{action}/": row for action in ("examiner", "change", "history", "delete")
    }
    assert table(everybody(owner), addresses) == literal(addresses)


# What a POST may write.

SENT = ("in", 404, "done", "done", 404, 404, 404, 404, 404, 404, "in", 404)
# No term of the lists is loaded here.
NO_TERMS = {
    "quoi": {"format_code": "", "sector_codes": [], "topic_codes": []},
    "quand": {},
    "ou": {},
    "qui": {},
}
MAKERS = {
    "envoyer/": factories.draft,
    "annuler/": factories.submitted,
    "retablir/": lambda owner: workflow.cancel(
        factories.submitted(owner), by=owner, at=NOW, comment="Panne."
    ),
    "supprimer/": factories.draft,
    "dupliquer/": factories.labelled,
    "reconduire/": lambda owner: labelled_last_year(owner),
    "abandonner/": lambda owner: standing("labelled:amended", organizer=owner),
    "quoi/": factories.draft,
    "quand/": factories.draft,
    "ou/": factories.draft,
    "qui/": factories.draft,
}


def labelled_last_year(owner):
    return factories.labelled(
        owner,
        at=datetime(2024, 10, 1, tzinfo=UTC),
        in_edition=factories.edition(2024),
        slots=[factories.slot("2024-11-20")],
    )


def written(client, address, data):
    """What a POST answers; « done » when it wrote something."""

    def state():
        return (
            list(Event.objects.order_by("pk").values_list("pk", "status", "title", "version")),
            Decision.objects.count(),
            OutboxMessage.objects.count(),
            Note.objects.count(),
        )

    before = state()
    response = client.post(address, data)
    return "done" if state() != before else answer(response)


@pytest.mark.parametrize("action", MAKERS)
def test_only_members_write_on_their_event(owner, action):
    found = {}
    for name, client in everybody(owner).items():
        event = MAKERS[action](owner)
        step = action.rstrip("/")
        data = typed(step, event, **NO_TERMS[step]) if step in NO_TERMS else {}
        data |= form_pages.slots() if step == "quand" else {}
        address = f"/espace/evenements/{event.pk}/{action}"
        found[name] = written(client, address, data | {"comment": "Panne."})
    assert found == dict(zip(NAMES, SENT, strict=True))


# In the order of NAMES; only an owner changes who is in.
CHANGED = ("in", 404, 404, "done", 404, 404, 404, 404, 404, 404, "in", 404)
CHANGES = {
    "inviter/": {"email": "dominique@example.org", "role": "editor"},
    "membres/{member}/": {"role": "owner"},
    "membres/{member}/retirer/": {},
    "demandes/{asked}/": {"answer": "accept"},
    "invitations/{invited}/retirer/": {},
    "modifier/": {"name": "Forge", "kind": "entreprise"},
    "jetons/": {"name": "Agenda du site"},
    "jetons/{issued}/revoquer/": {},
}


@pytest.mark.parametrize("action", CHANGES)
def test_only_owners_change_their_organization(owner, action):
    found, clients, names = {}, everybody(owner), around(owner)

    def state():
        home = owner.organizations.get()
        members = list(home.memberships.order_by("pk").values_list("user", "role"))
        waiting = home.invitations.waiting().count(), home.join_requests.waiting().count()
        return home.name, members, waiting, home.api_tokens.standing().count()

    for name, client in clients.items():
        before = state()
        address = f"/espace/organisation/{names['slug']}/{action.format(**names)}"
        response = client.post(address, CHANGES[action])
        found[name] = "done" if state() != before else answer(response)
    assert found == dict(zip(NAMES, CHANGED, strict=True))


def test_only_members_write_the_report(owner):
    found = {}
    with time_machine.travel("2025-11-21T08:00Z", tick=False):
        for name, client in everybody(owner).items():
            event = factories.labelled(owner)
            found[name] = answer(client.post(f"/espace/evenements/{event.pk}/bilan/", {"total": "3"}))
            reports = AttendanceReport.objects.filter(event=event).count()
            found[name] = "done" if reports else found[name]
    assert found == dict(zip(NAMES, SENT, strict=True))


# A stranger to the import finds nothing; its members take it up again or erase it.
IMPORT_ACTS = ("in", 404, 302, 302, 404, 404, 404, 404, 404, 404, "in", 404)


@pytest.mark.parametrize("action", ["reprendre/", "effacer/"])
def test_only_members_act_on_their_import(owner, action):
    found = {}
    for name, client in everybody(owner).items():
        sent = files.worked(files.received(owner, files.csv_of(files.line(1)), factories.edition()))
        response = client.post(f"/espace/import/{sent.pk}/{action}")
        led = response.status_code == 302 and response.url.startswith("/espace/import/")
        found[name] = 302 if led else answer(response)
    assert found == dict(zip(NAMES, IMPORT_ACTS, strict=True))


DECIDED = ("in", "in", "in", "in", "done", 404, "done", "done", "in", "in", "in", "in")


@pytest.mark.parametrize("decision", ["label", "request_changes", "refuse", "cancel"])
def test_only_agents_of_the_territory_decide(owner, decision):
    found = {}
    data = {
        "decision": decision,
        "comment": "Précisez.",
        "rule": "free",
        "purpose_confirmed": "on",
        "version": "1",
    }
    for name, client in everybody(owner).items():
        event = factories.submitted(owner)
        found[name] = written(client, f"{QUEUE}{event.pk}/examiner/", data)
    assert found == dict(zip(NAMES, DECIDED, strict=True))


def test_only_agents_of_the_territory_write_a_note_and_hand_over(owner):
    found = {"note/": {}, "transmettre/": {}}
    data = {"text": "À voir.", "office": factories.office(OfficeKind.REGIONAL, "27").pk}
    for name, client in everybody(owner).items():
        for action, row in found.items():
            event = factories.submitted(owner)
            row[name] = written(client, f"{QUEUE}{event.pk}/{action}", data)
    assert list(found.values()) == [dict(zip(NAMES, DECIDED, strict=True))] * 2


def test_only_agents_of_both_territories_merge(owner):
    found, across = {}, {}
    for name, client in everybody(owner).items():
        event, kept, away = (
            factories.submitted(owner, commune_code=each) for each in ("90010", "90010", "59350")
        )
        data = {"keep": kept.pk}
        found[name] = written(client, f"{QUEUE}{event.pk}/comparer/{kept.pk}/", data)
        across[name] = written(client, f"{QUEUE}{kept.pk}/comparer/{away.pk}/", data)
    assert found == dict(zip(NAMES, DECIDED, strict=True))
    nation = ("in", "in", "in", "in", 404, 404, 404, "done", "in", "in", "in", "in")
    assert across == dict(zip(NAMES, nation, strict=True))


def test_only_its_author_undoes_a_decision(owner):
    found = {}
    for name, client in everybody(owner).items():
        event = factories.labelled(owner)
        answered = written(client, f"{QUEUE}{event.pk}/annuler-la-decision/", {})
        found[name] = "there" if answered == f"{QUEUE}{event.pk}/examiner/" else answered
    row = ("in", "in", "in", "in", "there", 404, "there", "done", "in", "in", "in", "in")
    assert found == dict(zip(NAMES, row, strict=True))


@pytest.mark.parametrize("decision", ["label", "request_changes", "refuse"])
def test_only_agents_of_the_territory_decide_on_a_selection(owner, decision):
    found = {}
    for name, client in everybody(owner).items():
        event = factories.submitted(owner)
        own = {f"dossier-{event.pk}-version": "1", f"dossier-{event.pk}-purpose_confirmed": "on"}
        data = {"decision": decision, "comment": "Précisez.", "rule": "free", "dossier": event.pk} | own
        found[name] = written(client, f"{QUEUE}decider/", data)
    assert found == dict(zip(NAMES, DECIDED, strict=True))


ANSWERS = {
    "accept_amendment": "labelled:amended",
    "refuse_amendment": "labelled:amended",
    "see": "labelled:edited",
}


@pytest.mark.parametrize("decision", ANSWERS)
def test_only_agents_of_the_territory_answer_a_change(owner, decision):
    found = {}
    for name, client in everybody(owner).items():
        event = standing(ANSWERS[decision], organizer=owner)
        data = {"decision": decision, "comment": "Non.", "version": "2"}
        found[name] = written(client, f"{QUEUE}{event.pk}/examiner/", data)
    assert found == dict(zip(NAMES, DECIDED, strict=True))


def test_ones_own_events_only_are_renewed_in_one_go(owner):
    event = labelled_last_year(owner)
    found = {}
    for name, client in everybody(owner).items():
        Event.objects.filter(renewed_from=event).delete()
        found[name] = written(client, "/espace/reconduire/", {"event": event.pk})
    nothing = "/espace/reconduire/"
    row = ("in", nothing, "done", "done", *[nothing] * 6, "in", nothing)
    assert found == dict(zip(NAMES, row, strict=True))


def test_ones_own_drafts_only_are_sent_in_one_go(owner):
    nothing = "/espace/envoyer/"
    found = {}
    for name, client in everybody(owner).items():
        event = factories.draft(owner)
        found[name] = written(client, nothing, {"event": event.pk})
    row = ("in", nothing, "done", "done", *[nothing] * 6, "in", nothing)
    assert found == dict(zip(NAMES, row, strict=True))


def test_admin_form_of_an_event_writes_nothing(owner):
    event = factories.submitted(owner)
    client = everybody(owner)["national"]
    forged = {"title": "Moi", "status": "labelled", "post": "yes", "action": "delete_selected", "_save": "1"}
    for address in (f"{QUEUE}{event.pk}/change/", f"{QUEUE}{event.pk}/delete/", f"{QUEUE}add/", QUEUE):
        client.post(address, forged | {"_selected_action": event.pk})
    event.refresh_from_db()
    assert (Event.objects.count(), event.title, event.status) == (
        1,
        "Visite de la fonderie",
        Status.SUBMITTED,
    )


def test_member_of_the_organization_does_not_decide_on_its_event(client, owner):
    event = factories.submitted(owner)
    agent = factories.referent()
    Membership.objects.create(user=agent, organization=owner.organizations.get(), role=MembershipRole.EDITOR)
    sign_in(client, agent)
    data = {"decision": "label", "purpose_confirmed": "on", "version": "1"}
    response = client.post(f"{QUEUE}{event.pk}/examiner/", data)
    message = "Vous êtes membre de l’organisation : un collègue doit décider."
    assert plain(response.context["form"].non_field_errors()) == [message]
    assert [plain(each["why_not"]) for each in response.context["answers"]][:3] == [message] * 3
    assert Event.objects.get().status == Status.SUBMITTED


def test_online_event_without_headquarters_is_the_nations(owner):
    home = owner.organizations.get()
    home.headquarters = None
    home.save()
    event = factories.submitted(
        owner, commune_code=None, attendance_mode="en-ligne", online_url="https://example.org"
    )
    row = ("in", "in", "in", "in", 404, 404, 404, 200, "in", "in", "in", "in")
    address = f"{QUEUE}{event.pk}/examiner/"
    assert table(everybody(owner), [address]) == literal({address: row})


# Somebody else's things.


def test_creation_with_a_strangers_key_shows_and_changes_nothing_of_theirs(client, owner):
    event = factories.draft(owner, title="Brouillon secret")
    stranger = factories.user()
    factories.organization(stranger)
    client.force_login(stranger)
    data = typed("quoi", key=str(event.creation_key), **NO_TERMS["quoi"])
    response = client.post(NEW, data)
    page = response.content.decode()
    assert plain(response.context["form"].non_field_errors()) == [
        "Cet événement est celui d’une autre organisation."
    ]
    assert kept(page, ["title", "summary"]) == as_sent({each: data[each] for each in ("title", "summary")})
    assert "secret" not in page
    event.refresh_from_db()
    assert (event.title, event.version, Event.objects.count()) == ("Brouillon secret", 1, 1)


def test_event_is_made_for_an_organization_of_its_author_only(client, owner):
    stranger = factories.user()
    own = factories.organization(stranger)
    client.force_login(stranger)
    theirs = owner.organizations.get()
    for name, value in (
        ("organization", theirs.pk),
        ("organization_id", theirs.pk),
        ("organisation", theirs.slug),
    ):
        data = typed("quoi", **NO_TERMS["quoi"]) | {name: value}
        client.post(NEW, data | {"key": str(uuid4())})
        client.post(f"{NEW}?{name}={value}", data | {"key": str(uuid4())})
    assert {event.organization for event in Event.objects.all()} == {own}


HIDDEN = "secret"
PLACES = (
    "/", "/programme/", "/programme/?q=secret", "/programme/?passes=oui", "/editions/2025/?q=secret", "/carte/",
    "/programme/?departement=90", "/carte/donnees.json?zoom=20", "/carte/donnees.json?zoom=20&q=secret&passes=oui",
    "/programme/?status=draft&statut=draft", "/api/v1/events?passes=oui&removed=null", "/api/v1/facets",
    "/api/v1/events?state=0&draft=1", "/api/v1/organizations", "/api/v1/territories",
)  # fmt: skip


def unseen_events(owner):
    """One event of each status that the public does not see."""
    by = {"by": factories.national(), "at": NOW}
    title = {"title": "Événement secret"}
    factories.draft(owner, **title)
    factories.submitted(owner, **title)
    workflow.request_changes(factories.submitted(owner, **title), comment="Précisez.", **by)
    workflow.refuse(factories.submitted(owner, **title), rule=Rule.FREE, comment="Payant.", **by)
    workflow.withdraw(factories.labelled(owner, **title), comment="Payant.", **by)
    workflow.cancel(factories.submitted(owner, **title), comment="Panne.", **by)
    withdrawn = workflow.withdraw(factories.labelled(owner, **title), comment="Payant.", **by)
    workflow.reinstate(withdrawn, comment="Gratuit.", **by)


def test_public_never_sees_what_has_no_label(owner):
    unseen_events(owner)
    factories.labelled(title="Visite connue")
    leaks = [path for path in PLACES if HIDDEN in Client().get(path).content.decode().replace("q=secret", "")]
    # The search box repeats what was searched.
    assert [path for path in leaks if "q=secret" not in path] == []
    for path in ("/programme/?q=secret", "/editions/2025/?q=secret"):
        assert '<h2 id="resultats" tabindex="-1">0\u00a0événement</h2>' in Client().get(path).content.decode()
    assert Client().get("/carte/donnees.json?zoom=20&passes=oui").json()["total"] == 1


def test_public_never_sees_the_private_contact(client, owner):
    contact = {
        "contact_name": "Camille Secrète",
        "contact_email": "c@secret.example",
        "contact_phone": "0600000000",
    }
    event = factories.labelled(owner, **contact)
    address = event.get_absolute_url()
    for path in (address, address.rstrip("/") + ".ics", "/programme/", "/carte/donnees.json?zoom=20"):
        page = client.get(path).content.decode()
        assert [value for value in (*contact.values(), owner.email) if value in page] == []


def test_agents_never_see_a_draft_nor_another_territory(owner):
    factories.draft(owner, title="Brouillon secret")
    factories.submitted(commune_code="59350", title="Visite secrète ailleurs")
    factories.submitted(owner, title="Visite connue")
    client = everybody(owner)["referent"]
    queries = (
        "", "statut=draft", "statut=submitted", "q=secret", "q=secr%C3%A8te", "o=1", "departement=59", "all=",
        "departement=90",
    )  # fmt: skip
    shown = {query: client.get(f"{QUEUE}?{query}").context["cl"].result_list for query in queries}
    wanted = {query: ["Visite connue"] for query in ("", "statut=submitted", "o=1", "all=", "departement=90")}
    assert {query: [event.title for event in events] for query, events in shown.items()} == {
        query: wanted.get(query, []) for query in queries
    }


def test_admin_completion_stays_in_the_territory(owner):
    factories.draft(owner, title="Visite secrète")
    factories.submitted(commune_code="59350", title="Visite secrète ailleurs")
    factories.submitted(owner, title="Visite connue")
    query = "app_label=events&model_name=decision&field_name=event&term=visite"
    clients = everybody(owner)
    found = clients["referent"].get(f"/admin/autocomplete/?{query}").json()["results"]
    assert [each["text"] for each in found] == ["Visite connue"]
    address = f"/admin/autocomplete/?{query}"
    assert table(clients, [address]) == literal({address: STAFF})


def test_space_shows_ones_own_events_only(client, owner):
    factories.draft(owner, title="Brouillon secret")
    stranger = factories.user()
    factories.draft(stranger, title="Le mien")
    client.force_login(stranger)
    page = client.get("/espace/").content.decode()
    assert re.findall(r'<a href="/espace/evenements/\d+/">(.*?)</a>', page) == ["Le mien"]
    assert "secret" not in page
