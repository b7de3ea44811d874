"""The State's offices: the nation's, one per région, one per département or collectivité."""

from collections.abc import Iterator

from django.core.management import BaseCommand

from organizers.enums import OfficeKind
from organizers.models import Office
from semaine.models import Department, Region
from semaine.text import count


class Command(BaseCommand):
    help = "Crée les services référents qui manquent, sans contact : l’équipe nationale les remplit."

    def handle(self, **options):
        created = load()
        self.stdout.write(count(created, "service référent ajouté", "services référents ajoutés"))


def load() -> int:
    """Create the offices that are missing, those that exist stay as they are; return how many were created."""
    before = Office.objects.count()
    Office.objects.bulk_create(_offices(), ignore_conflicts=True)
    return Office.objects.count() - before


def _offices() -> Iterator[Office]:
    yield Office(kind=OfficeKind.NATIONAL, name="Référent national")
    for region in Region.objects.all():
        name = f"Référent régional – {region}"
        yield Office(kind=OfficeKind.REGIONAL, region=region, name=name)
    for department in Department.objects.all():
        name = f"Référent – {department}"
        yield Office(kind=OfficeKind.DEPARTMENTAL, department=department, name=name)
