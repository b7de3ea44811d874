"""What was backed up comes back: each row of each table, each picture, and only with the right key."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from semaine import copies
from semaine.management.commands.backup import counts, thin_out
from semaine.rotation import to_keep
from tests import factories

PICTURE = "events/1/usine.webp"


@pytest.fixture
def site(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / PICTURE).parent.mkdir(parents=True)
    (settings.MEDIA_ROOT / PICTURE).write_bytes(bytes(range(256)) * 700)
    factories.labelled()
    return tmp_path


@pytest.fixture
def other_database(transactional_db):
    """A second, empty database on the same server, and the address of it."""
    known = connection.get_connection_params()
    name = f"{known['dbname']}_back"
    where = {key: known[key] for key in ("host", "port", "user")}
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://{where['user']}@:{where['port']}/{name}?host={where['host'].replace('/', '%2F')}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def backup(folder: Path, **options) -> Path:
    call_command("backup", folder, **options)
    return max(folder.iterdir())


def restore(database: str, media: Path, *arguments) -> tuple[int, str]:
    """Run `restore` as its own process on another database; return its exit code and what it says."""
    told = {
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(media),
        "SECRET_KEY": "x",
        "REDIS_URL": "unix:///nowhere",
    }
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "restore", *map(str, arguments)],
        cwd=django_settings.BASE_DIR,
        env={"PATH": os.defpath} | told,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return run.returncode, run.stdout + run.stderr


def contents_of(database: str) -> dict:
    with psycopg.connect(database) as other:
        tables = [name for (name,) in other.execute(copies.TABLES).fetchall()]
        return {name: list(other.execute(copies.CONTENT.format(table=name)).fetchone()) for name in tables}


def test_encrypted_backup_comes_back_whole(site, other_database):
    identity = pyrage.x25519.Identity.generate()
    (site / "cle.txt").write_text(f"# créée pour l’essai\n{identity}\n")
    made = backup(site / "copies", recipient=str(identity.to_public()))
    assert sorted(path.name for path in made.iterdir()) == [
        "database.dump.age",
        "manifest.json",
        "media.tar.age",
    ]
    assert {path.read_bytes()[:21] for path in made.glob("*.age")} == {b"age-encryption.org/v1"}

    code, said = restore(other_database, site / "back", made, "--identity", site / "cle.txt")
    assert (code, "identiques à la sauvegarde" in said) == (0, True), said
    assert contents_of(other_database) == copies.contents()
    assert copies.contents()["events_event"][0] == 1
    assert (site / "back" / PICTURE).read_bytes() == (site / "media" / PICTURE).read_bytes()


def test_restore_writes_over_nothing_unless_told(site, other_database):
    made = backup(site / "copies")
    with psycopg.connect(other_database) as other:
        other.execute("CREATE TABLE precious AS SELECT 1 AS one")
    refused = restore(other_database, site / "back", made)
    assert refused[0] == 1
    assert "La base n’est pas vide : « --replace » efface ce qu’elle contient." in refused[1]
    assert contents_of(other_database).keys() == {"precious"}

    code, said = restore(other_database, site / "back", made, "--replace")
    assert code == 0, said
    assert contents_of(other_database) == copies.contents()


def test_pictures_are_not_written_over_either(site, other_database):
    made = backup(site / "copies")
    (site / "back").mkdir()
    (site / "back" / "autre.webp").write_bytes(b"precious")
    code, said = restore(other_database, site / "back", made)
    assert (code, "back n’est pas vide" in said) == (1, True), said
    assert contents_of(other_database) == {}


def test_another_key_opens_nothing(site, other_database):
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (site / "cle.txt").write_text(str(other))
    made = backup(site / "copies", recipient=str(mine.to_public()))
    code, said = restore(other_database, site / "back", made, "--identity", site / "cle.txt")
    assert (code, "database.dump.age ne se déchiffre pas avec cette clé" in said) == (1, True), said
    assert contents_of(other_database) == {}


@pytest.mark.parametrize("name", ["database.dump", "media.tar"])
def test_damaged_file_is_found_before_anything_is_touched(site, name):
    made = backup(site / "copies")
    whole = (made / name).read_bytes()
    (made / name).write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    before = copies.contents()
    with pytest.raises(CommandError, match=f"manifeste : {name}"):
        call_command("restore", made, replace=True)
    assert copies.contents() == before


def test_table_that_came_back_otherwise_is_told(site, other_database):
    made = backup(site / "copies")
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["tables"]["events_event"][0] += 1
    (made / "manifest.json").write_text(json.dumps(manifest))
    code, said = restore(other_database, site / "back", made)
    assert (code, "Ces tables ne sont pas celles de la sauvegarde : events_event." in said) == (1, True), said


def test_what_is_no_backup_or_no_key_is_said(site):
    with pytest.raises(CommandError, match="n’est pas une sauvegarde complète"):
        call_command("restore", site)
    with pytest.raises(CommandError, match="« ssh-rsa A » n’est pas une clé publique age"):
        call_command("backup", site / "copies", recipient="ssh-rsa A")
    with pytest.raises(CommandError, match=r"La clé privée .*absente\.txt ne se lit pas"):
        call_command("restore", backup(site / "copies"), identity=site / "absente.txt")


def test_program_that_fails_leaves_no_backup(site, settings):
    settings.PG_BIN = str(site)
    with pytest.raises(CommandError, match="pg_dump ne se lance pas : No such file"):
        call_command("backup", site / "copies")
    assert [path.suffix for path in (site / "copies").iterdir()] == [".part"]


FIRST = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.lists(st.integers(0, 17_000), max_size=40).map(
    lambda hours: [FIRST + timedelta(hours=each) for each in hours]
)
COUNTS = st.tuples(*[st.integers(0, 20)] * 3)


@given(MOMENTS, COUNTS)
def test_rotation_keeps_the_latest_and_no_more_than_asked(moments, kept):
    found = to_keep(moments, kept)
    assert found <= set(moments)
    assert len(found) <= max(1, sum(kept))
    assert not moments or max(moments) in found
    # What was let go once is not missed by the next rotation.
    assert to_keep(list(found), kept) == found


def test_rotation_of_two_years_of_nights():
    last = datetime(2026, 11, 26, 2, tzinfo=UTC)
    found = sorted(to_keep([last - timedelta(days=day) for day in range(730)], (7, 5, 12)), reverse=True)
    days = [f"{each:%m-%d}" for each in found]
    assert days == [
        "11-26", "11-25", "11-24", "11-23", "11-22", "11-21", "11-20",
        "11-15", "11-08", "11-01",
        "10-31", "09-30", "08-31", "07-31", "06-30", "05-31", "04-30", "03-31", "02-28", "01-31", "12-31",
    ]  # fmt: skip


def test_only_what_bears_a_backup_s_name_is_erased(tmp_path):
    for name in ("2026-11-25T02-00-00Z", "2026-11-25T03-00-00Z", "2026-11-25.part", "photos"):
        (tmp_path / name).mkdir()
    assert thin_out(tmp_path, (1, 1, 1)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2026-11-25.part",
        "2026-11-25T03-00-00Z",
        "photos",
    ]


@pytest.mark.parametrize("said", ["7", "7 5 a", "7 5 12 1", "-1 2 3"])
def test_rotation_that_cannot_be_read_is_said(said):
    with pytest.raises(CommandError, match="écrivez trois nombres, par exemple « 7 5 12 »"):
        counts(said)
