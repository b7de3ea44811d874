"""A site with something on every page, and somebody signed in for each of them."""

import re
import time
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows import login
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.socialaccount.models import SocialAccount
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from events import figures_kept
from events.demo.synthesis import synthesize
from events.enums import Source, TermKind
from events.models import Event, FeaturedEvent, OrganizerMessage, ReplyTemplate, Term
from organizers import agents, membership, tokens
from organizers.enums import OfficeKind
from organizers.models import Membership, Organization, Partner
from semaine.models import OutboxMessage
from tests import factories
from tests.events.imports import files
from tests.events.test_pictures_hostile import drawn
from tests.events.test_workflow import standing
from tests.factories import NOW
from tests.sessions import sign_in, with_factor

# In the week: submissions are still open, and one event is over.
CLOCK = datetime(2025, 11, 19, 8, tzinfo=UTC)
STATUSES = ("draft", "submitted", "changes_requested", "refused", "withdrawn", "labelled")
MIDWAY = {"cancelled": "cancelled:labelled", "amended": "labelled:amended", "edited": "labelled:edited"}
PASSWORD = "motdepasse-1234"


@dataclass
class Site:
    """`names`: what stands for each « {name} » of an address; `people`: a client for each; `token`: that of the API."""

    names: dict[str, object] = field(default_factory=dict)
    people: dict[str, Client] = field(default_factory=dict)
    token: str = ""

    def client(self, who: str) -> Client:
        """A client that forgets afterwards what it was told."""
        client = Client(raise_request_exception=False)
        client.cookies = deepcopy(self.people[who].cookies)
        return client


def build(events: int = 0) -> Site:
    """Return the site, with so many events more; the clock must stand at `CLOCK`."""
    site = Site()
    _frame()
    owner = factories.verified(factories.user("responsable@example.org"))
    factories.organization(owner, slug="fonderie")
    agent, nation = factories.referent(), factories.national()
    _events(site, owner)
    _organization(site, owner)
    _offices(site, agent, nation)
    _lists(site, agent, nation)
    _people(site, owner, agent, nation)
    _doors(site, agent)
    if events:
        synthesize(factories.edition(), events, seed=1, at=CLOCK, tick=lambda done: None)
    return site


def _frame():
    factories.edition()
    factories.edition(2024)
    kinds = (
        (TermKind.FORMAT, "visite"),
        (TermKind.SECTOR, "mines-et-metallurgie"),
        (TermKind.TOPIC, "mixite"),
    )
    for kind, code in kinds:
        Term.objects.create(kind=kind, code=code, label=code.capitalize())
    for code, (_, department, *_) in factories.COMMUNES.items():
        factories.commune(code)
        factories.office(territory=department)


def _events(site, owner):
    for status in STATUSES:
        site.names[status] = standing(status, organizer=owner).pk
    for name, status in MIDWAY.items():
        site.names[name] = standing(status, organizer=owner, title="Visite des forges").pk
    over = factories.labelled(owner, title="Déjà fini", slots=[factories.slot("2025-11-05")])
    before = datetime(2024, 10, 1, 8, tzinfo=UTC)
    last = {"in_edition": factories.edition(2024), "slots": [factories.slot("2024-11-20")], "at": before}
    renewed = factories.labelled(owner, title="L’an dernier", **last)
    twin = factories.submitted(title="Test")
    label = factories.labelled(title="Test", address="1 rue de l’Usine", expected_participants=900_000)
    undone = factories.submitted(title="À annuler")
    home = Organization.objects.get(slug="fonderie").pk
    site.names |= {
        "over": over.pk,
        "renewed": renewed.pk,
        "twin": twin.pk,
        "label": label.pk,
        "undone": undone.pk,
    }
    site.names |= {"event": site.names["submitted"], "home": home, "double": twin.organization_id}
    Event.objects.filter(pk=site.names["withdrawn"]).update(slug="retire")
    _shown(site)


def _shown(site):
    """The event whose address the tables write out, with a picture."""
    Event.objects.filter(pk=site.names["labelled"]).update(slug="visite-de-la-fonderie")
    shown = Event.objects.get(pk=site.names["labelled"])
    shown.image.save(f"{'a' * 32}.webp", ContentFile(drawn("WEBP")), save=False)
    shown.image_width, shown.image_height, shown.image_alt = 640, 480, "La forge"
    shown.save(update_fields=["image", "image_width", "image_height", "image_alt"])
    site.names |= {"uid": shown.uid, "picture": shown.image.name}


def _organization(site, owner):
    home = owner.organizations.get()
    other = factories.member(home)
    stranger = factories.user("ailleurs@example.org")
    site.names |= {
        "slug": home.slug,
        "member": home.memberships.get(user=other).pk,
        "other": Membership.objects.exclude(organization=home).first().pk,
        "asked": membership.request_to_join(home, by=stranger, at=CLOCK, message="Bonjour").pk,
        "invited": membership.invite(home, "nouveau@example.org", "editor", by=owner, at=CLOCK).pk,
        "token": _link("/espace/invitation/(.+)/", "nouveau@example.org"),
    }
    issued, site.token = tokens.issue(home, "Agenda", by=owner, at=CLOCK)
    site.names["issued"] = issued.pk
    _imports(site, owner)


def _imports(site, owner):
    """One to decide on, one written, one that could not be read, one that the workers gave up."""
    right, wrong = files.csv_of(files.line(1), files.line(2)), files.csv_of(files.line(3, day="31/02/2025"))
    edition = factories.edition()
    checked = files.worked(files.received(owner, right + wrong.partition(b"\n")[2], edition, at=CLOCK), CLOCK)
    written = files.received(owner, files.csv_of(files.line(4)), edition, at=CLOCK, source=Source.SPREADSHEET)
    written = files.decided(files.worked(written, CLOCK), CLOCK)
    broken = files.worked(files.received(owner, b"Titre\n", edition, at=CLOCK), CLOCK)
    stuck = files.received(owner, right, edition, at=CLOCK, attempts=99)
    site.names |= {"sent": checked.pk, "written": written.pk, "broken": broken.pk, "stuck": stuck.pk}


def _offices(site, agent, nation):
    region = factories.referent(OfficeKind.REGIONAL, "27")
    office = agent.offices.get()
    invitation = agents.invite(office, "nouveau@example.org", by=nation, at=CLOCK)
    site.names |= {
        "office": office.pk,
        "above": region.offices.get().pk,
        "office_member": agent.office_memberships.get().pk,
        "user": agent.pk,
        "invitation": invitation.pk,
        "agent_token": _link("/espace/invitation-agent/(.+)/", "nouveau@example.org"),
    }


def _lists(site, agent, nation):
    edition = factories.edition()
    message = {"stage": "envoyes", "subject": "Bonjour", "text": "Bonjour.", "created_by": nation}
    reply = {"transition": "refuse", "title": "Payant", "text": "Payant."}
    featured = FeaturedEvent.objects.create(event_id=site.names["labelled"], position=1)
    site.names |= {
        "message": OrganizerMessage.objects.create(edition=edition, created_at=NOW, **message).pk,
        "reply": ReplyTemplate.objects.create(office=agent.offices.get(), **reply).pk,
        "featured": featured.pk,
        "partner": Partner.objects.create(name="Forge", region=factories.region()).pk,
        "edition": edition.pk,
        "term": Term.objects.get(code="visite").pk,
        "snapshot": figures_kept.take(edition, by=nation, at=NOW).pk,
        "kind": ContentType.objects.get_for_model(Event).pk,
    }


def _people(site, owner, agent, nation):
    """Who has just proved again who they are. `new` has no organization yet, nor a password."""
    new = factories.verified(factories.user("nouveau@example.org"))
    linked = factories.verified(factories.user("relie@example.org"))
    SocialAccount.objects.create(user=linked, provider="proconnect", uid="1", extra_data={})
    passwordless = factories.verified(factories.user("sans-mot-de-passe@example.org"))
    passwordless.set_unusable_password()
    passwordless.save()
    RecoveryCodes.activate(agent).generate_codes()
    site.people = {"visitor": Client(), "unproved": _signed(owner, proved=False)}
    for name, person in (("owner", owner), ("new", new), ("linked", linked), ("passwordless", passwordless)):
        site.people[name] = _signed(person)
    for name, person in (("agent", agent), ("nation", nation)):
        site.people[name] = _proved(sign_in(Client(), person))
    data = {"name": "Clé", "credential": _credential()}
    site.names["key"] = Authenticator.objects.create(user=agent, type="webauthn", data=data).pk
    for name in ("expired", "resuming"):
        site.people[name] = _signed(agent, proved=False)


def _doors(site, agent):
    """Those in the middle of something: coming in, a new password, an address to confirm, a decision just taken."""
    second, third = factories.verified(factories.user()), factories.verified(factories.user())
    with_factor(second)
    for name in ("step", "coded", "resetting", "twice"):
        site.people[name] = Client()
    site.people["step"].post("/compte/connexion/", {"login": second.email, "password": PASSWORD})
    site.people["coded"].post("/compte/connexion/code/", {"email": third.email})
    site.people["resetting"].post("/compte/mot-de-passe/", {"email": third.email})
    link = _link(r"(/compte/mot-de-passe/\S+-\S+/)", third.email)
    site.names["reset"] = site.people["resetting"].get(link).url
    for client in (Client(), site.people["twice"]):
        client.post("/compte/connexion/", {"login": third.email, "password": PASSWORD})
    refusal = {"decision": "refuse", "rule": "free", "comment": "Payant.", "version": "1"}
    site.people["agent"].post(f"/admin/events/event/{site.names['undone']}/examiner/", refusal)
    site.people["resuming"].post(f"/admin/events/event/{site.names['submitted']}/examiner/", refusal)
    sign_in(site.people["resuming"], agent)
    unknown = EmailAddress.objects.create(user=factories.user(), email="a-confirmer@example.org")
    site.names["confirm"] = f"/compte/verification/{EmailConfirmationHMAC(unknown).key}/"


def _signed(person, proved=True) -> Client:
    client = Client()
    client.force_login(person)
    return _proved(client) if proved else client


def _proved(client: Client) -> Client:
    session = client.session
    methods = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    again = {"method": "password", "at": time.time(), "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [*methods, again]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = session["_auth_user_id"]
    session.save()
    return client


def _credential() -> dict:
    """What a browser says of a new access key."""
    public = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    held = AttestedCredentialData.create(bytes(16), b"cle", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    told = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, held), {})
    name = websafe_encode(b"cle")
    said = b'{"type": "webauthn.create", "challenge": "AA", "origin": "http://testserver"}'
    response = {"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(told)}
    return {
        "id": name,
        "rawId": name,
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    }


def _link(pattern: str, recipient: str) -> str:
    texts = OutboxMessage.objects.filter(recipient=recipient).order_by("-pk").values_list("text", flat=True)
    return next(found[1] for text in texts if (found := re.search(pattern, text)))
