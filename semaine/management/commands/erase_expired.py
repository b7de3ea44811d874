"""Erase the personal data whose time is over, or say what would be erased."""

from django.core.management import BaseCommand
from django.utils import timezone

from semaine import retention
from semaine.text import NBSP


class Command(BaseCommand):
    help = "Efface les données dont la durée de conservation est passée ; « --dry-run » le dit sans le faire."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *, dry_run, **options):
        at = timezone.now()
        found = retention.due(at) if dry_run else retention.erase_expired(at)
        for line, number in found:
            self.stdout.write(f"{line.what} ({line.after}){NBSP}: {number}")
        self.stdout.write("Rien n’a été effacé." if dry_run else "C’est fait.")
