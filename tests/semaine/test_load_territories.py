from io import StringIO

import pytest
from django.core.management import call_command

from semaine.management.commands.load_territories import Counts, load
from semaine.models import Commune, Department, Region

pytestmark = pytest.mark.django_db


def counts():
    return Counts(
        Region.objects.count(),
        Department.objects.count(),
        Commune.objects.filter(parent=None).count(),
        Commune.objects.exclude(parent=None).count(),
    )


def test_load_territories_writes_all_of_france():
    out = StringIO()
    call_command("load_territories", stdout=out)
    assert counts() == Counts(18, 109, 34_969, 45)
    words = " ".join(out.getvalue().split())
    assert words.startswith(
        "18 régions, 109 départements et collectivités, 34 969 communes et 45 arrondissements chargés en "
    )

    assert Commune.objects.get(name="Tergnier").department.name == "Aisne"
    assert Commune.objects.get(code="98718").timezone == "Pacific/Marquesas"
    paris = Commune.objects.get(code="75056").postal_codes
    assert set(paris) == {*(f"750{n:02}" for n in range(1, 21)), "75116"}
    assert Commune.objects.get(code="75101").parent_id == "75056"
    assert Department.objects.filter(region=None).count() == 8

    assert load() == Counts(18, 109, 34_969, 45)
    assert counts() == Counts(18, 109, 34_969, 45)


def test_load_takes_the_communes_asked_for():
    assert load({"02738", "97101"}) == Counts(18, 109, 2, 0)
    assert set(Commune.objects.values_list("name", flat=True)) == {"Tergnier", "Les Abymes"}


def test_load_gives_a_city_the_postal_codes_of_its_arrondissements():
    load({"69123", "69385"})
    city = Commune.objects.get(code="69123")
    assert city.postal_codes == [f"6900{n}" for n in range(1, 10)]
    assert [part.name for part in city.parts.all()] == ["Lyon 5e Arrondissement"]


def test_load_writes_names_as_french_does():
    load({"01004"})
    ain, lot, cote_d_or = (Department.objects.get(code=code) for code in ("01", "46", "21"))
    assert [ain.of_name, lot.of_name, cote_d_or.of_name] == ["de l’Ain", "du Lot", "de la Côte-d’Or"]
    assert cote_d_or.slug == "cote-d-or"
    assert Region.objects.get(code="76").of_name == "d’Occitanie"
    assert Region.objects.get(code="11").sort_key == "ile de france"


def test_load_mends_what_was_changed():
    load({"02738"})
    Commune.objects.update(department="59", postal_codes=[])
    load({"02738"})
    tergnier = Commune.objects.get()
    assert (tergnier.department_id, tergnier.postal_codes) == ("02", ["02700"])


def neighbours_of(code):
    return list(Department.objects.filter(neighbours=code).order_by("code").values_list("code", flat=True))


def test_load_finds_the_neighbours_on_the_outlines():
    load(set())
    assert neighbours_of("90") == ["25", "68", "70", "88"]
    assert neighbours_of("2A") == ["2B"]
    assert neighbours_of("974") == []
    parts, regions = Department.objects.around(Region.objects.get(code="53"))
    assert [each.code for each in parts] == ["22", "29", "35", "56"]
    assert [each.name for each in regions] == ["Normandie", "Pays de la Loire"]
    assert Department.objects.around(Region.objects.get(code="04"))[1] == []


def test_load_mends_the_neighbours():
    load(set())
    before = Department.neighbours.through.objects.count()
    belfort, doubs, nord = (Department.objects.get(code=code) for code in ("90", "25", "59"))
    belfort.neighbours.remove(doubs)
    belfort.neighbours.add(nord)
    load(set())
    assert neighbours_of("90") == ["25", "68", "70", "88"]
    assert Department.neighbours.through.objects.count() == before
