"""Two organizations that are one: what each had is the other's, and nothing is lost."""

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client

from events import organization_merging
from events.enums import Source
from events.filters import ProgrammeFilter
from events.models import Event, EventImport
from events.workflow import WorkflowError
from organizers import membership, tokens
from organizers.enums import MembershipRole, OfficeKind
from organizers.models import ApiToken, FormerOrganization, Invitation, JoinRequest, Membership, Organization
from organizers.organization_forms import SiretForm, free_slug
from semaine.models import OutboxMessage, SiteRevision
from tests import factories
from tests.events.test_bad_input import plain
from tests.factories import NOW
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db

SIRET, SAME_COMPANY, OTHER_COMPANY = "55208131766522", "55208131700109", "44306184100047"
EDITOR, OWNER = MembershipRole.EDITOR, MembershipRole.OWNER
ONLINE = {"commune_code": None, "attendance_mode": "en-ligne", "online_url": "https://example.org/direct"}


@pytest.fixture(autouse=True)
def _clock(request, db):
    factories.edition()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owners():
    return factories.verified(factories.user("bis@example.org")), factories.verified(
        factories.user("a@example.org")
    )


@pytest.fixture
def pair(owners):
    """The one that goes, and the one that stays."""
    gone, kept = owners
    return (
        factories.organization(
            gone, name="SAS Fonderie du Lion", slug="lion-bis", website="https://lion.example.org"
        ),
        factories.organization(kept, name="Fonderie du Lion", slug="lion"),
    )


def merge(pair, by=None):
    gone, kept = pair
    return organization_merging.merge(gone, into=kept, by=by or factories.referent(), at=NOW)


def refused(pair, by=None) -> str:
    with pytest.raises(WorkflowError) as caught:
        merge(pair, by)
    assert Organization.objects.filter(pk__in=[each.pk for each in pair]).count() == len(
        {each.pk for each in pair}
    )
    return plain(caught.value.message)


def an_import(organization, by, state="done"):
    return EventImport.objects.create(
        organization=organization, edition=factories.edition(), created_by=by, created_at=NOW, queued_at=NOW,
        state=state, source=Source.SPREADSHEET, file_name="a.csv", content=b"", digest="0",
    )  # fmt: skip


# What moves.


def test_events_move_with_their_name_address_and_version(pair, owners):
    made = [factories.draft(owners[0]), factories.submitted(owners[0]), factories.labelled(owners[0])]
    kept_as = [(each.slug, each.version, each.label_number, each.status) for each in made]
    own = factories.labelled(owners[1])
    before = SiteRevision.objects.number()
    kept = merge(pair)
    rows = list(Event.objects.filter(pk__in=[each.pk for each in made]).order_by("pk"))
    assert [(each.slug, each.version, each.label_number, each.status) for each in rows] == kept_as
    assert {(each.organization, each.organizer_name) for each in [*rows, own]} == {(kept, "Fonderie du Lion")}
    assert {each.trigram_key for each in rows} == {
        "visite de la fonderie fonderie du lion belfort territoire de belfort"
    }
    assert SiteRevision.objects.number() == before + 1
    assert not Organization.objects.filter(slug="lion-bis").exists()


def test_revision_stays_when_no_event_is_public(pair, owners):
    factories.submitted(owners[0])
    before = SiteRevision.objects.number()
    merge(pair)
    assert SiteRevision.objects.number() == before


def test_online_events_follow_the_seat_that_is_kept(pair, owners):
    Organization.objects.filter(pk=pair[1].pk).update(headquarters=factories.commune("59350"))
    draft = factories.draft(owners[0], **ONLINE)
    merge(pair)
    draft.refresh_from_db()
    assert draft.department_id == "59"


def test_people_imports_and_tokens_move_and_nobody_loses_a_right(pair, owners):
    gone, kept = pair
    both = factories.member(gone, OWNER)
    Membership.objects.create(user=both, organization=kept, role=EDITOR)
    asks, comes = factories.verified(factories.user()), factories.member(gone, EDITOR)
    for organization in pair:
        membership.request_to_join(organization, by=asks, at=NOW, message="Bonjour")
    membership.request_to_join(kept, by=comes, at=NOW, message="")
    membership.invite(gone, "c@example.org", OWNER, by=owners[0], at=NOW)
    membership.invite(kept, "c@example.org", EDITOR, by=owners[1], at=NOW)
    membership.invite(gone, "d@example.org", EDITOR, by=owners[0], at=NOW)
    job = an_import(gone, owners[0])
    token, secret = tokens.issue(gone, "Agenda", by=owners[0], at=NOW)
    merge(pair)
    roles = dict(kept.memberships.values_list("user__email", "role"))
    assert roles == {"a@example.org": OWNER, "bis@example.org": OWNER, both.email: OWNER, comes.email: EDITOR}
    waiting = Invitation.objects.waiting().order_by("email").values_list("organization", "email", "role")
    assert list(waiting) == [(kept.pk, "c@example.org", OWNER), (kept.pk, "d@example.org", EDITOR)]
    assert list(JoinRequest.objects.order_by("pk").values_list("organization", "user", "state")) == [
        (kept.pk, asks.pk, "pending"), (kept.pk, comes.pk, "accepted"),
    ]  # fmt: skip
    assert EventImport.objects.get().organization == kept
    assert job.organization == gone
    assert tokens.used(secret, at=NOW).organization == kept
    assert ApiToken.objects.get() == token


def test_description_is_completed_and_never_overwritten(pair):
    gone, kept = pair
    Organization.objects.filter(pk=gone.pk).update(siret=SIRET, naf_rev2="24.51Z", kind="etat")
    merge(pair)
    kept.refresh_from_db()
    assert (kept.name, kept.slug, kept.kind) == ("Fonderie du Lion", "lion", "entreprise")
    assert (kept.siret, kept.naf_rev2, kept.website) == (SIRET, "24.51Z", "https://lion.example.org")


def test_identifier_of_both_gets_a_number_that_nobody_has(pair, owners):
    names = [(owners[0], "1"), (owners[0], "2"), (owners[0], "x" * 100), (owners[1], "1"), (owners[1], "1-2")]
    names += [(owners[1], "x" * 100)]
    made = []
    for owner, name in names:
        event = factories.draft(owner)
        Event.objects.filter(pk=event.pk).update(source=Source.SPREADSHEET, external_id=name)
        made.append(event.pk)
    merge(pair)
    found = Event.objects.in_bulk(made)
    assert [found[pk].external_id for pk in made] == ["1-3", "2", "x" * 98 + "-2", "1", "1-2", "x" * 100]
    texts = OutboxMessage.objects.filter(subject__contains="ne font plus qu’une").values_list(
        "text", flat=True
    )
    assert ["2 identifiants de fichier servaient aux deux" in plain(text) for text in texts] == [True, True]


# Where what was known leads.


def test_old_address_number_and_siret_lead_to_the_kept_one(client, pair, owners):
    gone, kept = pair
    Organization.objects.filter(pk=gone.pk).update(siret=SAME_COMPANY)
    Organization.objects.filter(pk=kept.pk).update(siret=SIRET)
    factories.labelled(owners[0])
    merge(pair)
    page = client.get("/organisateurs/lion-bis/")
    assert (page.status_code, page["Location"]) == (301, "/organisateurs/lion/")
    assert client.get("/organisateurs/lion/").status_code == 200
    query = {"organisateur": "lion-bis"}
    found = ProgrammeFilter(query, Event.objects.public(), edition=factories.edition(), at=NOW)
    assert (found.qs.count(), found.form.organizer_name) == (1, "Fonderie du Lion")
    assert kept.is_known_as(gone.pk)
    assert not kept.is_known_as(gone.pk + kept.pk)
    form = SiretForm({"siret": SAME_COMPANY})
    assert (form.is_valid(), form.taken) == (False, kept)
    assert free_slug("Lion bis") == "lion-bis-2"
    space = sign_in(Client(), owners[0])
    assert space.get("/espace/organisation/lion-bis/").context["organization"] == kept


def test_address_leads_on_through_every_merge(client, pair, owners):
    third = factories.organization(factories.user(), name="Lion", slug="lion-ter")
    factories.labelled(owners[0])
    kept = merge((merge(pair), third))
    assert client.get("/organisateurs/lion-bis/")["Location"] == "/organisateurs/lion-ter/"
    assert client.get("/organisateurs/lion/")["Location"] == "/organisateurs/lion-ter/"
    assert set(FormerOrganization.objects.values_list("slug", "organization")) == {
        ("lion-bis", kept.pk), ("lion", kept.pk),
    }  # fmt: skip


def test_address_of_one_without_public_event_stays_unknown(client, pair, owners):
    factories.submitted(owners[0])
    merge(pair)
    assert client.get("/organisateurs/lion-bis/").status_code == 404


# Who is told, and what is written.


def test_owners_of_both_are_told_once_and_it_is_written(pair, owners):
    agent = factories.referent()
    factories.member(pair[0], EDITOR)
    factories.submitted(owners[0])
    gone, sent = pair[0].pk, OutboxMessage.objects.count()
    kept = merge(pair, agent)
    mails = OutboxMessage.objects.order_by("pk")[sent:]
    subject = "« SAS Fonderie du Lion » et « Fonderie du Lion » ne font plus qu’une organisation"
    assert sorted((mail.recipient, plain(mail.subject)) for mail in mails) == [
        ("a@example.org", subject), ("bis@example.org", subject),
    ]  # fmt: skip
    assert {"/espace/organisation/lion/" in mail.text for mail in mails} == {True}
    line = LogEntry.objects.get()
    assert (line.user, line.object_repr, plain(line.change_message)) == (
        agent,
        "Fonderie du Lion",
        "« SAS Fonderie du Lion » (lion-bis) y est regroupée : 1 événement, 2 membres.",
    )
    former = FormerOrganization.objects.get()
    assert (former.number, former.organization, former.by, former.at) == (gone, kept, agent, NOW)


# What stops it.


def test_merge_says_what_stops_it(pair, owners):
    gone, kept = pair
    factories.submitted(owners[0])
    assert (
        refused((gone, gone))
        == "Une organisation ne se regroupe pas avec elle-même : choisissez-en une autre."
    )
    agent = factories.referent()
    member = Membership.objects.create(user=agent, organization=kept, role=EDITOR)
    assert refused(pair, agent) == "Vous êtes membre de l’une des deux : un collègue doit les regrouper."
    member.delete()
    Organization.objects.filter(pk=gone.pk).update(siret=SIRET)
    Organization.objects.filter(pk=kept.pk).update(siret=OTHER_COMPANY)
    assert refused(pair) == (
        "Leurs SIRET sont ceux de deux entreprises différentes : elles restent deux organisations."
    )
    Organization.objects.filter(pk=kept.pk).update(siret="")
    job = an_import(kept, owners[1], state="queued")
    assert refused(pair) == "Un import de l’une des deux est en cours : recommencez quand il sera terminé."
    job.delete()
    for owner in owners:
        Event.objects.filter(pk=factories.draft(owner).pk).update(source=Source.API, external_id="cms:1")
    assert refused(pair).startswith("Leurs logiciels donnent les mêmes identifiants")
    Event.objects.filter(external_id="cms:1", organization=gone).delete()
    factories.submitted(owners[0], commune_code="59350")
    assert (
        refused(pair) == "L’une des deux a des événements ailleurs : l’équipe nationale peut les regrouper."
    )
    merge(pair, factories.national())


# The page.


def address(pair):
    return "/admin/qualite/organisations/{.pk}/{.pk}/".format(*pair)


def test_page_says_what_moves_and_a_button_keeps_one(pair, owners):
    factories.labelled(owners[0])
    factories.draft(owners[0])
    factories.submitted(owners[1])
    client = sign_in(Client(), factories.referent())
    page = client.get(address(pair))
    gone, kept = page.context["sides"]
    assert ([plain(each) for each in gone["has"]], [plain(each) for each in gone["stages"]]) == (
        ["2 événements", "1 membre"], ["Brouillon : 1", "Labellisé : 1"],
    )  # fmt: skip
    assert "La page /organisateurs/lion-bis/ mènera à /organisateurs/lion/." in page.content.decode()
    assert kept["moves"] == gone["has"]
    done = client.post(address(pair), {"keep": pair[1].pk}, follow=True)
    assert [plain(f"{each}") for each in done.context["messages"]] == [
        (
            "C’est fait : « SAS Fonderie du Lion » est regroupée avec « Fonderie du Lion ». Les responsables sont "
            "prévenus par courriel."
        )
    ]
    assert Organization.objects.get(members=owners[0]).events.count() == 3
    again = client.post(address(pair), {"keep": pair[0].pk}, follow=True)
    assert [plain(f"{each}") for each in again.context["messages"]] == [
        "Ces deux organisations viennent d’être regroupées par quelqu’un d’autre : il n’y a plus rien à faire."
    ]


def test_page_asks_which_one_to_keep_and_says_why_it_cannot(pair, owners):
    for owner in owners:
        factories.submitted(owner)
    client = sign_in(Client(), factories.referent())
    assert client.post(address(pair), {"keep": "0"}).context["error"] == (
        "Choisissez l’organisation à garder, par un des deux boutons."
    )
    factories.submitted(owners[0], commune_code="59350")
    elsewhere = "L’une des deux a des événements ailleurs : l’équipe nationale peut les regrouper."
    assert [plain(side["why_not"]) for side in client.get(address(pair)).context["sides"]] == [elsewhere] * 2
    assert plain(client.post(address(pair), {"keep": pair[0].pk}).context["error"]) == elsewhere
    assert Organization.objects.count() == 2


def test_page_is_not_there_for_who_examines_nothing_of_one_of_them(pair, owners):
    factories.submitted(owners[0])
    agent = factories.referent(OfficeKind.REGIONAL, "27")
    assert sign_in(Client(), agent).get(address(pair)).status_code == 404
