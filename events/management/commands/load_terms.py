"""Filières, natures and thèmes, from `fixtures/terms.json`."""

import json

from django.conf import settings
from django.core.management import BaseCommand

from events.models import Term
from semaine.text import count

PATH = settings.BASE_DIR / "fixtures" / "terms.json"


class Command(BaseCommand):
    help = "Crée les termes qui manquent ; ceux qui existent gardent le libellé de l’équipe nationale."

    def handle(self, **options):
        created = load()
        self.stdout.write(count(created, "terme ajouté", "termes ajoutés"))


def load() -> int:
    """Create the terms that are missing, in the order of the file; return how many were created."""
    before = Term.objects.count()
    lists = json.loads(PATH.read_text(encoding="utf-8"))
    Term.objects.bulk_create(
        (
            Term(kind=kind, code=code, label=label, position=position)
            for kind, labels in lists.items()
            for position, (code, label) in enumerate(labels.items(), start=1)
        ),
        ignore_conflicts=True,
    )
    return Term.objects.count() - before
