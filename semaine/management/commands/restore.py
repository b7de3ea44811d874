"""The database and the pictures as a backup holds them, compared table by table with what was written."""

import shutil
import subprocess
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import BaseCommand, CommandError
from django.db import connection
from redis.exceptions import RedisError

from semaine import copies
from semaine.copies import CopyError
from semaine.text import count

EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


class Command(BaseCommand):
    help = "Remet la base et les images comme une sauvegarde les contient, et compare."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, help="dossier d’une sauvegarde")
        parser.add_argument("--identity", type=Path, help="fichier de la clé privée age")
        parser.add_argument(
            "--replace", action="store_true", help="effacer ce que la base et les images contiennent"
        )

    def handle(self, *, backup, identity=None, replace=False, **options):
        started = time.monotonic()
        try:
            manifest = copies.read_manifest(backup)
            keys = copies.private_keys(identity) if identity else []
            make_room(replace)
            restore(backup, manifest, keys)
        except CopyError as error:
            raise CommandError(str(error)) from error
        different = differences(manifest["tables"], copies.contents())
        if different:
            raise CommandError(f"Ces tables ne sont pas celles de la sauvegarde : {', '.join(different)}.")
        self.forget_pages()
        rows = sum(number for number, content in manifest["tables"].values())
        seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
        tables = count(len(manifest["tables"]), "table", "tables")
        self.stdout.write(f"{tables}, {rows} lignes, identiques à la sauvegarde, en {seconds}\u00a0s")

    def forget_pages(self) -> None:
        """Empty the cache: its pages are of the time after the backup."""
        try:
            cache.clear()
        except RedisError as error:
            self.stderr.write(f"Redis ne répond pas : videz-le avant d’ouvrir le site ({error}).")


def make_room(replace: bool) -> None:
    """Refuse to write over anything, or erase it."""
    pictures = Path(settings.MEDIA_ROOT)
    pictures.mkdir(parents=True, exist_ok=True)
    tables = copies.contents()
    if not replace:
        if tables:
            raise CopyError("La base n’est pas vide : « --replace » efface ce qu’elle contient.")
        if any(pictures.iterdir()):
            raise CopyError(f"{pictures} n’est pas vide : « --replace » efface ce qu’il contient.")
        return
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
    for path in pictures.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def restore(backup: Path, manifest: dict, keys: list) -> None:
    """Read both files back; the database in one transaction: all of it or nothing."""
    files = {name.removesuffix(".age"): backup / name for name in manifest["files"]}
    options = ("--no-owner", "--no-privileges", "--no-comments", "--exit-on-error", "--single-transaction")
    name = connection.get_connection_params()["dbname"]
    into = copies.postgres("pg_restore", *options, f"--dbname={name}", stdin=subprocess.PIPE)
    copies.unseal(files[copies.DATABASE], into, keys)
    copies.unseal(files[copies.MEDIA], copies.tar("--extract", stdin=subprocess.PIPE), keys)


def differences(written: dict[str, list], found: dict[str, list]) -> list[str]:
    return sorted(name for name in written.keys() | found.keys() if written.get(name) != found.get(name))
