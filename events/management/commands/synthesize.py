"""A programme of examples for the demonstration edition, of the size one asks for."""

import sys
import time

from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from events.demo.synthesis import synthesize
from semaine.models import Commune, Edition
from semaine.text import count


class Command(BaseCommand):
    help = "Remplit l’édition de démonstration d’événements d’exemple."

    def add_arguments(self, parser):
        parser.add_argument("--events", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, events, seed=1, **options):
        started = time.monotonic()
        edition = Edition.objects.published().filter(is_demo=True).first()
        # Examples in a real edition could not be told from its programme, and have taken its label numbers.
        if edition is None:
            raise CommandError("Il n’y a pas d’édition de démonstration : lancez « load_editions --demo ».")
        if not Commune.objects.exists():
            raise CommandError("Il n’y a pas de communes : lancez « load_territories ».")
        if events < 1:
            raise CommandError("Il faut au moins un événement : « --events 100 ».")
        call_command("load_offices", stdout=self.stdout)
        with progress() as bar:
            task = bar.add_task("Événements d’exemple", total=events)
            synthesize(
                edition,
                events,
                seed=seed,
                at=timezone.now(),
                tick=lambda number: bar.advance(task, number),
            )
        seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
        self.stdout.write(
            f"{count(events, 'événement d’exemple', 'événements d’exemple')} en {seconds}\u00a0s"
        )


def progress() -> Progress:
    columns = [*Progress.get_default_columns(), MofNCompleteColumn()]
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())
