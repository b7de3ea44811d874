"""Print the code that a referent of the demonstration gives after the password."""

from django.core.management.base import BaseCommand

from events.demo import accounts


class Command(BaseCommand):
    help = "Affiche le code du moment des référents de la démonstration, sans application de codes."
    requires_system_checks = []

    def handle(self, **options):
        self.stdout.write(accounts.code())
