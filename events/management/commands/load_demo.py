"""Everything that the demonstration shows; run again, it adds what is missing."""

from io import StringIO

from django.core.management import BaseCommand, call_command
from django.utils import timezone

from events.demo import accounts, partners, press, showcase
from organizers.models import User
from semaine.models import Edition

EVENTS = 7_400  # as many as in 2024
NATIONAL = "referent.national@example.org"
DEPARTMENTAL = "referent.departement@example.org"


class Command(BaseCommand):
    help = "Charge la démonstration : comptes, événements réels passés, événements d’exemple."

    def add_arguments(self, parser):
        parser.add_argument("--events", type=int, default=EVENTS, help="événements d’exemple")

    def handle(self, *, events=EVENTS, **options) -> str:
        """Returns the accounts, as French lines to read in a terminal."""
        for name in ("load_terms", "load_offices"):
            call_command(name, stdout=StringIO())
        call_command("load_editions", demo=True, stdout=StringIO())
        edition = Edition.objects.get(is_demo=True)
        accounts.load()
        partners.load()
        press.load(referent=User.objects.get(email=NATIONAL))
        if not edition.events.exists():
            call_command("synthesize", events=events, stdout=StringIO())
        showcase.load(
            edition,
            organizer=User.objects.get(email=accounts.ORGANIZER),
            referent=User.objects.get(email=DEPARTMENTAL),
            at=timezone.now(),
        )
        return accounts.table()
