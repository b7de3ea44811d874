from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from events.demo import accounts, press
from events.eligibility import assess, failed
from events.enums import Source, Status
from events.facts import facts_of
from events.models import Event
from organizers.models import User
from semaine.management.commands import load_territories
from semaine.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> str:
    codes = {row["commune_code"] for row in press.rows() if "commune_code" in row}
    load_territories.load(codes | {"59350"})
    call_command("load_editions", stdout=StringIO())
    return call_command("load_demo", events=30, stdout=StringIO())


@pytest.fixture
def real(told):
    return Event.objects.public().filter(source=Source.PRESS)


def test_load_demo_labels_every_real_event(real):
    titles = sorted(row["title"] for row in press.rows())
    assert sorted(real.values_list("title", flat=True)) == titles
    assert len(titles) == 20


def test_load_demo_real_events_hold_the_rules(real):
    for event in real:
        assert failed(assess(facts_of(event), event.edition.label_window(event.department))) == []
        event.full_clean()


def test_load_demo_dates_decisions_within_the_submissions(real):
    for event in real:
        assert [row.transition for row in event.decisions.all()] == ["submit", "label"]
        assert all(event.edition.accepts_submissions(row.at) for row in event.decisions.all())


def test_load_demo_opens_the_technodome_each_day_for_three_weeks(real):
    event = real.get(title="Les Secrets du Technodôme")
    days = list(event.slots.values_list("first_day", flat=True))
    assert (len(days), days[0], days[-1]) == (19, date(2024, 11, 18), date(2024, 12, 6))
    assert event.is_lasting
    assert event.label_number == "SI-2024-FR-0001"


def test_load_demo_keeps_the_hours_of_guadeloupe(real):
    event = real.get(title="Outre-Mer Girls Tech Day")
    slot = event.slots.get()
    assert slot.first_day == date(2024, 12, 6)
    assert slot.starts_at == datetime(2024, 12, 6, 12, 30, tzinfo=UTC)
    assert event.department.name == "Guadeloupe"


def test_load_demo_puts_tergnier_in_aisne(real):
    assert real.get(commune__name="Tergnier").label_number == "SI-2024-02-0001"


def test_load_demo_says_what_was_filled_in(real):
    event = real.get(title="Rallye Industrie’ELLES")
    assert event.description.endswith("nous avons complété les horaires, la filière et les thèmes.")


def test_load_demo_mails_nobody_about_the_past(real):
    assert set(OutboxMessage.objects.values_list("recipient", flat=True)) == {accounts.ORGANIZER}


def test_load_demo_shows_the_organizer_each_state(told):
    organizer = User.objects.get(email=accounts.ORGANIZER)
    events = Event.objects.editable_by(organizer).with_proposals().order_by("pk")
    assert list(events.values_list("status", "is_amended")) == [
        (Status.DRAFT, False),
        (Status.SUBMITTED, False),
        (Status.CHANGES_REQUESTED, False),
        (Status.LABELLED, False),
        (Status.MERGED, False),
        (Status.LABELLED, True),
        (Status.REFUSED, False),
    ]


def test_load_demo_shows_two_files_that_are_one(client, told):
    twice = Event.objects.get(status=Status.MERGED)
    kept = twice.merged_into
    assert client.get(twice.get_absolute_url()).headers["Location"] == kept.get_absolute_url()
    assert client.get(kept.get_absolute_url()).status_code == 200


def test_load_demo_tells_accounts_that_sign_in(told):
    emails = [accounts.ORGANIZER, *accounts.REFERENTS]
    assert all(email in told for email in emails)
    assert accounts.password() in told
    for user in User.objects.filter(email__in=emails):
        assert user.check_password(accounts.password())
        assert user.emailaddress_set.get().verified


def test_load_demo_again_adds_nothing(told):
    events, mails, people = Event.objects.count(), OutboxMessage.objects.count(), User.objects.count()
    assert call_command("load_demo", events=30, stdout=StringIO()) == told
    assert (events, mails, people) == (57, OutboxMessage.objects.count(), User.objects.count())
    assert Event.objects.count() == 57


def test_load_demo_lets_a_newcomer_without_a_phone_into_the_admin(client, told):
    """With what the terminal shows: the accounts, their password, and the code of the moment."""
    out = StringIO()
    call_command("demo_code", stdout=out)
    code = out.getvalue().strip()
    assert (accounts.password() in told, accounts.secret() in told, len(code)) == (True, True, 6)
    for email in accounts.REFERENTS:
        data = {"login": email, "password": accounts.password(), "next": "/admin/events/event/"}
        client.post("/compte/connexion/", data)
        assert client.post("/compte/connexion/verification/", {"code": code}).url == data["next"]
        assert client.get("/admin/events/event/").status_code == 200
        client.post("/compte/deconnexion/")
