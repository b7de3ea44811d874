"""The database refuses what the code forbids: one row that may not be for each constraint, by its name."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import ProtectedError

from events.enums import Status
from events.models import (
    Amendment,
    AttendanceReport,
    Decision,
    Event,
    EventImport,
    FiguresSnapshot,
    ImportLine,
    LabelCounter,
    Note,
    OrganizerMessage,
    PossibleTwin,
    ReplyTemplate,
    Term,
    TimeSlot,
)
from organizers.enums import LogKind
from organizers.models import (
    ApiToken,
    Invitation,
    JoinRequest,
    LogLine,
    Membership,
    Office,
    OfficeInvitation,
    OfficeMembership,
    Organization,
    Partner,
    User,
)
from semaine import history
from semaine.models import Edition, SiteRevision, TerritoryWeek
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAYS = {
    "starts_on": date(2018, 4, 3),
    "ends_on": date(2018, 4, 8),
    "label_from": date(2018, 4, 3),
    "label_until": date(2018, 4, 8),
}
SUBMISSIONS = {
    "submissions_open_at": datetime(2018, 2, 1, tzinfo=UTC),
    "submissions_close_at": datetime(2018, 4, 8, tzinfo=UTC),
}


def an_edition(**fields):
    return Edition(**{"year": 2018, "is_published": True} | DAYS | SUBMISSIONS | fields)


def a_week(**fields):
    return TerritoryWeek(**{"edition": factories.edition()} | DAYS | fields)


def an_organization(**fields):
    return Organization(**{"name": "Forge", "slug": "forge", "kind": "entreprise"} | fields)


def invited(**fields):
    """One address, invited twice by one organization."""
    home, owner = factories.organization(), factories.user()
    own = {"organization": home, "email": "camille@example.org", "role": "editor", "invited_by": owner}
    dates = {"created_at": NOW, "expires_at": NOW + HOUR}
    return [Invitation(**own | dates | {"token_hash": token} | fields) for token in ("a", "b")]


def an_api_token(**fields):
    own = {"organization": factories.organization(), "issued_by": factories.user(), "issued_at": NOW}
    return ApiToken(**own | {"name": "Agenda", "token_hash": "a"} | fields)


def agents_invited(**fields):
    """One address, invited twice to one office."""
    own = {"office": factories.office(), "email": "a@example.org", "invited_by": factories.user()}
    dates = {"created_at": NOW, "expires_at": NOW + HOUR}
    return [OfficeInvitation(**own | dates | {"token_hash": token} | fields) for token in ("a", "b")]


def asked(**fields):
    """One person, who asks an organization twice."""
    own = {"user": factories.user(), "organization": factories.organization(), "created_at": NOW}
    return twice(lambda: JoinRequest(**own | fields))


def an_event(**fields):
    """A draft, unsaved, as it would be inserted past the workflow."""
    person = factories.user()
    owned = {"organization": factories.organization(), "created_by": person, "edition": factories.edition()}
    return Event(**owned | {"created_at": NOW, "updated_at": NOW, "title": "Visite"} | fields)


def sent(**fields):
    return an_event(
        **{"status": Status.SUBMITTED, "submitted_at": NOW, "commune": factories.commune()} | fields
    )


def at_most_labelled(**fields):
    labelled = {"status": Status.LABELLED, "labelled_at": NOW, "is_free": True, "slug": "visite"}
    return sent(**labelled | {"office": factories.office(), "label_number": "SI-2025-90-0001"} | fields)


def a_slot(first=0.0, last=1.0, **fields):
    days = {"first_day": date(2025, 11, 20), "last_day": date(2025, 11, 20)}
    moments = {"starts_at": NOW + first * HOUR, "ends_at": NOW + last * HOUR}
    return TimeSlot(**moments | days | fields)


def a_decision(transition, **fields):
    event = factories.draft()
    return Decision(
        event=event, event_version=1, transition=transition, by=event.created_by, at=NOW, **fields
    )


def a_reply(**fields):
    values = {"office": factories.office(), "transition": "refuse", "title": "Payant", "text": "Payant."}
    return ReplyTemplate(**values | fields)


def two_notes(**fields):
    event = factories.submitted()
    return [Note(event=event, by=event.created_by, at=NOW, text="Demandé.", **fields) for _ in range(2)]


def a_report(total=10, **fields):
    event = factories.draft()
    return AttendanceReport(
        event=event, total=total, by=event.created_by, created_at=NOW, updated_at=NOW, **fields
    )


def an_amendment(event=None, **fields):
    event = event or factories.labelled()
    return Amendment(event=event, changes={}, base_version=1, by=event.created_by, at=NOW, **fields)


def a_message(**fields):
    values = {"edition": factories.edition(), "stage": "envoyes", "subject": "Bilan", "text": "Bonjour."}
    return OrganizerMessage(**values, created_by=factories.national(), created_at=NOW, **fields)


def amended_twice():
    event = factories.labelled()
    return twice(lambda: an_amendment(event))


def renewed_twice():
    last, edition = factories.labelled(), factories.edition(2026)
    return twice(lambda: an_event(renewed_from=last, edition=edition))


def renewed_in_two_editions():
    last = factories.labelled()
    return [an_event(renewed_from=last, edition=factories.edition(year)) for year in (2026, 2027)]


def proposals_one_after_the_other():
    event = factories.labelled()
    closed = an_amendment(event, state="accepted", decision=event.decisions.last())
    return [closed, an_amendment(event)]


def same_line_twice(**fields):
    """One organization's line of a file, read twice."""
    home = factories.organization()
    return twice(lambda: an_event(organization=home, source="tableur", external_id="12", **fields))


def an_import(**fields):
    person = factories.user()
    owned = {"organization": factories.organization(), "created_by": person, "edition": factories.edition()}
    moments = {"created_at": NOW, "queued_at": NOW}
    return EventImport(**owned | moments | {"source": "tableur", "content": b"Titre"} | fields)


def twins_twice():
    event, other = factories.submitted(), factories.submitted()
    return [PossibleTwin(event=event, other=other) for _ in range(2)]


def twin_of_itself():
    event = factories.submitted()
    return [PossibleTwin(event=event, other=event)]


def import_line_twice():
    event_import = an_import()
    event_import.save()
    said = {"verdict": "correctes", "plan": "nouveau", "cells": ["Visite"]}
    return twice(lambda: ImportLine(event_import=event_import, number=2, **said))


def of_event(*slots):
    event = factories.draft(slots=[])
    for slot in slots:
        slot.event = event
    return list(slots)


def an_agent(absent_from, absent_until):
    absence = {"absent_from": absent_from, "absent_until": absent_until}
    return OfficeMembership(user=factories.user(), office=factories.office(), **absence)


def same_member_twice(model, **fields):
    person = factories.user()
    return twice(lambda: model(user=person, **fields))


def twice(make):
    return [make(), make()]


def a_snapshot(**fields):
    values = {
        "taken_at": NOW,
        "taken_on": NOW.date(),
        "definition": "au 1er octobre 2025, 10 h",
        "figures": {},
    }
    return FiguresSnapshot(edition=factories.edition(), **values | fields)


# What may not be: the last row is the one too many.
FORBIDDEN = {
    "api_token_revoked_by_somebody": lambda: [an_api_token(revoked_at=NOW)],
    "api_token_named": lambda: [an_api_token(name="")],
    "edition_year_unique": lambda: [
        an_edition(),
        an_edition(**{name: day + timedelta(days=90) for name, day in DAYS.items()}),
    ],
    "edition_dates_ordered": lambda: [an_edition(starts_on=date(2018, 4, 2))],
    "edition_submissions_ordered": lambda: [
        an_edition(submissions_close_at=SUBMISSIONS["submissions_open_at"])
    ],
    "edition_windows_disjoint": lambda: [an_edition(), an_edition(year=2019)],
    "territory_week_one_territory": lambda: [a_week()],
    "territory_week_dates_ordered": lambda: [a_week(region=factories.region(), ends_on=date(2018, 4, 9))],
    "territory_week_unique": lambda: twice(lambda: a_week(region=factories.region())),
    "snapshot_of_the_calendar_once": lambda: twice(a_snapshot),
    "site_revision_single": lambda: [SiteRevision(pk=2)],
    "user_email_unique": lambda: [User(email="moi@example.org"), User(email="Moi@example.org")],
    "organization_siret_digits": lambda: [an_organization(siret="5520813176652A")],
    "organization_siret_unique": lambda: [
        an_organization(siret="55208131766522"),
        an_organization(siret="55208131766522", slug="forge-2"),
    ],
    "organization_postal_code_digits": lambda: [an_organization(postal_code="9000")],
    "organization_naf_shape": lambda: [an_organization(naf_2025="2451Z")],
    "invitation_open_unique": invited,
    "invitation_accepted_by_somebody": lambda: invited(accepted_at=NOW)[:1],
    "invitation_expires_later": lambda: invited(expires_at=NOW)[:1],
    "office_invitation_open_unique": agents_invited,
    "office_invitation_accepted_by_somebody": lambda: agents_invited(accepted_at=NOW)[:1],
    "office_invitation_expires_later": lambda: agents_invited(expires_at=NOW)[:1],
    "join_request_open_unique": asked,
    "join_request_answered": lambda: asked(state="accepted", answered_at=NOW)[:1],
    "membership_unique": lambda: same_member_twice(
        Membership, organization=factories.organization(), role="editor"
    ),
    "office_territory_matches_kind": lambda: [Office(kind="departmental", name="Sans département")],
    "office_unique": lambda: twice(lambda: Office(kind="national", name="Référent")),
    "office_membership_unique": lambda: same_member_twice(OfficeMembership, office=factories.office()),
    "office_membership_absence_ordered": lambda: [an_agent(date(2025, 11, 20), date(2025, 11, 19))],
    "partner_one_territory": lambda: [
        Partner(name="Forge", region=factories.region(), department=factories.department())
    ],
    "attendance_total_bounded": lambda: [a_report(1_000_001)],
    "attendance_women_share_percent": lambda: [a_report(women_share=101)],
    "event_labelled_complete": lambda: [at_most_labelled(is_free=False)],
    "event_submitted_dated": lambda: [an_event(status=Status.REFUSED)],
    "event_cancelled_from": lambda: [sent(status=Status.CANCELLED)],
    "note_written": lambda: [Note(event=factories.submitted(), by=factories.user(), at=NOW, text="")],
    "note_asked_once": lambda: two_notes(asked="image"),
    "reply_template_unique": lambda: twice(lambda: a_reply()),
    "reply_template_written": lambda: [a_reply(text="")],
    "event_merged_into": lambda: [sent(status=Status.MERGED)],
    "event_online_linked": lambda: [sent(attendance_mode="mixte")],
    "event_onsite_placed": lambda: [sent(commune=None)],
    "event_coordinates_bounded": lambda: [an_event(latitude=91, longitude=0, tile_x=0, tile_y=0)],
    "event_slug_unique": lambda: twice(lambda: an_event(slug="visite")),
    "event_ages_ordered": lambda: [an_event(age_min=16, age_max=15)],
    "event_image_described": lambda: [an_event(image="evenements/forge.webp")],
    "event_external_id_unique": lambda: same_line_twice(),
    "event_label_number_unique": lambda: twice(lambda: an_event(label_number="SI-2025-90-0001")),
    "event_renewed_once": lambda: renewed_twice(),
    "amendment_one_open": lambda: amended_twice(),
    "amendment_closed_by_decision": lambda: [an_amendment(state="refused")],
    "organizer_message_one_territory": lambda: [
        a_message(region=factories.region("27"), department=factories.department("90"))
    ],
    "organizer_message_sent": lambda: [a_message(sent_at=NOW)],
    "import_refusal_explained": lambda: [an_import(state="refused")],
    "import_source": lambda: [an_import(source="form")],
    "import_line_unique": lambda: import_line_twice(),
    "possible_twin_once": twins_twice,
    "possible_twin_of_another": twin_of_itself,
    "slot_ordered": lambda: of_event(a_slot(1, 1)),
    "slot_at_most_a_day": lambda: of_event(a_slot(0, 24.01)),
    "slot_days_ordered": lambda: of_event(a_slot(last_day=date(2025, 11, 19))),
    "slot_no_overlap": lambda: of_event(a_slot(0, 2), a_slot(1, 3)),
    "decision_refusal_explained": lambda: [a_decision("refuse", comment="Payant.")],
    "decision_comment_given": lambda: [a_decision("withdraw")],
    "label_counter_unique": lambda: twice(lambda: LabelCounter(edition=factories.edition(), territory="90")),
    "term_unique": lambda: twice(lambda: Term(kind="sector", code="bois", label="Bois")),
}


def named_constraints():
    models = [
        model
        for name in ("semaine", "organizers", "events")
        for model in apps.get_app_config(name).get_models()
    ]
    return {constraint.name: constraint for model in models for constraint in model._meta.constraints}


def insert(rows):
    with transaction.atomic():
        return type(rows[0]).objects.bulk_create(rows)


def test_every_constraint_has_a_forbidden_row():
    assert sorted(FORBIDDEN) == sorted(named_constraints())


@pytest.mark.parametrize("name", FORBIDDEN)
def test_constraint_refuses_the_row(name):
    *before, refused = FORBIDDEN[name]()
    if before:
        insert(before)
    with pytest.raises(IntegrityError) as caught:
        insert([refused])
    assert caught.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize("name", FORBIDDEN)
def test_constraint_says_in_french_what_is_wrong(name):
    *before, refused = FORBIDDEN[name]()
    if before:
        insert(before)
    with pytest.raises(ValidationError) as caught:
        refused.validate_constraints()
    assert caught.value.messages == [str(named_constraints()[name].violation_error_message)]


def test_constraints_have_a_message_of_their_own():
    named = named_constraints().items()
    silent = [n for n, each in named if each.violation_error_message == each.default_violation_error_message]
    assert silent == []


# Neighbours of the forbidden rows: what is just inside is allowed.
ALLOWED = {
    "token revoked": lambda: [an_api_token(revoked_at=NOW, revoked_by=factories.user())],
    "adjacent slots": lambda: of_event(a_slot(0, 2), a_slot(2, 3)),
    "slot of a day": lambda: of_event(a_slot(0, 24)),
    "same slot of two events": lambda: [*of_event(a_slot()), *of_event(a_slot())],
    "snapshots that somebody asks for": lambda: [
        *twice(lambda: a_snapshot(by=factories.user())),
        a_snapshot(),
    ],
    "unpublished editions": lambda: twice(lambda: an_edition(is_published=False)),
    "edition the day after": lambda: [
        an_edition(),
        an_edition(year=2019, **{name: day + timedelta(days=6) for name, day in DAYS.items()}),
    ],
    "organizations without SIRET": lambda: [an_organization(), an_organization(slug="forge-2")],
    "organization with a seat": lambda: [an_organization(postal_code="90000", naf_rev2="24.51Z")],
    "invitations taken back": lambda: invited(withdrawn_at=NOW),
    "accepted invitations": lambda: invited(accepted_at=NOW, accepted_by=factories.user()),
    "requests that were refused": lambda: asked(
        state="refused", answered_at=NOW, answered_by=factories.user()
    ),
    "drafts without address": lambda: twice(an_event),
    "weeks of two regions": lambda: [a_week(region=factories.region(code)) for code in ("27", "32")],
    "partners of a region and of a département": lambda: [
        Partner(name="Forge", region=factories.region()),
        Partner(name="Forge", department=factories.department()),
    ],
    "labelled": lambda: [at_most_labelled()],
    "cancelled": lambda: [sent(status=Status.CANCELLED, cancelled_from=Status.LABELLED)],
    "online": lambda: [sent(attendance_mode="en-ligne", online_url="https://x.example.org", commune=None)],
    "one age": lambda: [an_event(age_min=16, age_max=16)],
    "described image": lambda: [an_event(image="evenements/forge.webp", image_alt="La forge")],
    "same line of two organizations": lambda: twice(lambda: an_event(source="tableur", external_id="12")),
    "poles": lambda: [an_event(latitude=-90, longitude=180, tile_x=0, tile_y=0)],
    "everybody came, all women": lambda: [a_report(1_000_000, women_share=100)],
    "nobody came": lambda: [a_report(0)],
    "absent one day": lambda: [an_agent(date(2025, 11, 20), date(2025, 11, 20))],
    "renewed in two editions": lambda: renewed_in_two_editions(),
    "open proposal": lambda: [an_amendment()],
    "proposals one after the other": lambda: proposals_one_after_the_other(),
    "refusal": lambda: [a_decision("refuse", comment="Payant.", rule="free")],
}


@pytest.mark.parametrize("name", ALLOWED)
def test_constraints_allow_what_is_just_inside(name):
    rows = ALLOWED[name]()
    assert len(insert(rows)) == len(rows)


@pytest.mark.parametrize(
    "fields",
    [
        {"is_free": None},
        {"labelled_at": None},
        {"office": None},
        {"label_number": None},
        {"slug": ""},
    ],
)
def test_labelled_row_needs_each_of_its_facts(fields):
    with pytest.raises(IntegrityError) as caught:
        insert([at_most_labelled(**fields)])
    assert caught.value.__cause__.diag.constraint_name == "event_labelled_complete"


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 1.0},
        {"longitude": 1.0},
        {"latitude": 1.0, "longitude": 1.0},
        {"tile_x": 1, "tile_y": 1},
        {"latitude": 1.0, "longitude": 180.1, "tile_x": 1, "tile_y": 1},
        {"latitude": float("nan"), "longitude": 1.0, "tile_x": 1, "tile_y": 1},
    ],
)
def test_coordinates_go_together_inside_their_bounds(fields):
    with pytest.raises(IntegrityError) as caught:
        insert([an_event(**fields)])
    assert caught.value.__cause__.diag.constraint_name == "event_coordinates_bounded"


@pytest.mark.parametrize("days", [(date(2025, 11, 20), None), (None, date(2025, 11, 20))])
def test_absence_has_both_its_days_or_none(days):
    with pytest.raises(IntegrityError) as caught:
        insert([an_agent(*days)])
    assert caught.value.__cause__.diag.constraint_name == "office_membership_absence_ordered"


ORDER_OF_DATES = (
    "Les dates doivent se suivre : premier jour labellisable, premier puis dernier jour de la semaine, "
    "dernier jour labellisable."
)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: of_event(a_slot(1, 0))[0], "La fin du créneau doit suivre son début."),
        (
            lambda: an_edition(label_until=date(2018, 4, 2)),
            ORDER_OF_DATES,
        ),
    ],
    ids=["slot", "edition"],
)
def test_dates_typed_backwards_are_told_and_not_an_error_of_the_database(make, message):
    with pytest.raises(ValidationError) as caught:
        make().validate_constraints()
    assert caught.value.messages == [message]


CHANGES = {
    "save": lambda decision: decision.save(),
    "update": lambda decision: Decision.objects.update(comment="Réécrit"),
    "delete": lambda decision: decision.delete(),
    "delete all": lambda decision: Decision.objects.all().delete(),
    "raw update": lambda decision: run("UPDATE events_decision SET comment = 'Réécrit'"),
    "raw delete": lambda decision: run("DELETE FROM events_decision"),
}


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", CHANGES)
def test_decision_is_never_changed_nor_deleted(change):
    decision = factories.submitted().decisions.get()
    decision.comment = "Réécrit"
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        CHANGES[change](decision)
    assert str(caught.value).splitlines()[0] == "A decision is never changed nor deleted."
    assert list(Decision.objects.values_list("pk", "comment")) == [(decision.pk, "")]


HISTORY_CHANGES = {
    "save": lambda line: line.save(),
    "update": lambda line: LogEntry.objects.update(change_message="Réécrit"),
    "delete": lambda line: line.delete(),
    "raw update": lambda line: run("UPDATE django_admin_log SET change_message = 'Réécrit'"),
    "raw delete": lambda line: run("DELETE FROM django_admin_log"),
}


@pytest.mark.parametrize("change", HISTORY_CHANGES)
def test_history_of_the_frame_is_never_changed_nor_deleted(change):
    history.write(factories.edition(), "Publiée.", by=factories.user(), at=NOW)
    line = LogEntry.objects.get()
    line.change_message = "Réécrit"
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        HISTORY_CHANGES[change](line)
    assert str(caught.value).splitlines()[0] == "A line of the history is never changed nor deleted."
    assert list(LogEntry.objects.values_list("pk", "change_message")) == [(line.pk, "Publiée.")]


LOG_CHANGES = {
    "save": lambda line: line.save(),
    "update": lambda line: LogLine.objects.update(detail="Réécrit"),
    "delete": lambda line: line.delete(),
    "raw update": lambda line: run("UPDATE organizers_logline SET detail = 'Réécrit'"),
    "raw delete": lambda line: run("DELETE FROM organizers_logline"),
}


@pytest.mark.parametrize("change", LOG_CHANGES)
def test_line_of_the_log_is_never_changed_nor_deleted(change):
    line = LogLine.objects.create(at=NOW, kind=LogKind.SIGNED_IN, person=factories.user())
    line.detail = "Réécrit"
    with pytest.raises(ProgrammingError) as caught, transaction.atomic():
        LOG_CHANGES[change](line)
    assert str(caught.value).splitlines()[0] == "A line of the log is never changed nor deleted."
    assert list(LogLine.objects.values_list("pk", "detail")) == [(line.pk, "")]


def test_event_with_a_history_is_not_deleted():
    event = factories.submitted()
    with pytest.raises(ProtectedError):
        event.delete()
    assert list(Event.objects.all()) == [event]
