"""The register of what is done with personal data, as semaine/REGISTER.md holds it."""

from django.core.management import BaseCommand

from semaine.register import document


class Command(BaseCommand):
    help = "Écrit le registre des traitements de données personnelles, en Markdown."

    def handle(self, **options):
        self.stdout.write(document(), ending="")
