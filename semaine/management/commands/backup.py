"""A backup of the database and of the pictures; the older ones are thinned out."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from semaine import copies
from semaine.rotation import to_keep
from semaine.text import count


class Command(BaseCommand):
    help = "Sauvegarde la base et les images dans un dossier, et y efface les sauvegardes devenues inutiles."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="dossier des sauvegardes")
        parser.add_argument("--recipient", default=settings.BACKUP_RECIPIENT, help="clé publique age (age1…)")

    def handle(self, *, folder, recipient=settings.BACKUP_RECIPIENT, **options):
        keep = counts(settings.BACKUP_KEEP)
        started = time.monotonic()
        try:
            backup = copies.make(folder, at=timezone.now(), recipient=recipient)
        except (copies.CopyError, OSError) as error:
            raise CommandError(f"La sauvegarde n’est pas faite. {error}") from error
        size = sum(path.stat().st_size for path in backup.iterdir()) / 1e6
        seconds = time.monotonic() - started
        self.stdout.write(f"{backup} : {size:.1f}\u00a0Mo en {seconds:.1f}\u00a0s".replace(".", ","))
        gone = thin_out(folder, keep)
        if gone:
            self.stdout.write(count(gone, "ancienne sauvegarde effacée", "anciennes sauvegardes effacées"))


def counts(said: str) -> tuple[int, int, int]:
    """Read `BACKUP_KEEP`: how many days, weeks and months keep their last backup."""
    words = said.split()
    if len(words) != 3 or not all(word.isdecimal() for word in words):
        raise CommandError(f"BACKUP_KEEP vaut « {said} » : écrivez trois nombres, par exemple « 7 5 12 ».")
    return tuple(int(word) for word in words)


def thin_out(folder: Path, keep: tuple[int, int, int]) -> int:
    """Erase the backups that rotation does not keep, and only what bears the name of one; return how many."""
    found = {}
    for path in folder.iterdir():
        try:
            found[datetime.strptime(path.name, copies.NAME).replace(tzinfo=UTC)] = path
        except ValueError:
            continue
    gone = found.keys() - to_keep(list(found), keep)
    for moment in gone:
        shutil.rmtree(found[moment])
    return len(gone)
