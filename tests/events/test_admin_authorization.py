"""Who may do what in the admin: every kind of person, against literal tables. The queue has more in test_authorization.

An event of the Territoire de Belfort, the office of that département and that of its region; somebody else's beside.
"""

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from events import figures_kept
from events.enums import TermKind
from events.models import (
    Decision,
    Event,
    FeaturedEvent,
    FiguresSnapshot,
    Note,
    OrganizerMessage,
    ReplyTemplate,
    Term,
)
from organizers.enums import OfficeKind
from organizers.models import LogLine, Office, OfficeInvitation, OfficeMembership, Organization, Partner, User
from semaine.models import Edition
from tests import factories
from tests.factories import NOW
from tests.sessions import sign_in, with_factor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(db):
    factories.edition()
    with time_machine.travel(NOW, tick=False):
        yield


NAMES = (
    "anonymous", "organizer", "staff", "suspended", "no factor", "unused factor", "department", "other department",
    "region", "other region", "nation",
)  # fmt: skip


@pytest.fixture
def people():
    unused = factories.referent()
    with_factor(unused)
    organizer = factories.user()
    factories.organization(organizer)
    cast = (
        None, organizer, factories.user(is_staff=True, is_superuser=True), factories.referent(is_active=False),
        factories.referent(), unused, factories.referent(), factories.referent(territory="59"),
        factories.referent(OfficeKind.REGIONAL, "27"), factories.referent(OfficeKind.REGIONAL, "32"),
        factories.national(),
    )  # fmt: skip
    return dict(zip(NAMES, cast, strict=True))


@pytest.fixture
def clients(people):
    opened = {name: Client(raise_request_exception=False) for name in NAMES}
    for name, person in people.items():
        if person:
            sign = Client.force_login if name in ("no factor", "unused factor") else sign_in
            sign(opened[name], person)
    return opened


@pytest.fixture
def rows(people):
    """What the addresses name: the row of the département's office, of its agent, and one of each other kind."""
    agent = people["department"]
    nation = people["nation"]
    dates = {"created_at": NOW, "expires_at": NOW.replace(month=12)}
    event, twin = factories.submitted(people["organizer"]), factories.submitted(title="Test")
    label = factories.labelled(title="Test")
    return {
        "event": event.pk,
        "twin": twin.pk,
        "label": label.pk,
        "home": event.organization_id,
        "double": twin.organization_id,
        "message": OrganizerMessage.objects.create(
            edition=event.edition,
            stage="envoyes",
            subject="Bonjour",
            text="Bonjour.",
            created_by=nation,
            created_at=NOW,
        ).pk,
        "reply": ReplyTemplate.objects.create(
            office=agent.offices.get(), transition="refuse", title="Payant", text="Payant."
        ).pk,
        "featured": FeaturedEvent.objects.create(event=label, position=1).pk,
        "office": agent.offices.get().pk,
        "above": people["region"].offices.get().pk,
        "member": agent.office_memberships.get().pk,
        "user": agent.pk,
        "partner": Partner.objects.create(name="Forge", region=factories.region()).pk,
        "edition": Edition.objects.get().pk,
        "term": Term.objects.create(kind=TermKind.FORMAT, code="visite", label="Visite").pk,
        "invitation": OfficeInvitation.objects.create(
            office_id=agent.offices.get().pk,
            email="a@example.org",
            token_hash="a",
            invited_by=nation,
            **dates,
        ).pk,
        "snapshot": figures_kept.take(Edition.objects.get(), by=nation, at=NOW).pk,
        "kind": ContentType.objects.get_for_model(Event).pk,
    }


# The answers, in the order of NAMES: six who do not enter, then the agents.
OUT = ("login",) * 6
AGENTS = (*OUT, *[200] * 5)
NATION = (*OUT, 403, 403, 403, 403, 200)
NATIONS_OWN = (*OUT, 404, 404, 404, 404, 200)
NEVER = (*OUT, *[403] * 5)
NOWHERE = (*OUT, *[404] * 5)
POST_ONLY = (*OUT, *[405] * 5)
TERRITORY = (*OUT, 200, 404, 200, 404, 200)
# Their office's own, and the national team's are its own too.
OWN_REPLY = (*OUT, 200, 404, 404, 404, 404)
OWN_OFFICE = (*OUT, 200, 404, 404, 404, 200)
ABOVE = (*OUT, 404, 404, 200, 404, 200)
NOT_IN_TERRITORY = (*OUT, 403, 404, 403, 404, 403)
# The row is looked for before the right is asked.
DELETE_OFFICE = (*OUT, 403, 404, 404, 404, 403)

ADDRESSES = {
    "/admin/": AGENTS,
    "/admin/jsi18n/": AGENTS,
    "/admin/password_change/": (*OUT, *["/compte/mot-de-passe/changer/"] * 5),
    "/admin/password_change/done/": AGENTS,
    "/admin/nulle-part/": NOWHERE,
    "/admin/r/{kind}/{event}/": NOWHERE,
    "/admin/autocomplete/?app_label=organizers&model_name=officemembership&field_name=user": NATION,
    "/admin/autocomplete/?app_label=organizers&model_name=officemembership&field_name=office": AGENTS,
    "/admin/autocomplete/?app_label=events&model_name=decision&field_name=event": AGENTS,
    "/admin/reprendre/": (*OUT, *["/admin/"] * 5),
    "/admin/tableau-de-bord/": AGENTS,
    "/admin/tableau-de-bord/liste/": AGENTS,
    "/admin/tableau-de-bord/chiffres.csv": AGENTS,
    "/admin/tableau-de-bord/liste.csv": AGENTS,
    "/admin/tableau-de-bord/resume/": POST_ONLY,
    "/admin/qualite/": AGENTS,
    "/admin/qualite/{event}/placer/": POST_ONLY,
    "/admin/qualite/{event}/demander/titre/": POST_ONLY,
    "/admin/qualite/organisations/{home}/{double}/": TERRITORY,
    "/admin/qualite/organisations/{home}/999999/": NOWHERE,
    "/admin/journal/": NATION,
    "/admin/journal.csv": NATION,
    "/admin/events/": AGENTS,
    "/admin/events/event/": AGENTS,
    "/admin/events/event/add/": NEVER,
    "/admin/events/event/{event}/examiner/": TERRITORY,
    "/admin/events/event/{event}/transmettre/": TERRITORY,
    "/admin/events/event/{event}/comparer/{twin}/": TERRITORY,
    "/admin/events/event/{event}/note/": POST_ONLY,
    "/admin/events/event/{event}/annuler-la-decision/": POST_ONLY,
    "/admin/events/event/{event}/history/": TERRITORY,
    "/admin/events/event/{event}/delete/": NOT_IN_TERRITORY,
    "/admin/events/term/": NATION,
    "/admin/events/term/add/": NATION,
    "/admin/events/term/{term}/change/": NATION,
    "/admin/events/term/{term}/history/": NATION,
    "/admin/events/term/{term}/delete/": NEVER,
    "/admin/events/organizermessage/": NATION,
    "/admin/events/organizermessage/add/": NATION,
    "/admin/events/organizermessage/{message}/change/": NATION,
    "/admin/events/organizermessage/{message}/envoyer/": NATION,
    "/admin/events/organizermessage/{message}/delete/": NATION,
    "/admin/events/replytemplate/": AGENTS,
    "/admin/events/replytemplate/add/": AGENTS,
    "/admin/events/replytemplate/{reply}/change/": OWN_REPLY,
    "/admin/events/replytemplate/{reply}/delete/": OWN_REPLY,
    "/admin/events/featuredevent/": NATION,
    "/admin/events/featuredevent/add/": NATION,
    "/admin/events/featuredevent/{featured}/change/": NATION,
    "/admin/events/featuredevent/{featured}/delete/": NATION,
    "/admin/events/figuressnapshot/": NATION,
    "/admin/events/figuressnapshot/add/": NATION,
    "/admin/events/figuressnapshot/{snapshot}/change/": NATION,
    "/admin/events/figuressnapshot/{snapshot}/history/": NATION,
    "/admin/events/figuressnapshot/{snapshot}/delete/": NEVER,
    "/admin/organizers/": AGENTS,
    "/admin/organizers/office/": AGENTS,
    "/admin/organizers/office/add/": NEVER,
    "/admin/organizers/office/{office}/change/": OWN_OFFICE,
    "/admin/organizers/office/{office}/history/": OWN_OFFICE,
    "/admin/organizers/office/{office}/delete/": DELETE_OFFICE,
    "/admin/organizers/office/{above}/change/": ABOVE,
    "/admin/organizers/office/999999/change/": NOWHERE,
    "/admin/organizers/officemembership/": AGENTS,
    "/admin/organizers/officemembership/add/": NEVER,
    "/admin/organizers/officemembership/{member}/change/": OWN_OFFICE,
    "/admin/organizers/officemembership/{member}/history/": OWN_OFFICE,
    "/admin/organizers/officemembership/{member}/delete/": DELETE_OFFICE,
    "/admin/organizers/officeinvitation/": NATION,
    "/admin/organizers/officeinvitation/add/": NATION,
    "/admin/organizers/officeinvitation/{invitation}/change/": NATION,
    "/admin/organizers/officeinvitation/{invitation}/history/": NATION,
    "/admin/organizers/officeinvitation/{invitation}/delete/": NATION,
    "/admin/organizers/user/": NATION,
    "/admin/organizers/user/add/": NEVER,
    "/admin/organizers/user/{user}/change/": NATION,
    "/admin/organizers/user/{user}/history/": NATION,
    "/admin/organizers/user/{user}/delete/": NEVER,
    "/admin/organizers/partner/": NATION,
    "/admin/organizers/partner/add/": NATION,
    "/admin/organizers/partner/{partner}/change/": NATION,
    "/admin/organizers/partner/{partner}/history/": NATION,
    "/admin/organizers/partner/{partner}/delete/": NATION,
    "/admin/semaine/": NATIONS_OWN,
    "/admin/semaine/edition/": NATION,
    "/admin/semaine/edition/add/": NATION,
    "/admin/semaine/edition/{edition}/change/": NATION,
    "/admin/semaine/edition/{edition}/history/": NATION,
    "/admin/semaine/edition/{edition}/delete/": NATION,
    "/admin/semaine/edition/{edition}/outils/suivante/": NATION,
    "/admin/semaine/edition/{edition}/outils/nulle-part/": NOWHERE,
}


def answer(response):
    """A status, or where a redirection leads; « login » for the admin's door."""
    if response.status_code != 302:
        return response.status_code
    return "login" if response.url.startswith("/admin/login/") else response.url


def test_addresses_answer_as_the_table_says(clients, rows):
    found = {
        address: {name: answer(client.get(address.format(**rows))) for name, client in clients.items()}
        for address in ADDRESSES
    }
    assert found == {address: dict(zip(NAMES, row, strict=True)) for address, row in ADDRESSES.items()}


ENTERS, BARRED, SET_UP, GIVE = 200, 403, "/compte/securite/", "/compte/confirmer/code/?next=%2Fadmin%2F"
DOOR = ("/compte/connexion/?next=/admin/", BARRED, BARRED, BARRED, SET_UP, GIVE, *["/admin/"] * 5)


def test_door_leads_each_where_they_must(clients):
    found = {name: answer(client.get("/admin/login/?next=/admin/")) for name, client in clients.items()}
    assert found == dict(zip(NAMES, DOOR, strict=True))


# What a POST may write: everything that the admin could change, as it is before and after.


def state():
    tables = (
        Event,
        Decision,
        Office,
        OfficeMembership,
        OfficeInvitation,
        User,
        Partner,
        Edition,
        Term,
        FiguresSnapshot,
        FeaturedEvent,
        Note,
        Organization,
        OrganizerMessage,
        ReplyTemplate,
    )
    return [list(table.objects.order_by("pk").values()) for table in tables] + [LogLine.objects.count()]


DONE = "done"
NATION_WRITES = (*OUT, 403, 403, 403, 403, DONE)
OWN_REPLY_WRITES = (*OUT, DONE, 404, 404, 404, 404)
OWN_WRITES = (*OUT, DONE, 404, 404, 404, DONE)
TERRITORY_WRITES = (*OUT, DONE, 404, DONE, 404, DONE)
EDITION = {
    "year": "2025", "number": "14", "theme": "Autre", "starts_on": "2025-11-17", "ends_on": "2025-11-23",
    "label_from": "2025-11-02", "label_until": "2025-12-07", "submissions_open_at_0": "2025-09-17",
    "submissions_open_at_1": "00:00", "submissions_close_at_0": "2025-11-24", "submissions_close_at_1": "00:00",
    "territory_weeks-TOTAL_FORMS": "0", "territory_weeks-INITIAL_FORMS": "0",
}  # fmt: skip
ACTIONS = {
    "/admin/events/event/{event}/examiner/": (
        {"decision": "refuse", "rule": "free", "comment": "Payant.", "version": "1"},
        TERRITORY_WRITES,
    ),
    "/admin/events/event/{event}/note/": ({"text": "À relire."}, TERRITORY_WRITES),
    "/admin/events/event/{event}/delete/": ({"post": "yes"}, NOT_IN_TERRITORY),
    "/admin/qualite/{twin}/demander/titre/": ({"version": "1"}, TERRITORY_WRITES),
    "/admin/qualite/{label}/demander/titre/": ({"version": "1"}, TERRITORY_WRITES),
    "/admin/qualite/organisations/{home}/{double}/": ({"keep": "{home}"}, TERRITORY_WRITES),
    "/admin/events/organizermessage/add/": (
        {"edition": "{edition}", "stage": "envoyes", "subject": "Bonjour", "text": "Bonjour."},
        NATION_WRITES,
    ),
    "/admin/events/organizermessage/{message}/delete/": ({"post": "yes"}, NATION_WRITES),
    "/admin/events/replytemplate/{reply}/delete/": ({"post": "yes"}, OWN_REPLY_WRITES),
    "/admin/events/featuredevent/{featured}/delete/": ({"post": "yes"}, NATION_WRITES),
    "/admin/events/term/{term}/change/": (
        {"label": "Autre", "position": "0", "is_active": "on"},
        NATION_WRITES,
    ),
    "/admin/events/term/{term}/delete/": ({"post": "yes"}, NEVER),
    "/admin/events/figuressnapshot/add/": ({"edition": "{edition}"}, NATION_WRITES),
    "/admin/events/figuressnapshot/{snapshot}/change/": ({"definition": "Réécrit"}, NEVER),
    "/admin/events/figuressnapshot/{snapshot}/delete/": ({"post": "yes"}, NEVER),
    "/admin/organizers/office/{office}/change/": (
        {"name": "DDETS", "contact_phone": "0102030405"},
        OWN_WRITES,
    ),
    "/admin/organizers/office/{office}/delete/": ({"post": "yes"}, DELETE_OFFICE),
    "/admin/organizers/officemembership/{member}/change/": (
        {"is_active": "on", "absent_from": "2025-11-03", "absent_until": "2025-11-07"},
        OWN_WRITES,
    ),
    "/admin/organizers/officemembership/{member}/delete/": ({"post": "yes"}, DELETE_OFFICE),
    "/admin/organizers/officeinvitation/add/": (
        {"email": "b@example.org", "office": "{office}"},
        NATION_WRITES,
    ),
    "/admin/organizers/officeinvitation/{invitation}/change/": ({"email": "b@example.org"}, NEVER),
    "/admin/organizers/officeinvitation/{invitation}/delete/": ({"post": "yes"}, NATION_WRITES),
    "/admin/organizers/user/{user}/change/": ({"name": "Autre", "is_staff": "on"}, NATION_WRITES),
    "/admin/organizers/user/{user}/delete/": ({"post": "yes"}, NEVER),
    "/admin/organizers/partner/add/": ({"name": "Usine", "region": "27", "position": "1"}, NATION_WRITES),
    "/admin/organizers/partner/{partner}/change/": (
        {"name": "Usine", "region": "27", "position": "1"},
        NATION_WRITES,
    ),
    "/admin/organizers/partner/{partner}/delete/": ({"post": "yes"}, NATION_WRITES),
    "/admin/semaine/edition/{edition}/change/": (EDITION, NATION_WRITES),
    "/admin/semaine/edition/{edition}/outils/suivante/": ({}, NATION_WRITES),
    "/admin/semaine/edition/{edition}/outils/retirer/": ({}, NATION_WRITES),
}


@pytest.mark.parametrize("address", ACTIONS)
def test_who_writes_what(clients, rows, address):
    """The nation comes last: what the others could not do is still there to be done."""
    data, expected = ACTIONS[address]
    found = {}
    for name, client in clients.items():
        before = state()
        response = client.post(
            address.format(**rows), {key: value.format(**rows) for key, value in data.items()}
        )
        found[name] = DONE if state() != before else answer(response)
        if found[name] == DONE and name != "nation":
            undo(rows)
    assert found == dict(zip(NAMES, expected, strict=True))


def undo(rows):
    """Make the next one's change a change again."""
    Office.objects.filter(pk=rows["office"]).update(contact_phone="")
    OfficeMembership.objects.filter(pk=rows["member"]).update(absent_from=None, absent_until=None)
    event, twin, label = (
        factories.submitted(),
        factories.submitted(title="Test"),
        factories.labelled(title="Test"),
    )
    rows |= {"event": event.pk, "twin": twin.pk, "label": label.pk}
    rows |= {"home": event.organization_id, "double": twin.organization_id}


CHOSEN = {"action": "delete_selected", "post": "yes"}
LISTS = {
    "/admin/events/event/": "event",
    "/admin/events/figuressnapshot/": "snapshot",
    "/admin/events/term/": "term",
    "/admin/organizers/office/": "office",
    "/admin/organizers/officemembership/": "member",
    "/admin/organizers/officeinvitation/": "invitation",
    "/admin/organizers/user/": "user",
}


@pytest.mark.parametrize("address", LISTS)
def test_nothing_of_these_lists_is_deleted_by_choosing(clients, rows, address):
    before = state()
    for client in clients.values():
        client.post(address, CHOSEN | {"_selected_action": rows[LISTS[address]]})
    assert state() == before


def test_list_of_partners_is_the_nations_to_shorten(clients, rows):
    found = {}
    for name, client in clients.items():
        client.post("/admin/organizers/partner/", CHOSEN | {"_selected_action": rows["partner"]})
        found[name] = Partner.objects.exists()
    assert found == dict.fromkeys(NAMES[:-1], True) | {"nation": False}
