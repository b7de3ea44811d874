from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import InterfaceError, OperationalError, connections, models, router
from django.db.models import F

from semaine.dates import today


class EditionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def in_turn(self, at: datetime):
        """The published editions: the one that runs or comes next and those to follow, then the past, last first."""
        coming = models.Case(models.When(label_until__gte=today(at), then="label_from"))
        return self.published().order_by(coming.asc(nulls_last=True), "-label_from")

    def current(self, at: datetime):
        """Return the published edition that runs or comes next, else the last one; None when there is none."""
        return self.in_turn(at).first()


class DepartmentQuerySet(models.QuerySet):
    def by_region(self) -> list[tuple]:
        """Return (region, its départements) by name; last (None, the collectivités that belong to none)."""
        by_name = F("region__sort_key").asc(nulls_last=True), "sort_key"
        rows = self.select_related("region").order_by(*by_name)
        return [(region, list(there)) for region, there in groupby(rows, attrgetter("region"))]

    def around(self, region) -> tuple[list, list]:
        """Return the départements of a region, and the regions on the other side of their borders. One query."""
        there = models.Q(region=region) | models.Q(neighbours__region=region)
        found = dict(self.filter(there).distinct().by_region())
        own = found.pop(region, [])
        return own, [other for other in found if other]


BUMP = (
    "INSERT INTO semaine_siterevision AS known (id, number, structure) VALUES (%s, 1, %s) ON CONFLICT (id) "
    "DO UPDATE SET number = known.number + 1, structure = known.structure + excluded.structure RETURNING number"
)


class SiteRevisionManager(models.Manager):
    def bump(self, *, structure: bool = True) -> int:
        """Count one change of what the public sees, and return how many there are: nobody else has this number.

        It makes others wait until the end of the transaction, which should be near. `structure` False: a single event
        has changed, with its date of change, and nothing around it (see `events.public_changes`).
        """
        with connections[router.db_for_write(self.model)].cursor() as cursor:
            cursor.execute(BUMP, [self.model.ONLY, int(structure)])
            return cursor.fetchone()[0]

    def structure(self) -> int:
        """Return how often what stands around the events has changed."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT structure FROM semaine_siterevision WHERE id = %s", [self.model.ONLY])
            row = cursor.fetchone()
        return row[0] if row else 0

    def number(self) -> int:
        """Return how often it was bumped. Every public page asks: built anew, it is a third of a 304.

        It is the first statement of most requests: instead of Django's own question whether the connection still
        works, which would double its cost, it is asked again over a new one when it fails.
        """
        connection = connections[self.db]
        if connection.connection is None or connection.health_check_done or connection.in_atomic_block:
            return self._number(connection)
        connection.health_check_done = True
        try:
            return self._number(connection)
        except (OperationalError, InterfaceError):
            connection.close()
            return self._number(connection)

    def _number(self, connection) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM semaine_siterevision WHERE id = %s", [self.model.ONLY])
            row = cursor.fetchone()
        return row[0] if row else 0
