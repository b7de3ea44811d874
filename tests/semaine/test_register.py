"""The register names every column that may hold something of a person; page, file and code say the same."""

from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models

from organizers.models import User
from semaine import register, retention
from semaine.views import MISSING

# Columns that may hold words, and hold none of a person.
IMPERSONAL = {
    "semaine.Edition": {"theme", "announced_note"},
    "semaine.Region": {"code", "name", "of_name", "slug", "sort_key"},
    "semaine.Department": {"code", "name", "of_name", "slug", "sort_key", "timezone"},
    "semaine.Commune": {"code", "name", "sort_key", "place_key", "postal_codes", "timezone"},
    "semaine.Erasure": {"what"},
    "semaine.OutboxMessage": {"dedupe_key", "message_id"},
    # What a company is in the public register.
    "organizers.Organization": {
        "name", "name_key", "slug", "siret", "website", "address", "postal_code", "naf_rev2", "naf_2025",
    },
    "organizers.FormerOrganization": {"slug", "name", "siret"},
    "organizers.Office": {"name"},
    "organizers.Partner": {"name", "website"},
    # Hashes of what is random.
    "organizers.Invitation": {"token_hash"},
    "organizers.OfficeInvitation": {"token_hash"},
    "organizers.ApiToken": {"token_hash"},
    "events.AttendanceReport": {"by_audience"},
    "events.Decision": {"findings"},
    "events.LabelCounter": {"territory"},
    # What the public reads of an event, and where it takes place.
    "events.Event": {
        "external_id", "title", "slug", "summary", "format_code", "sector_codes", "topic_codes", "audience_codes",
        "accessibility_codes", "points_to_check", "venue", "address", "postal_code", "address_asked", "timezone",
        "online_url", "more_info_url", "image", "image_alt", "organizer_name", "place_name", "trigram_key",
        "reserved_to", "label_number", "school_levels",
    },
    "events.EventImport": {"refusal", "digest"},
    "events.ImportLine": {"external_id"},
    "events.Note": {"asked"},
    # The office's own.
    "events.ReplyTemplate": {"title", "text"},
    "events.FiguresSnapshot": {"definition", "figures"},
    "events.Term": {"code", "label"},
    "admin.LogEntry": {"object_id"},
    "auth.Permission": {"name", "codename"},
    "auth.Group": {"name"},
    "contenttypes.ContentType": {"app_label", "model"},
    "sessions.Session": {"session_key"},
    "socialaccount.SocialApp": {"provider", "provider_id", "name", "client_id", "secret", "key", "settings"},
    "socialaccount.SocialAccount": {"provider"},
}  # fmt: skip
WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
ADDRESSES = (models.GenericIPAddressField,)


def may_be_personal(column) -> bool:
    if not column.concrete:
        return False
    if column.is_relation:
        return column.related_model is User
    if getattr(column, "base_field", None):
        return not column.base_field.choices
    return isinstance(column, WORDS + ADDRESSES) and not column.choices


def found() -> dict[str, set[str]]:
    everything = {
        model._meta.label: {
            each.name for each in (*model._meta.fields, *model._meta.many_to_many) if may_be_personal(each)
        }
        for model in apps.get_models()
    }
    return {label: names for label, names in everything.items() if names}


def registered() -> dict[str, set[str]]:
    named = {}
    for each in register.processings():
        for label, names in each.holds.items():
            named.setdefault(label, set()).update(names)
    return named


def test_every_column_that_may_hold_something_of_a_person_is_registered():
    named = registered()
    left = {
        label: names - named.get(label, set()) - IMPERSONAL.get(label, set())
        for label, names in found().items()
    }
    assert {label: names for label, names in left.items() if names} == {}


def test_register_names_columns_that_exist_and_none_that_is_said_to_be_of_nobody():
    columns = {
        model._meta.label: {each.name for each in model._meta.get_fields()} for model in apps.get_models()
    }
    unknown = {label: names - columns.get(label, set()) for label, names in registered().items()}
    assert {label: names for label, names in unknown.items() if names} == {}
    both = {label: names & IMPERSONAL.get(label, set()) for label, names in registered().items()}
    assert {label: names for label, names in both.items() if names} == {}


def test_file_in_the_repository_is_what_the_command_writes():
    written = StringIO()
    call_command("register", stdout=written)
    assert (settings.BASE_DIR / "semaine" / "REGISTER.md").read_text() == written.getvalue()


@pytest.mark.django_db
def test_page_shows_each_entry_with_what_the_operator_says(client, settings):
    settings.OPERATOR = settings.OPERATOR | {"retention": "cinq ans.", "log_retention": ""}
    page = client.get("/donnees-personnelles/").content.decode().replace("&#x27;", "'")
    for each in register.on_page(MISSING):
        assert f"<h2>{each['title']}</h2>" in page
        assert [text for _, text in each["facts"] if text not in page] == []
    assert ("Ensuite\u00a0: cinq ans." in page, f"<dd>{MISSING}</dd>" in page) == (True, True)


def test_times_that_are_said_are_those_that_are_kept():
    said = " ".join(each.after for each in register.processings())
    lines = {line.what: line.after for line in retention.lines()}
    assert (lines["courriels envoyés"], "90 jours après l’envoi" in said) == ("90 jours après l’envoi", True)
    assert (lines["contacts des événements"], "un an après la fin de l’édition" in said) == (
        "un an après la fin de l’édition",
        True,
    )
    assert "Un fichier importé\u00a0: trente jours" in said
    assert lines["fichiers importés et leurs lignes"] == "30 jours après l’import"
