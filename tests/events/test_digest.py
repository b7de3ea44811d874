"""The morning digest: one mail at most for each agent and day, to who is at work, of what is theirs that day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from events import amending, digest, tasks, workflow
from events.models import Event
from organizers.enums import OfficeKind
from organizers.models import Office, OfficeMembership
from semaine.models import Department, OutboxMessage
from tests import factories
from tests.events.test_concurrency import together
from tests.factories import NOW

pytestmark = pytest.mark.django_db

DEPARTMENTAL, REGIONAL, NATIONAL = OfficeKind.DEPARTMENTAL, OfficeKind.REGIONAL, OfficeKind.NATIONAL
# All of the season.
AWAY = {"absent_from": date(2025, 9, 1), "absent_until": date(2025, 12, 31)}


def at(day, hour=8, minute=10):
    """A moment of 2025 in universal time: in October, ten past ten in Paris."""
    return datetime.fromisoformat(f"2025-{day}T{hour:02}:{minute:02}").replace(tzinfo=UTC)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(dedupe_key__startswith="digest-").order_by("pk"))


def readers() -> list[str]:
    return [each.recipient for each in mails()]


def told(moment) -> list[str]:
    """Who gets a digest of a run."""
    before = len(mails())
    digest.send(moment)
    return readers()[before:]


def test_digest_says_what_is_late_due_and_new():
    agent = factories.referent()
    # The région has what is late.
    OfficeMembership.objects.create(user=agent, office=factories.office(REGIONAL, "27"))
    factories.submitted(title="Visite en retard", at=at("10-01"))
    for number in range(4):
        factories.submitted(title=f"Forum {number}", at=at("10-02"))
    tomorrow = factories.submitted(title="Atelier", at=at("10-03"))
    new = factories.submitted(title="Portes & <ouvertes>", at=at("10-07", 9))
    labelled = factories.labelled(title="Exposition", at=at("10-01"))
    amending.amend(labelled, by=labelled.created_by, at=at("10-07", 9), values={"title": "Exposition 2"})
    assert (tomorrow.due_on, new.due_on) == (date(2025, 10, 9), date(2025, 10, 13))
    digest.send(at("10-08"))
    [mail] = mails()
    assert (mail.recipient, mail.dedupe_key) == (agent.email, f"digest-{agent.pk}-2025-10-08")
    assert mail.subject == "8\u00a0dossiers à examiner, mercredi 8 octobre"
    link = f"{settings.SITE_URL}/admin/events/event/"
    place = "(Territoire de Belfort)"
    assert mail.text.strip() == (
        "Bonjour,\n\n8\u00a0dossiers attendent votre réponse, mercredi 8 octobre.\n\n"
        f"En retard : 1\n- Visite en retard {place}\n\n"
        f"À répondre aujourd’hui : 4\n- Forum 0 {place}\n- Forum 1 {place}\n- Forum 2 {place}\n- et 1 de plus\n\n"
        f"À répondre jeudi 9 octobre : 1\n- Atelier {place}\n\n"
        f"Nouveaux dossiers : 1\n- Portes & <ouvertes> {place}\n\n"
        f"Nouvelles modifications proposées : 1\n- Exposition {place}\n\n"
        f"Ouvrir ma liste :\n{link}\n\n"
        "Vous recevez ce message les jours ouvrés où il y a du nouveau, car vous êtes agent d’un service référent de "
        "la Semaine de l’industrie. Votre tableau de bord permet de ne plus le recevoir."
    )
    assert (mail.html.count("href="), mail.html.count(f'href="{link}"')) == (1, 1)
    assert mail.html.count("Portes &amp; &lt;ouvertes&gt;") == 1


def test_nothing_to_say_is_no_mail():
    factories.referent()
    assert told(at("10-01")) == []
    event = factories.submitted(at=at("10-01", 9))
    # On Friday it is neither new nor due by Monday.
    days = {day: len(told(at(f"10-{day}"))) for day in ("02", "03", "06", "07")}
    assert (event.due_on, days) == (date(2025, 10, 7), {"02": 1, "03": 0, "06": 1, "07": 1})


def test_what_came_is_counted_from_the_last_digest():
    factories.referent()
    first = factories.submitted(title="Lundi", at=at("10-06", 7))
    digest.send(at("10-06"))
    factories.submitted(title="Pendant la panne", at=at("10-06", 12))
    # Nobody ran on Tuesday.
    digest.send(at("10-08"))
    assert first.due_on == date(2025, 10, 10)
    assert ["Lundi" in each.text for each in mails()] == [True, False]
    assert "Nouveaux dossiers : 1\n- Pendant la panne" in mails()[1].text


def test_digest_is_sent_once_a_day():
    agent = factories.referent()
    factories.submitted(at=at("10-07", 5))
    hours = [(day, hour) for day in ("10-07", "10-08") for hour in range(24)]
    sent = [f"{day} {hour}" for day, hour in hours for _ in range(2) if told(at(day, hour))]
    assert (sent, set(readers())) == (["10-07 5"], {agent.email})
    assert told(at("10-10")) == [agent.email]


@pytest.mark.parametrize(
    ("hour", "sent"), [(4, 0), (5, 1), (12, 1), (15, 1), (16, 0), (21, 0), (22, 0), (23, 0)]
)
def test_late_run_still_sends_until_the_evening(hour, sent):
    factories.referent()
    factories.submitted(at=at("10-07", 4, 0))
    assert len(told(at("10-07", hour))) == sent


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_once():
    for _ in range(3):
        factories.referent()
    factories.submitted(at=at("10-07", 4))
    together(*[lambda: digest.send(at("10-07"))] * 2)
    assert (len(mails()), len(set(readers()))) == (3, 3)


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        ("11-07", 1),
        ("11-08", 0),
        ("11-09", 0),
        ("11-10", 1),
        ("11-11", 0),
        ("11-12", 1),
        ("12-25", 0),
        ("12-26", 1),
    ],
)
def test_digest_rests_on_weekends_and_public_holidays(day, sent):
    factories.referent()
    event = factories.submitted(at=at("11-05", 7))
    Event.objects.filter(pk=event.pk).update(due_on=date.fromisoformat(f"2025-{day}"))
    assert len(told(at(day))) == sent


@pytest.mark.parametrize(
    ("kind", "codes", "day", "sent"),
    [
        (DEPARTMENTAL, ["67"], "12-26", 0),
        (DEPARTMENTAL, ["57"], "12-26", 0),
        (DEPARTMENTAL, ["54"], "12-26", 1),
        # A région works when only a part of it rests.
        (REGIONAL, ["54", "57", "67"], "12-26", 1),
        (REGIONAL, ["57"], "12-26", 0),
        (DEPARTMENTAL, ["974"], "12-19", 1),
        (DEPARTMENTAL, ["972"], "05-22", 0),
    ],
)
def test_digest_rests_on_the_holidays_of_the_territory(kind, codes, day, sent):
    region = factories.region("32") if kind == REGIONAL else None
    for code in codes:
        names = {"name": code, "of_name": code, "slug": code, "sort_key": code}
        Department.objects.create(code=code, region=region, timezone="Europe/Paris", **names)
    place = {"region": region} if region else {"department_id": codes[0]}
    seat = Office.objects.create(kind=kind, name="Référent", **place)
    OfficeMembership.objects.create(user=factories.user(), office=seat)
    event = factories.submitted()
    Event.objects.filter(pk=event.pk).update(department=codes[0], due_on=date.fromisoformat(f"2025-{day}"))
    assert len(told(at(day))) == sent


def test_day_off_of_la_reunion_is_a_day_of_work_elsewhere():
    """Its own holiday, the 20th of December, was a Friday in 2024."""
    there, here = factories.referent(territory="974"), factories.referent()
    factories.submitted(commune_code="97411")
    factories.submitted()
    Event.objects.update(due_on=date(2024, 12, 20))
    assert told(datetime(2024, 12, 20, 8, tzinfo=UTC)) == [here.email]
    assert there.email not in readers()


def test_morning_is_that_of_the_territory():
    places = {"974": "97411", "90": "90010", "971": "97101", "987": "98718"}
    agents = {factories.referent(territory=each).email: each for each in places}
    for commune in places.values():
        factories.submitted(commune_code=commune, at=at("10-06", 0))
    found = {}
    for hour in range(48):
        moment = at("10-06", 0) + timedelta(hours=hour)
        found |= {agents[each]: f"{moment:%d %H}" for each in told(moment)}
    # At 7: in La Réunion four hours ahead of universal time, in Belfort two; then four and nine and a half behind.
    assert found == {"974": "06 03", "90": "06 05", "971": "06 11", "987": "06 17"}


def test_digest_of_a_day_that_has_begun_overseas_only():
    """At 21:10 UTC on Sunday it is Monday morning in Nouméa."""
    names = {"name": "Nouvelle-Calédonie", "of_name": "de Nouvelle-Calédonie", "slug": "nc", "sort_key": "nc"}
    there = Department.objects.create(code="988", timezone="Pacific/Noumea", **names)
    seat = Office.objects.create(kind=DEPARTMENTAL, department=there, name="Référent")
    agent = factories.user()
    OfficeMembership.objects.create(
        user=agent, office=seat, absent_from=date(2025, 9, 1), absent_until=date(2025, 10, 5)
    )
    event = factories.submitted(at=at("10-01"))
    Event.objects.filter(pk=event.pk).update(department=there, due_on=date(2025, 10, 6))
    assert told(at("10-05", 21)) == [agent.email]
    assert mails()[0].dedupe_key == f"digest-{agent.pk}-2025-10-06"
    assert "À répondre aujourd’hui : 1" in mails()[0].text


@pytest.mark.parametrize(
    ("day", "kind"), [("10-07", DEPARTMENTAL), ("10-08", REGIONAL), ("10-09", NATIONAL), ("10-10", NATIONAL)]
)
def test_file_is_in_the_digest_of_who_has_the_turn(day, kind):
    """Due on Tuesday the 7th: on Wednesday the région's, on Thursday the nation's."""
    offices = [(DEPARTMENTAL, "90"), (REGIONAL, "27"), (NATIONAL, "France")]
    agents = {factories.referent(*each).email: each[0] for each in offices}
    factories.submitted()
    assert [agents[each] for each in told(at(day))] == [kind]


def absent(deputy, territory="90", **fields):
    return factories.referent(territory=territory, deputy=deputy, **AWAY | fields)


REPLACES = "Vous remplacez {} (Référent – 90) jusqu’au 31 décembre : ses dossiers sont comptés ici."


@pytest.mark.parametrize(
    ("kind", "territory"), [(DEPARTMENTAL, "90"), (REGIONAL, "27"), (NATIONAL, "France")]
)
def test_deputy_gets_what_is_the_absent_agent_s(kind, territory):
    deputy = factories.referent(kind, territory)
    away = absent(deputy)
    if kind != REGIONAL:
        factories.referent(REGIONAL, "27")
    factories.submitted()
    assert told(at("10-02")) == [deputy.email]
    assert [line for line in mails()[0].text.splitlines() if "remplacez" in line] == [REPLACES.format(away)]
    assert list(Event.objects.my_turn(deputy, at("10-02"))) == list(Event.objects.all())


def test_deputy_reads_no_name_when_the_agent_is_back():
    deputy = factories.referent(REGIONAL, "27")
    back = absent(deputy, absent_until=date(2025, 10, 1))
    factories.submitted()
    assert told(at("10-02")) == [back.email]
    assert "remplacez" not in mails()[0].text


@pytest.mark.parametrize("reason", ["absent too", "without the right", "out of post", "closed", "no agent"])
def test_turn_goes_up_where_the_deputy_cannot_answer(reason):
    makers = {
        "absent too": lambda: absent(None, "59"),
        "without the right": lambda: factories.referent(territory="59"),
        "out of post": lambda: factories.referent(REGIONAL, "27", is_active=False),
        "closed": lambda: factories.referent(REGIONAL, "27"),
        "no agent": factories.user,
    }
    deputy = makers[reason]()
    if reason == "closed":
        deputy.is_active = False
        deputy.save()
    absent(deputy)
    nation = factories.national()
    factories.submitted()
    assert told(at("10-02")) == [nation.email]


def test_absent_agent_gets_none_and_a_colleague_does():
    absent(None)
    colleague = factories.referent()
    factories.submitted()
    assert told(at("10-02")) == [colleague.email]


def test_agent_of_two_offices_gets_one_digest():
    agent = factories.referent()
    OfficeMembership.objects.create(user=agent, office=factories.office(DEPARTMENTAL, "59"))
    factories.submitted()
    factories.submitted(commune_code="59350")
    assert told(at("10-02")) == [agent.email]
    assert mails()[0].text.startswith("Bonjour,\n\n2\u00a0dossiers attendent")


def test_digest_can_be_turned_off():
    agent = factories.referent()
    agent.wants_digest = False
    agent.save()
    factories.submitted()
    assert told(at("10-02")) == []


def test_agent_without_account_or_post_gets_none():
    factories.referent(is_active=False)
    closed = factories.referent()
    closed.is_active = False
    closed.save()
    factories.submitted()
    assert told(at("10-02")) == []


def test_what_is_answered_is_said_no_more():
    factories.referent()
    workflow.refuse(factories.submitted(), by=factories.national(), at=NOW, rule="free", comment="Payant.")
    assert told(at("10-02")) == []


@pytest.mark.parametrize("number", [1, 3])
def test_run_costs_the_same_queries_for_any_number_of_files(django_assert_num_queries, number):
    for _ in range(number):
        factories.referent()
        factories.submitted()
    # The last digests, agents, départements, what is written; who is at work twice, holders, files, deputies; then
    # one for each mail.
    with django_assert_num_queries(9 + number):
        digest.send(at("10-02"))
    with django_assert_num_queries(4):
        digest.send(at("10-02"))


def test_task_is_planned_every_hour_and_writes_what_is_due():
    planned = settings.CELERY_BEAT_SCHEDULE["digests"]
    assert (planned["task"], planned["schedule"].hour) == (tasks.send_digests.name, set(range(24)))
    agent = factories.referent()
    factories.submitted()
    with time_machine.travel(at("10-02"), tick=False):
        tasks.send_digests()
    assert readers() == [agent.email]
