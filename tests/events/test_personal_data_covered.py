"""What the register says that the portal keeps of a person is taken away and erased, column by column, or it says why.

A person of everything: organizer, agent, invited, deputy. Each column holds a mark that is looked for afterwards.
"""

import json
from datetime import timedelta
from zlib import crc32

import pytest
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django.test import Client

from events.contacts import erase_account
from events.enums import AmendmentState, Stage, Transition
from events.imports.states import LinePlan, LineVerdict
from events.models import (
    Amendment,
    AttendanceReport,
    Decision,
    Event,
    EventImport,
    FiguresSnapshot,
    ImportLine,
    Note,
    OrganizerMessage,
)
from events.personal_data import personal_data
from organizers.enums import LogKind, MembershipRole
from organizers.models import (
    ApiToken,
    FormerOrganization,
    Invitation,
    JoinRequest,
    LogLine,
    Membership,
    Office,
    OfficeInvitation,
    OfficeMembership,
    OpenSession,
    User,
)
from semaine import outbox, register
from semaine.models import Edition, OutboxMessage
from tests import factories
from tests.events.imports import files
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINE = "camille@example.org"
SECRET = "Un secret, ou l’empreinte de l’un : il ne sort pas."
WITH_ITS_ROW = "Elle désigne la ligne, dont le reste est dit."
RECORD = (
    "Ce qui a changé : une édition, un terme, un service, un partenaire ; les comptes n’y figurent jamais."
)
# What a person does not find in their file.
NOT_TAKEN_AWAY = {
    "semaine.OutboxMessage": {
        "html": "Le texte dit la même chose.",
        "last_error": "Ce que le serveur de courriel a répondu.",
        "recipient": "L’adresse est celle du compte.",
    },
    "organizers.User": {"password": SECRET},
    "account.EmailConfirmation": {"key": SECRET},
    "mfa.Authenticator": {"data": SECRET},
    "sessions.Session": {"session_data": SECRET},
    "socialaccount.SocialAccount": {
        "extra_data": "Ce que le fournisseur en dit ; l’identifiant est dans le fichier."
    },
    "socialaccount.SocialToken": {"token": SECRET, "token_secret": SECRET},
    "organizers.Office": {
        "contact_name": "Public, sur la page des référents.",
        "contact_email": "Public, sur la page des référents.",
        "contact_phone": "Public, sur la page des référents.",
    },
    "admin.LogEntry": {
        "object_repr": RECORD,
        "change_message": RECORD,
    },
    "events.Decision": {"contents": "L’événement tel qu’il était ; il est dans le fichier tel qu’il est."},
    "events.EventImport": {
        "header": "Son propre fichier, gardé trente jours.",
        "content": "Son propre fichier, gardé trente jours.",
    },
    "events.ImportLine": {
        "cells": "Son propre fichier, gardé trente jours.",
        "title": "Son propre fichier, gardé trente jours.",
        "remarks": "Ce que le site répond à son fichier.",
    },
}
EVENT, PROOF = "L’événement est celui de l’organisation.", "La preuve d’une décision de l’État."
# What the deletion of an account leaves; of the person themselves it says « Compte supprimé ».
STAYS = {
    "organizers.User": {"password": "Un mot qui n’ouvre rien."},
    "organizers.Office": {
        "contact_name": "Le contact public du service, que l’équipe nationale change.",
        "contact_email": "Le contact public du service, que l’équipe nationale change.",
        "contact_phone": "Le contact public du service, que l’équipe nationale change.",
    },
    "organizers.ApiToken": {"name": "L’usage d’un logiciel de l’organisation."},
    "organizers.LogLine": {"detail": "Nos mots, jamais ceux de la personne."},
    "events.Event": {
        "public_contact": EVENT,
        "registration_value": EVENT,
        "description": EVENT,
        "partners": EVENT,
        "image_credit": EVENT,
    },
    "events.Amendment": {"changes": EVENT},
    "events.Decision": {"comment": PROOF, "field_comments": PROOF, "contents": PROOF},
    "events.EventImport": {
        "file_name": "Trente jours.",
        "header": "Trente jours.",
        "content": "Trente jours.",
    },
    "events.ImportLine": {"cells": "Trente jours.", "title": "Trente jours.", "remarks": "Trente jours."},
    "events.OrganizerMessage": {"subject": PROOF, "text": PROOF},
    "events.Note": {"text": PROOF},
    "events.AttendanceReport": {"comment": EVENT},
    "admin.LogEntry": {"object_repr": RECORD, "change_message": RECORD},
}
# What a trigger of the database lets nobody change: marked when it is written.
APPEND_ONLY = (LogLine, Decision, LogEntry)


def columns() -> dict[str, list[str]]:
    named = {}
    for each in register.processings():
        for label, names in each.holds.items():
            named.setdefault(label, []).extend(name for name in names if name not in named.get(label, []))
    return named


def texts(label: str) -> list[str]:
    model = apps.get_model(label)
    return [name for name in columns()[label] if not model._meta.get_field(name).is_relation]


def mark(label: str, name: str) -> str:
    field = apps.get_model(label)._meta.get_field(name)
    if isinstance(field, models.EmailField):
        return MINE
    # Short enough for a telephone number.
    return f"m{crc32(f'{label}.{name}'.encode()):010}"


def marked(label: str, name: str):
    field, said = apps.get_model(label)._meta.get_field(name), mark(label, name)
    if isinstance(field, models.JSONField):
        return {"title": said}
    if getattr(field, "base_field", None):
        return [said]
    return said.encode() if isinstance(field, models.BinaryField) else said


def is_markable(model, name: str) -> bool:
    """Not an address, which is the mark, and not a session, which nobody could read any more."""
    if isinstance(model._meta.get_field(name), models.EmailField):
        return model is Office
    return model is not Session


@pytest.fixture
def camille():
    with time_machine.travel(NOW, tick=False):
        yield person_of_everything()


def person_of_everything() -> User:
    camille = factories.verified(factories.user(MINE))
    other = factories.user("autre@example.org")
    home, elsewhere = factories.organization(camille), factories.organization(other)
    factories.member(home, MembershipRole.OWNER)
    office = factories.office()
    OfficeMembership.objects.create(user=camille, office=office)
    factories.referent(deputy=camille, absent_from=NOW.date(), absent_until=NOW.date())
    outbox.enqueue(MINE, "Bonjour", "Un mot.", dedupe_key="x", at=NOW)
    Client().force_login(camille)
    OpenSession.objects.create(session=Session.objects.get(), user=camille, device="x", began_at=NOW)
    EmailConfirmation.objects.create(email_address=camille.emailaddress_set.get(), key="k", sent=NOW)
    TOTP.activate(camille, "secret")
    account = SocialAccount.objects.create(user=camille, provider="proconnect", uid="s-1")
    SocialToken.objects.create(account=account, token="t")
    invited = {
        "email": MINE,
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "invited_by": camille,
        "accepted_by": camille,
        "accepted_at": NOW,
    }
    Invitation.objects.create(**invited, organization=elsewhere, role=MembershipRole.EDITOR, token_hash="1")
    OfficeInvitation.objects.create(**invited, office=office, token_hash="2")
    JoinRequest.objects.create(user=camille, organization=elsewhere, created_at=NOW)
    FormerOrganization.objects.create(organization=home, number=99, slug="x", name="X", at=NOW, by=camille)
    ApiToken.objects.create(
        organization=home,
        name="x",
        token_hash="3",
        issued_by=camille,
        issued_at=NOW,
        revoked_by=camille,
        revoked_at=NOW,
    )
    detail = mark("organizers.LogLine", "detail")
    LogLine.objects.create(kind=LogKind.SIGNED_IN, at=NOW, by=camille, person=camille, detail=detail)
    LogEntry.objects.create(
        user=camille,
        content_type=ContentType.objects.get_for_model(Edition),
        object_id=factories.edition().pk,
        action_flag=CHANGE,
        **{name: marked("admin.LogEntry", name) for name in texts("admin.LogEntry")},
    )
    event = factories.labelled(camille, contact_email=MINE)
    decided = {name: marked("events.Decision", name) for name in texts("events.Decision")}
    Decision.objects.create(
        event=event, event_version=1, transition=Transition.REQUEST_CHANGES, by=camille, at=NOW, **decided
    )
    Amendment.objects.create(
        event=event, changes={"title": "x"}, base_version=1, by=camille, at=NOW, state=AmendmentState.OPEN
    )
    received = files.received(camille, b"Titre", event.edition, at=NOW, organization=home)
    ImportLine.objects.create(
        event_import=received,
        number=1,
        cells=[],
        verdict=LineVerdict.OK,
        plan=LinePlan.CREATE,
    )
    OrganizerMessage.objects.create(
        edition=event.edition, stage=Stage.SENT, subject="x", text="x", created_by=camille, created_at=NOW
    )
    Note.objects.create(event=event, by=camille, at=NOW, text="x")
    FiguresSnapshot.objects.create(
        edition=event.edition, taken_at=NOW, taken_on=NOW.date(), definition="x", figures={}, by=camille
    )
    AttendanceReport.objects.create(event=event, total=1, by=camille, created_at=NOW, updated_at=NOW)
    for label in columns():
        model = apps.get_model(label)
        new = {name: marked(label, name) for name in texts(label) if is_markable(model, name)}
        rows = model.objects.filter(pk=camille.pk) if model is User else model.objects.all()
        if new and model not in APPEND_ONLY:
            rows.update(**new)
    camille.refresh_from_db()
    return camille


def test_each_column_of_the_register_is_taken_away_or_says_why(camille):
    found = json.dumps(personal_data(camille, at=NOW), default=str, ensure_ascii=False)
    missing = {
        (label, name)
        for label in columns()
        for name in texts(label)
        if mark(label, name) not in found and name not in NOT_TAKEN_AWAY.get(label, {})
    }
    assert missing == set()


def test_what_is_not_taken_away_is_not_in_the_file(camille):
    found = json.dumps(personal_data(camille, at=NOW), default=str, ensure_ascii=False)
    there = {
        (label, name)
        for label, names in NOT_TAKEN_AWAY.items()
        for name in names
        if mark(label, name) != MINE and mark(label, name) in found
    }
    assert there == set()


def holds(label: str, name: str) -> bool:
    values = apps.get_model(label).objects.values_list(name, flat=True)
    return any(mark(label, name) in _text(each) for each in values)


def _text(value) -> str:
    return bytes(value).decode() if isinstance(value, bytes | memoryview) else str(value)


def test_every_column_is_marked_before(camille):
    unmarked = {(label, name) for label in columns() for name in texts(label) if not holds(label, name)}
    assert unmarked == {("sessions.Session", "session_data")}


def test_each_column_is_erased_with_the_account_or_says_why_not(camille):
    erase_account(camille, at=NOW)
    left = {(label, name) for label in columns() for name in texts(label) if holds(label, name)}
    said = {(label, name) for label, names in STAYS.items() for name in names}
    assert (left - said, said - left) == (set(), {("organizers.User", "password")})


def test_file_says_of_every_row_that_names_the_person(camille):
    found = personal_data(camille, at=NOW)
    empty = {name for name, section in found.items() if not section}
    assert empty == set()
    said = {each["quoi"] for each in found["autres_gestes"]}
    assert said == {
        "Invitation envoyée", "Invitation dans un service envoyée", "Jeton révoqué", "Organisations regroupées",
        "Chiffres relevés", "Remplacement d’un collègue",
    }  # fmt: skip


def test_mails_to_every_confirmed_address_go_and_those_of_others_stay(camille):
    EmailAddress.objects.create(user=camille, email="ancienne@example.org", verified=True)
    EmailAddress.objects.create(user=camille, email="autre@example.org", verified=False)
    for number, recipient in enumerate(("ancienne@example.org", "autre@example.org")):
        outbox.enqueue(recipient, "Bonjour", "Un mot.", dedupe_key=f"y{number}", at=NOW)
    erase_account(camille, at=NOW)
    assert [each.recipient for each in OutboxMessage.objects.filter(dedupe_key__startswith="y")] == [
        "autre@example.org"
    ]


def test_rows_that_stay_name_an_account_without_a_name(camille):
    erase_account(camille, at=NOW)
    camille.refresh_from_db()
    assert (camille.email.endswith("@supprime.invalid"), camille.name, camille.phone) == (
        True,
        "Compte supprimé",
        "",
    )
    gone = (Membership, OfficeMembership, JoinRequest)
    assert [model.__name__ for model in gone if model.objects.filter(user=camille).exists()] == []
    assert not OutboxMessage.objects.filter(recipient=MINE).exists()
    assert not Event.objects.filter(contact_email=MINE).exists()
    assert EventImport.objects.filter(created_by=camille).exists()
    assert Session.objects.count() == 0
    assert Office.objects.filter(agents=camille).count() == 0
