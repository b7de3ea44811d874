"""The published figures: each number against a count by hand, and snapshots that nothing changes."""

import csv
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pypdf
import pytest
import time_machine

from events import figures_kept
from events.enums import Audience, TermKind
from events.figures_reported import COLUMNS
from events.models import AttendanceReport, Event, FiguresSnapshot, Term
from events.public_figures import CAME, COUNTED, NUMBERS, measured
from organizers.enums import OrganizationKind
from tests import factories
from tests.events.test_kit_files import letters
from tests.events.test_workflow import standing

pytestmark = pytest.mark.django_db

PAGE = "/chiffres/"
AT = datetime(2025, 11, 24, 11, tzinfo=UTC)
ONLINE = {"attendance_mode": "en-ligne", "online_url": "https://visio.example.org", "commune_code": None}
TERMS = [
    (TermKind.FORMAT, "visite", "Visite"),
    (TermKind.FORMAT, "forum", "Forum"),
    (TermKind.SECTOR, "mines-et-metallurgie", "Mines et métallurgie"),
    (TermKind.SECTOR, "bois", "Bois"),
    (TermKind.TOPIC, "mixite", "Mixité"),
    (TermKind.TOPIC, "decarbonation", "Décarbonation"),
]
SLOT = factories.slot
# What an event may be, in what figures count.
VARIED = (
    {"expected_participants": 30, "topic_codes": ["mixite"]},
    {"commune_code": "59350", "format_code": "forum", "sector_codes": ["bois", "mines-et-metallurgie"]},
    {"commune_code": "59350", "expected_participants": 9_000, "audience_codes": ["jeunes"]},
    {"commune_code": "59350", "expected_participants": 4_000, "slots": [SLOT("2025-11-18"), SLOT("2025-11-19")]},
    {"expected_participants": 81, "capacity": 40, "slots": [SLOT(), SLOT(start="14:00", end="16:00")]},
    {"expected_participants": 80, "capacity": 40, "slots": [SLOT(), SLOT(start="14:00", end="16:00")]},
    {"commune_code": "98718", "sector_codes": [], "topic_codes": ["mixite", "decarbonation"]},
    {"commune_code": "97411", "sector_codes": ["bois", "bois"], "format_code": "forum"},
    {**ONLINE, "expected_participants": 100_000, "topic_codes": ["mixite"]},
    {**ONLINE, "expected_participants": 100_001, "slots": [SLOT("2025-11-17", "09:00", "09:00")]},
    {"attendance_mode": "mixte", "online_url": "https://visio.example.org", "expected_participants": 5_000},
)  # fmt: skip
# What a report may tell of those who came.
WHO = (
    {"by_audience": {"scolaires": 1_500, "jeunes": 700}, "women_share": 40},
    {"by_audience": {"scolaires": 300, "demandeurs-emploi": 0}, "women_share": 0},
    {},
    {"women_share": 55},
    {"by_audience": {"jeunes": 2_500}, "women_share": 31},
)  # fmt: skip
STATUSES = ("draft", "submitted", "changes_requested", "refused", "withdrawn", "cancelled:submitted")


@pytest.fixture(autouse=True)
def _monday(db):
    factories.edition()
    with time_machine.travel(AT, tick=False):
        yield


def varied() -> None:
    """Events of every kind and status, of three organizations, some with a report."""
    for kind, code, label in TERMS:
        Term.objects.create(kind=kind, code=code, label=label)
    owners = [factories.user() for _ in range(3)]
    for owner, kind in zip(owners, OrganizationKind, strict=False):
        factories.organization(owner, kind=kind)
    for number, fields in enumerate(VARIED):
        event = factories.labelled(owners[number % 3], **fields)
        if number % 2:
            reported(event, 2_500 * number, **WHO[number % len(WHO)])
    for status in (*STATUSES, "cancelled:labelled", "labelled:amended"):
        standing(status, expected_participants=1_000_000, topic_codes=["mixite"])
    hidden = {"in_edition": factories.edition(2024), "slots": [SLOT("2024-11-20")]}
    factories.labelled(at=datetime(2024, 10, 1, tzinfo=UTC), **hidden)


def reported(event, total: int, **fields) -> None:
    AttendanceReport.objects.create(
        event=event, total=total, by=event.created_by, created_at=AT, updated_at=AT, **fields
    )


def by_hand(year=2025) -> dict:
    """All numbers by (table, line), counted over all events one by one."""
    found = defaultdict(lambda: dict.fromkeys(NUMBERS, 0) | {"organizations": set()})
    found["", ""]  # there without an event too
    for event in Event.objects.filter(edition__year=year):
        if event.status == "labelled" or (event.status, event.cancelled_from) == ("cancelled", "labelled"):
            for place in places_of(event):
                add(found[place], event)
    return {place: each | {"organizations": len(each["organizations"])} for place, each in found.items()}


def places_of(event) -> set:
    department = event.commune and event.commune.department
    days = {
        each.first_day + timedelta(n)
        for each in event.slots.all()
        for n in range((each.last_day - each.first_day).days + 1)
    }
    region = "en-ligne" if department is None else department.region_id or "outre-mer"
    several = {"filieres": event.sector_codes, "publics": event.audience_codes, "themes": event.topic_codes}
    return (
        {("", ""), ("regions", region), ("departements", department.pk if department else "en-ligne")}
        | {("natures", event.format_code), ("organisateurs", event.organization.kind)}
        | {(table, code) for table, codes in several.items() for code in codes or ["aucun"]}
        | {("jours", f"{day}") for day in days}
    )


def add(numbers: dict, event) -> None:
    if event.status == "cancelled":
        numbers["cancelled"] += 1
        return
    slots = list(event.slots.all())
    likely = 2_000 * len({each.first_day for each in slots})
    likely = event.capacity * len(slots) if event.capacity else likely
    likely = likely if event.attendance_mode == "sur-place" else 100_000
    report = AttendanceReport.objects.filter(event=event).first()
    expected, came = event.expected_participants or 0, report.total if report else 0
    numbers["events"] += 1
    numbers["organizations"].add(event.organization_id)
    numbers["expected"] += expected
    numbers["unlikely"] += expected > likely
    numbers["expected_likely"] += expected if expected <= likely else 0
    numbers["reports"] += bool(report)
    numbers["reported"] += came
    numbers["unlikely_reports"] += came > likely
    numbers["reported_likely"] += came if came <= likely else 0


def who_came_by_hand() -> tuple[dict, dict]:
    """By public, and of girls and women: {name: number}, over all reports one by one."""
    lines = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    women = dict.fromkeys(("reports", "of", "women", "of_likely", "women_likely"), 0)
    for event in Event.objects.filter(edition__year=2025, status="labelled"):
        report = AttendanceReport.objects.filter(event=event).first()
        if report is None:
            continue
        numbers = dict.fromkeys(NUMBERS, 0) | {"organizations": set()}
        add(numbers, event)
        unlikely = numbers["unlikely_reports"]
        left = report.total - sum(report.by_audience.values())
        for code, number in [*report.by_audience.items(), ("aucun", left)]:
            if number:
                lines[code]["reports"] += 1
                lines[code]["reported"] += number
                lines[code]["unlikely_reports"] += unlikely
                lines[code]["reported_likely"] += 0 if unlikely else number
        if report.women_share is not None:
            women["reports"] += 1
            for end in ("",) if unlikely else ("", "_likely"):
                women[f"of{end}"] += report.total
                women[f"women{end}"] += report.total * report.women_share / 100
    return dict(lines), women


def flat(data: dict) -> dict:
    found = {("", ""): data["total"]}
    for table in COUNTED:
        for line in data["tables"][table]:
            found[table, line["code"]] = {name: line[name] for name in NUMBERS}
    return found


def test_who_came_is_that_of_a_count_by_hand_and_sums_to_all(client):
    varied()
    found, (lines, women) = measured(factories.edition()), who_came_by_hand()
    told = {line["code"]: {name: line[name] for name in COLUMNS} for line in found["tables"][CAME]}
    assert (told, found["women"]) == (lines, women)
    assert {"scolaires", "jeunes", "aucun"} <= lines.keys()
    for name in ("reported", "reported_likely"):
        assert sum(line[name] for line in lines.values()) == found["total"][name]
    page = words(client.get(PAGE))
    share, likely = (round(100 * women[f"women{end}"] / women[f"of{end}"]) for end in ("", "_likely"))
    assert (
        f"D’après {women['reports']} bilans, {share} % d’entre eux sont des filles ou des femmes ({likely} % sans"
        in page
    )
    head, *rows = rows_of(client.get(f"{PAGE}{CAME}.csv"))
    assert head[2:] == [
        "Bilans reçus",
        "Participants venus",
        "Bilans au nombre de participants invraisemblable",
        "Participants venus, sans les nombres invraisemblables",
    ]
    assert {line[0]: line[2:] for line in rows} == {
        code: [f"{numbers[name]}" for name in COLUMNS] for code, numbers in lines.items()
    }
    whole = rows_of(client.get(f"{PAGE}ensemble.csv"))[1]
    assert whole[-3:] == [f"{round(women[name])}" for name in ("reports", "of", "women")]


def test_snapshot_older_than_who_came_is_shown_as_it_is(client):
    factories.labelled()
    old = measured(factories.edition())
    del old["women"], old["tables"][CAME]
    kept = FiguresSnapshot.objects.create(
        edition=factories.edition(), taken_at=AT, taken_on=AT.date(), definition="au …", figures=old
    )
    assert [table.code for table in client.get(f"{PAGE}{kept.pk}/").context["shown"].tables][-1] == "jours"
    assert [
        client.get(f"{PAGE}{kept.pk}{end}").status_code for end in (".pdf", "/ensemble.csv", "/venus.csv")
    ] == [200] * 3


def test_every_number_is_that_of_a_count_by_hand():
    varied()
    edition = factories.edition()
    assert flat(measured(edition)) == by_hand()
    assert flat(measured(factories.edition(2024))) == by_hand(2024) | {
        ("themes", "mixite"): dict.fromkeys(NUMBERS, 0)
    }
    total = measured(edition)["total"]
    assert (total["events"], total["cancelled"], total["unlikely"], total["unlikely_reports"]) == (
        12,
        1,
        4,
        4,
    )


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_page_shows_the_numbers_that_are_counted(client):
    varied()
    response = client.get(PAGE)
    hand = by_hand()
    shown = response.context["shown"]
    cells = {
        (table.code, row.label): [cell.value for cell in row.cells]
        for table in shown.tables
        for row in table.rows
        if table.code != CAME
    }
    lines = {
        (table, line["label"]): hand[table, line["code"]] for table in COUNTED for line in shown.data["tables"][table]
    }  # fmt: skip
    columns = ("events", "cancelled", "expected", "reported")
    assert cells == {
        place: [numbers[name] for name in columns[: 2 if place[0] == "jours" else 4]]
        for place, numbers in lines.items()
    }
    page = words(response)
    assert (
        "4 événements annoncent un nombre de participants invraisemblable. Sans cela : 109 110 participants"
        in page
    )
    assert "Au 24 novembre 2025, 12 h : événements labellisés de l’édition 2025" in page
    assert not response.cookies


def test_key_figures_count_an_online_event_once_and_mixite_apart(client):
    varied()
    figures = dict(client.get(PAGE).context["shown"].key_figures)
    assert figures == {
        "événements labellisés": "12",
        "dont en ligne": "2",
        "sur la mixité": "4",
        "annulés": "1",
        "organisateurs": "4",
        "départements et collectivités": "4",
        "participants attendus": "1\u00a0218\u00a0192",
        "participants venus": f"{2_500 * (1 + 3 + 5 + 7 + 9):,}".replace(",", "\u00a0"),
    }


@pytest.mark.parametrize("address", ["", "regions.csv", "departements.csv", "jours.csv"])
@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries_is_that_of_no_row(client, django_assert_num_queries, address, rows):
    for number in range(rows):
        factories.labelled(commune_code=("90010", "59350", "98718")[number])
        figures_kept.take(factories.edition(), by=factories.national(), at=AT + timedelta(hours=number))
    with django_assert_num_queries(6 if address else 8):
        assert client.get(PAGE + address).status_code == 200


def test_nothing_of_an_event_nor_of_a_person_leaks(client):
    agent = factories.national()
    for status in (*STATUSES, "labelled"):
        standing(
            status, title=f"Secret {status}", contact_name="Nadia Discrète", contact_email="d@example.org"
        )
    kept = figures_kept.take(factories.edition(), by=agent, at=AT)
    for address in (PAGE, f"{PAGE}{kept.pk}/", f"{PAGE}publics.csv", f"{PAGE}{kept.pk}/publics.csv"):
        page = client.get(address).content.decode()
        found = [word for word in ("Secret", "Nadia", "d@example", agent.email, agent.name) if word in page]
        assert found == []


def test_figures_of_an_edition_that_is_not_published_are_not_found(client):
    hidden = factories.edition(2024, is_published=False)
    kept = FiguresSnapshot.objects.create(
        edition=hidden, taken_at=AT, taken_on=AT.date(), definition="au …", figures=measured(hidden)
    )
    for address in (
        "?edition=2024",
        "?edition=abc",
        f"{kept.pk}/",
        f"{kept.pk}.pdf",
        "2025-11-24/",
        "pays.csv",
    ):
        assert client.get(PAGE + address).status_code == 404, address
    assert client.get(f"{PAGE}2025-99-99/").status_code == 404


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def test_files_hold_the_same_numbers(client):
    varied()
    Term.objects.filter(code="bois").update(label="=1+1")
    hand = by_hand()
    for table in COUNTED:
        head, *lines = rows_of(client.get(f"{PAGE}{table}.csv"))
        assert head[:2] == ["Code", "Ligne"]
        names = ("events", "cancelled") if table == "jours" else NUMBERS
        assert {line[0]: line[2:] for line in lines} == {
            code: [f"{numbers[name]}" for name in names]
            for (place, code), numbers in hand.items()
            if place == table
        }
    assert ["bois", "'=1+1"] in [line[:2] for line in rows_of(client.get(f"{PAGE}filieres.csv"))]
    assert rows_of(client.get(f"{PAGE}ensemble.csv"))[1][1:3] == ["Ensemble", "12"]


def test_pdf_for_the_press_says_the_same_and_is_tagged(client):
    varied()
    reader = pypdf.PdfReader(BytesIO(client.get("/chiffres.pdf").content))
    root = reader.root_object
    text = " ".join(page.extract_text() for page in reader.pages)
    assert (root["/Lang"], "/StructTreeRoot" in root) == ("fr-FR", True)
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    wanted = [
        "Par département",
        "Territoire de Belfort (90)",
        "Polynésie française (987)",
        "4 événements annoncent",
        "Participants venus, par public",
    ]
    assert [word for word in wanted if letters(word) not in letters(text)] == []
    assert [each.title for each in reader.outline[1]][:2] == ["Par région", "Par département"]


def test_lines_of_publics_bear_their_names(client):
    factories.labelled(audience_codes=Audience.values)
    [table] = [each for each in client.get(PAGE).context["shown"].tables if each.code == "publics"]
    assert [row.label for row in table.rows] == Audience.labels
