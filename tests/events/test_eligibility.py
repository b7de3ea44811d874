"""The rules of the label: both sides of every boundary, and the sentence that people read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from events.eligibility import assess, failed
from events.enums import AccessMode, AttendanceMode, Audience, Rule, Verdict
from events.findings import EventFacts, Place
from semaine.models import LabelWindow, TerritoryWeek
from tests import factories
from tests.factories import slot

PASSED, FAILED, REVIEW = Verdict.PASSED, Verdict.FAILED, Verdict.NEEDS_REVIEW
WINDOW_2024 = LabelWindow(2024, date(2024, 11, 3), date(2024, 12, 9))
WINDOW_2025 = LabelWindow(2025, date(2025, 11, 2), date(2025, 12, 7))
EMAIL, PHONE = "camille.roux@prive.example.org", "+33 6 98 76 54 32"

BELFORT = Place("Belfort", "Territoire de Belfort", "90", "Bourgogne-Franche-Comté", ("90000",), 47.64, 6.86)
COMPLETE = EventFacts(
    title="Visite de la fonderie",
    summary="Les métiers de la fonderie.",
    slots=(slot("2025-11-20"),),
    is_free=True,
    audiences=(Audience.PUPILS,),
    place=BELFORT,
    postal_code="90000",
    access_mode=AccessMode.OPEN,
    contact_email=EMAIL,
    contact_phone=PHONE,
)


def of_rule(rule, facts, window=WINDOW_2025):
    return [finding for finding in assess(facts, window) if finding.rule == rule]


def verdicts(rule, facts, window=WINDOW_2025):
    return [finding.verdict for finding in of_rule(rule, facts, window)]


def told(rule, facts, window=WINDOW_2025):
    (finding,) = of_rule(rule, facts, window)
    return finding.verdict, finding.message, finding.found, finding.wanted, finding.field


def changed(**fields):
    return replace(COMPLETE, **fields)


def on(*slots, zone="Europe/Paris"):
    return changed(slots=slots, timezone=zone)


def test_assess_complete_file_leaves_the_purpose_to_a_human():
    assert [(each.rule, each.verdict) for each in assess(COMPLETE, WINDOW_2025)] == [
        (Rule.DATES, PASSED),
        (Rule.FREE, PASSED),
        (Rule.AUDIENCE, PASSED),
        (Rule.PURPOSE, REVIEW),
        (Rule.PRESENTATION, PASSED),
        (Rule.PLACE, PASSED),
        (Rule.TERRITORY, PASSED),
        (Rule.ACCESS, PASSED),
        (Rule.CONTACT, PASSED),
    ]


def test_failed_keeps_the_failed_findings_only():
    findings = assess(changed(is_free=False, audiences=()), WINDOW_2025)
    assert [each.rule for each in failed(findings)] == [Rule.FREE, Rule.AUDIENCE]


@pytest.mark.parametrize(
    ("day", "start", "end", "verdict"),
    [
        ("2025-11-01", "22:00", "23:59", FAILED),
        ("2025-11-01", "23:00", "00:00", FAILED),
        ("2025-11-01", "23:30", "00:30", FAILED),
        ("2025-11-02", "00:00", "01:00", PASSED),
        ("2025-12-07", "22:00", "23:59", PASSED),
        ("2025-12-07", "22:00", "00:00", PASSED),
        ("2025-12-07", "22:00", "00:01", FAILED),
        ("2025-12-08", "00:00", "01:00", FAILED),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "Pacific/Tahiti", "Pacific/Marquesas"])
def test_dates_count_the_days_of_the_place(zone, day, start, end, verdict):
    assert verdicts(Rule.DATES, on(slot(day, start, end, zone), zone=zone)) == [verdict]


@pytest.mark.parametrize(
    ("zone", "day", "start", "end"),
    [
        ("Pacific/Tahiti", "2025-12-07", "23:00", "23:45"),
        ("Pacific/Marquesas", "2025-12-07", "23:00", "00:00"),
        ("Pacific/Noumea", "2025-11-02", "00:00", "08:00"),
        ("Indian/Reunion", "2025-11-02", "00:30", "02:00"),
    ],
)
def test_dates_pass_there_what_is_another_day_in_paris(zone, day, start, end):
    edge = slot(day, start, end, zone)
    assert verdicts(Rule.DATES, on(edge, zone=zone)) == [PASSED]
    assert verdicts(Rule.DATES, on(edge, zone="Europe/Paris")) == [FAILED]


def test_dates_passed_names_the_window():
    assert told(Rule.DATES, COMPLETE) == (
        PASSED,
        "Toutes les dates sont dans la période labellisable, du 2 novembre au 7 décembre 2025.",
        "jeudi 20 novembre 2025",
        "",
        "slots",
    )


def test_dates_outside_names_the_days_and_the_window():
    found = "samedi 1er novembre 2025 et lundi 8 décembre 2025"
    assert told(Rule.DATES, on(slot("2025-12-08"), slot("2025-11-20"), slot("2025-11-01"))) == (
        FAILED,
        f"Trop tôt ou trop tard : {found}. Les dates labellisables vont du 2 novembre au 7 décembre 2025.",
        found,
        "du 2 novembre au 7 décembre 2025",
        "slots",
    )


@pytest.mark.parametrize(
    ("days", "ending"),
    [(4, "mercredi 10 décembre 2025 et 1 autre jour"), (5, "mercredi 10 décembre 2025 et 2 autres jours")],
)
def test_dates_outside_names_three_days_and_counts_the_others(days, ending):
    slots = [slot(f"2025-12-{8 + number:02}") for number in range(days)]
    found = told(Rule.DATES, on(*slots))[2]
    assert found == f"lundi 8 décembre 2025, mardi 9 décembre 2025, {ending}"


def test_dates_without_slot_fail():
    message = "Ajoutez au moins un créneau, du 2 novembre au 7 décembre 2025."
    wanted = "du 2 novembre au 7 décembre 2025"
    assert told(Rule.DATES, on()) == (FAILED, message, "aucun créneau", wanted, "slots")


def test_les_abymes_in_december_2024_passes():
    zone = "America/Guadeloupe"
    facts = on(slot("2024-12-06", "08:00", "17:00", zone), zone=zone)
    assert verdicts(Rule.DATES, facts, WINDOW_2024) == [PASSED]


def test_online_event_of_three_weeks_passes():
    days = [date(2024, 11, 18) + timedelta(days=number) for number in range(19)]
    facts = on(*(slot(day.isoformat(), "00:00", "23:59") for day in days))
    facts = replace(facts, mode=AttendanceMode.ONLINE, place=None, online_url="https://jeu.example.org")
    assert days[-1] == date(2024, 12, 6)
    assert failed(assess(facts, WINDOW_2024)) == []


@pytest.mark.parametrize(
    ("commune_code", "first", "last"),
    [(None, (3, 26), (4, 1)), ("90010", (3, 26), (4, 1)), ("97411", (4, 3), (4, 8))],
)
@pytest.mark.django_db
def test_label_window_follows_the_week_of_the_territory(commune_code, first, last):
    edition = edition_2018()
    department = factories.commune(commune_code).department if commune_code else None
    assert edition.label_window(department) == LabelWindow(2018, date(2018, *first), date(2018, *last))


@pytest.mark.django_db
def test_label_window_prefers_the_week_of_the_departement_to_its_region():
    edition = edition_2018()
    lasting = {name: date(2018, 4, 10) for name in ("starts_on", "ends_on", "label_from", "label_until")}
    TerritoryWeek.objects.create(edition=edition, department=factories.department("974"), **lasting)
    window = edition.label_window(factories.department("974"))
    assert window == LabelWindow(2018, date(2018, 4, 10), date(2018, 4, 10))


def edition_2018():
    """The week only; La Réunion held its own."""
    days = {"starts_on": date(2018, 3, 26), "ends_on": date(2018, 4, 1)}
    edition = factories.edition(2018, **days, label_from=date(2018, 3, 26), label_until=date(2018, 4, 1))
    there = {"starts_on": date(2018, 4, 3), "ends_on": date(2018, 4, 8)}
    there |= {"label_from": date(2018, 4, 3), "label_until": date(2018, 4, 8)}
    TerritoryWeek.objects.create(edition=edition, region=factories.region("04"), **there)
    return edition


@pytest.mark.parametrize(
    ("is_free", "verdict", "message", "found", "wanted"),
    [
        (True, PASSED, "L’événement est gratuit.", "gratuit", ""),
        (
            False,
            FAILED,
            "L’événement est payant. Seul un événement gratuit peut recevoir le label.",
            "payant",
            "gratuit",
        ),
        (
            None,
            FAILED,
            "Dites si l’événement est gratuit : le label le demande.",
            "sans réponse",
            "gratuit",
        ),
    ],
)
def test_free_reads_the_answer(is_free, verdict, message, found, wanted):
    assert told(Rule.FREE, changed(is_free=is_free)) == (verdict, message, found, wanted, "is_free")


@pytest.mark.parametrize("audience", Audience.values)
def test_audience_reserved_to_one_public_passes(audience):
    label = Audience(audience).label
    message = f"Ouvert à : {label}."
    assert told(Rule.AUDIENCE, changed(audiences=(audience,))) == (
        PASSED,
        message,
        label,
        "",
        "audience_codes",
    )


@pytest.mark.parametrize("audiences", [(), ("actionnaires",)])
def test_audience_without_target_public_fails(audiences):
    message = "Choisissez au moins un public : scolaires, jeunes, demandeurs d’emploi…"
    expected = (FAILED, message, "aucun public", "au moins un public", "audience_codes")
    assert told(Rule.AUDIENCE, changed(audiences=audiences)) == expected


def test_purpose_needs_a_human():
    message = "Un référent vérifie que l’événement fait connaître l’industrie."
    expected = (REVIEW, message, "Les métiers de la fonderie.", "", "summary")
    assert told(Rule.PURPOSE, COMPLETE) == expected


@pytest.mark.parametrize(
    ("title", "summary", "message", "wanted", "field"),
    [
        ("", "Résumé", "Il manque un titre.", "un titre", "title"),
        (" \n", "Résumé", "Il manque un titre.", "un titre", "title"),
        ("Titre", "", "Il manque un résumé.", "un résumé", "summary"),
        ("", " ", "Il manque un titre et un résumé.", "un titre et un résumé", "title"),
    ],
)
def test_presentation_names_what_is_missing(title, summary, message, wanted, field):
    facts = changed(title=title, summary=summary)
    assert told(Rule.PRESENTATION, facts) == (FAILED, message, "vide", wanted, field)


@pytest.mark.parametrize("mode", [AttendanceMode.ONSITE, AttendanceMode.MIXED])
def test_place_without_commune_fails(mode):
    facts = changed(mode=mode, place=None)
    message = "Indiquez la commune et le code postal de l’événement."
    assert told(Rule.PLACE, facts) == (FAILED, message, "aucune commune", "une commune", "city")
    assert verdicts(Rule.TERRITORY, facts) == []


def test_place_names_commune_and_departement():
    found = "Belfort (Territoire de Belfort)"
    assert told(Rule.PLACE, COMPLETE) == (PASSED, f"Lieu de l’événement : {found}.", found, "", "city")


@pytest.mark.parametrize(
    ("mode", "url", "place", "link", "territory"),
    [
        (AttendanceMode.ONSITE, "", [PASSED], [], [PASSED]),
        (AttendanceMode.ONLINE, "", [], [FAILED], []),
        (AttendanceMode.ONLINE, "https://visio.example.org", [], [PASSED], []),
        (AttendanceMode.MIXED, "", [PASSED], [FAILED], [PASSED]),
        (AttendanceMode.MIXED, "https://visio.example.org", [PASSED], [PASSED], [PASSED]),
    ],
)
def test_mode_decides_which_rules_apply(mode, url, place, link, territory):
    facts = changed(mode=mode, online_url=url)
    found = [verdicts(rule, facts) for rule in (Rule.PLACE, Rule.LINK, Rule.TERRITORY)]
    assert found == [place, link, territory]


def test_territory_passed_names_the_departement():
    where = "Territoire de Belfort (90)"
    assert told(Rule.TERRITORY, COMPLETE) == (
        PASSED,
        f"Département de l’événement : {where}.",
        where,
        "",
        "city",
    )


def test_link_missing_says_what_one_looks_like():
    message = "Donnez le lien de connexion, par exemple https://visio.example.org/visite."
    expected = (FAILED, message, "aucun lien", "une adresse https://…", "online_url")
    assert told(Rule.LINK, changed(mode=AttendanceMode.ONLINE)) == expected


RESERVED_TO_WHOM = "Dites à qui l’événement est réservé, par exemple « collégiens inscrits »."
REGISTER_HOW = "Dites comment s’inscrire : un lien, un courriel ou un téléphone."
COME_HOW = "Dites comment on vient : entrée libre, sur inscription ou réservé."


@pytest.mark.parametrize(
    ("mode", "reserved_to", "kind", "value", "verdict", "message"),
    [
        ("libre", "", "", "", PASSED, "Accès : entrée libre."),
        ("reserve", "collégiens inscrits", "", "", PASSED, "Accès : réservé à un public précis."),
        ("reserve", " ", "", "", FAILED, RESERVED_TO_WHOM),
        ("inscription", "", "lien", "https://x.example.org", PASSED, "Accès : sur inscription."),
        ("inscription", "", "france-travail", "", PASSED, "Accès : sur inscription."),
        ("inscription", "", "telephone", " ", FAILED, REGISTER_HOW),
        ("", "", "", "", FAILED, COME_HOW),
    ],
)
def test_access_says_how_to_come(mode, reserved_to, kind, value, verdict, message):
    facts = changed(access_mode=mode, reserved_to=reserved_to, registration_kind=kind)
    assert told(Rule.ACCESS, replace(facts, registration_value=value))[:2] == (verdict, message)


@pytest.mark.parametrize(
    ("email", "phone", "verdict"),
    [(EMAIL, "", PASSED), ("", PHONE, PASSED), ("", "", FAILED), (" ", "  ", FAILED)],
)
def test_contact_needs_one_way_to_be_reached(email, phone, verdict):
    assert verdicts(Rule.CONTACT, changed(contact_email=email, contact_phone=phone)) == [verdict]


@pytest.mark.parametrize(
    ("fields", "expected", "verdict"),
    [
        ({"capacity": 25}, 25, PASSED),
        ({"capacity": 25}, 26, REVIEW),
        ({"capacity": 25, "slots": (slot("2025-11-20"), slot("2025-11-21"))}, 50, PASSED),
        ({"capacity": 25, "slots": (slot("2025-11-20"), slot("2025-11-21"))}, 51, REVIEW),
        ({}, 2_000, PASSED),
        ({}, 2_001, REVIEW),
        ({"slots": (slot("2025-11-20", "09:00", "10:00"), slot("2025-11-20"))}, 2_001, REVIEW),
        ({"slots": (slot("2025-11-20"), slot("2025-11-21"))}, 4_000, PASSED),
        ({"slots": ()}, 2_001, REVIEW),
        ({"mode": AttendanceMode.ONLINE, "capacity": 25}, 100_000, PASSED),
        ({"mode": AttendanceMode.MIXED}, 100_001, REVIEW),
    ],
)
def test_attendance_asks_to_check_what_is_hardly_possible(fields, expected, verdict):
    assert verdicts(Rule.ATTENDANCE, changed(expected_participants=expected, **fields)) == [verdict]


def test_attendance_names_the_seats():
    [finding] = of_rule(Rule.ATTENDANCE, changed(expected_participants=100_000, capacity=200))
    assert finding.message.replace("\u00a0", " ") == (
        "Vous attendez 100 000 participants pour 200 places et 1 créneau : vérifiez ce nombre."
    )
    assert (finding.found.replace("\u00a0", " "), finding.field) == (
        "100 000 participants",
        "expected_participants",
    )


def test_attendance_says_nothing_when_nothing_is_said():
    assert of_rule(Rule.ATTENDANCE, COMPLETE) == []
