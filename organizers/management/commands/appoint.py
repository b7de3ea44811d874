"""The first agent of the national team, who invites the others."""

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from organizers import agents
from organizers.enums import OfficeKind
from organizers.models import Office, User


class Command(BaseCommand):
    help = "Rend un compte agent de l’équipe nationale, qui invite ensuite les autres agents."

    def add_arguments(self, parser):
        parser.add_argument(
            "adresse", help="l’adresse électronique d’un compte, créé sur /compte/inscription/"
        )

    def handle(self, *, adresse, **options):
        person = User.objects.filter(email__iexact=adresse, is_active=True).first()
        if person is None:
            raise CommandError(f"« {adresse} » n’a pas de compte : créez-le sur /compte/inscription/.")
        office = Office.objects.filter(kind=OfficeKind.NATIONAL).first()
        if office is None:
            raise CommandError("Le service national manque : lancez « manage.py load_offices ».")
        agents.appoint(person, office, by=person, at=timezone.now())
        self.stdout.write(f"{person.email} est agent du service « {office} ».")
