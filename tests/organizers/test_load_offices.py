import pytest

from organizers.enums import OfficeKind
from organizers.management.commands.load_offices import load
from organizers.models import Office
from semaine.management.commands import load_territories

pytestmark = pytest.mark.django_db


def test_load_offices_gives_one_to_each_territory():
    load_territories.load(codes=set())
    assert load() == 1 + 18 + 109
    assert Office.objects.get(department="46").name == "Référent – Lot"
    assert Office.objects.get(region="76").name == "Référent régional – Occitanie"
    assert not Office.objects.exclude(contact_email="").exists()


def test_load_offices_keeps_what_the_national_team_wrote():
    load_territories.load(codes=set())
    load()
    Office.objects.filter(kind=OfficeKind.NATIONAL).update(name="DGE", contact_email="dge@example.org")
    assert load() == 0
    assert Office.objects.get(kind=OfficeKind.NATIONAL).contact_email == "dge@example.org"
