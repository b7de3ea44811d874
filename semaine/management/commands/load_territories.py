"""Régions, départements et communes, from `fixtures/` (see its SOURCES.md)."""

import csv
import gzip
import json
import time
from collections.abc import Collection, Iterator
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from django.conf import settings
from django.core.management import BaseCommand
from django.db import connection, transaction

from semaine.models import Commune, Department, Region, SiteRevision
from semaine.text import count, place_key, sort_key
from semaine.topology import neighbours

FIXTURES = settings.BASE_DIR / "fixtures"
OUTLINES = settings.BASE_DIR / "static" / "geo" / "france.topo.json"
# Written so, the communes take a third of the time that `bulk_create` takes.
UPSERT = """
    INSERT INTO {table} AS stored ({columns}) SELECT {columns} FROM loaded
    ON CONFLICT (code) DO UPDATE SET ({columns}) = (SELECT {excluded})
    WHERE ({stored}) IS DISTINCT FROM ({excluded})
"""


class Counts(NamedTuple):
    regions: int
    departments: int
    communes: int
    arrondissements: int


class Command(BaseCommand):
    help = "Charge les régions, départements et communes. Se relance sans risque."

    def handle(self, **options):
        started = time.monotonic()
        counts = load()
        seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
        self.stdout.write(
            f"{count(counts.regions, 'région')}, "
            f"{count(counts.departments, 'département et collectivité', 'départements et collectivités')}, "
            f"{count(counts.communes, 'commune')} et {count(counts.arrondissements, 'arrondissement')} "
            f"chargés en {seconds}\u00a0s"
        )


@transaction.atomic
def load(codes: Collection[str] | None = None) -> Counts:
    """Write all the régions and départements, and the communes of these INSEE codes (all when None).

    The départements come with their neighbours. Returns how many of each the files hold. Rows that did not
    change are not written again.
    """
    regions = [_region(row) for row in _rows("regions.csv")]
    departments = [_department(row) for row in _rows("departements.csv")]
    rows = [row for row in _rows("communes.csv.gz") if codes is None or row["insee"] in codes]
    communes = [_commune(row) for row in rows if row["type"] == "COM"]
    parts = [_commune(row) for row in rows if row["type"] == "ARM"]
    _gather_postal_codes(communes, parts)
    for rows in (regions, departments, communes, parts):
        _upsert(rows)
    write_neighbours(neighbours(json.loads(OUTLINES.read_text(encoding="utf-8")), "departements"))
    SiteRevision.objects.bump()
    return Counts(len(regions), len(departments), len(communes), len(parts))


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = FIXTURES / name
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _region(row: dict) -> Region:
    return Region(code=row["code"], **_names(row))


def _department(row: dict) -> Department:
    return Department(
        code=row["code"],
        region_id=row["region_code"] or None,
        timezone=row["timezone"],
        **_names(row),
    )


def _names(row: dict) -> dict[str, str]:
    name = typographic(row["nom"])
    key = sort_key(name)
    return {
        "name": name,
        "of_name": typographic(row["charniere"]) + name,
        "slug": key.replace(" ", "-"),
        "sort_key": key,
    }


def _commune(row: dict) -> Commune:
    name = typographic(row["nom"])
    return Commune(
        code=row["insee"],
        name=name,
        sort_key=sort_key(name),
        place_key=place_key(name),
        postal_codes=row["codes_postaux"].split("|") if row["codes_postaux"] else [],
        department_id=row["departement"],
        parent_id=row["commune_mere"] or None,
        latitude=float(row["lat"]) if row["lat"] else None,
        longitude=float(row["lon"]) if row["lon"] else None,
        population=int(row["population"] or 0),
        timezone=row["timezone"],
    )


def typographic(name: str) -> str:
    return name.replace("'", "’")


def write_neighbours(wanted: set[tuple[str, str]]) -> None:
    """Let the départements have these neighbours, given both ways as pairs of codes, and no others."""
    links = Department.neighbours.through.objects
    stored = set(links.values_list("from_department", "to_department"))
    for code, other in stored - wanted:
        links.filter(from_department=code, to_department=other).delete()
    links.bulk_create(
        links.model(from_department_id=code, to_department_id=other) for code, other in wanted - stored
    )


def _gather_postal_codes(communes: list[Commune], parts: list[Commune]) -> None:
    """Give Paris, Lyon and Marseille the postal codes of all their arrondissements."""
    by_code = {commune.code: commune for commune in communes}
    for part in parts:
        if parent := by_code.get(part.parent_id):
            both = dict.fromkeys(chain(parent.postal_codes, part.postal_codes))
            parent.postal_codes = list(both)


def _upsert(rows: list) -> None:
    """Copy the rows to a table of their own, then write those that are new or differ."""
    if not rows:
        return
    fields = type(rows[0])._meta.concrete_fields
    table, columns = rows[0]._meta.db_table, ", ".join(field.column for field in fields)
    values_of = attrgetter(*(field.attname for field in fields))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE loaded (LIKE {table}) ON COMMIT DROP")
        with cursor.copy(f"COPY loaded ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(values_of(row))
        cursor.execute(
            UPSERT.format(
                table=table, columns=columns, stored=_of("stored", fields), excluded=_of("excluded", fields)
            )
        )
        cursor.execute("DROP TABLE loaded")
        # Until it is told, the planner takes a table just filled for an almost empty one.
        cursor.execute(f"ANALYZE {table}")


def _of(table: str, fields: list) -> str:
    return ", ".join(f"{table}.{field.column}" for field in fields)
