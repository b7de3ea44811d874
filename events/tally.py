"""Counts of many groups of the same rows in one statement: all together, and line by line of each table."""

from dataclasses import dataclass, field

from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet


@dataclass(frozen=True)
class Tally:
    """What to count of rows, by the names of their columns.

    `sums`: SQL of the numbers. `lines`: by table, SQL of the line where a row stands. `arrays`: by table, the column
    whose values are the lines: a row stands on several, or on the line None when it has none. None of these words may
    come from people: they are written as they are into the statement.
    """

    sums: list[str]
    lines: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, str] = field(default_factory=dict)

    def rows(self, rows: QuerySet) -> list[tuple]:
        """Return (table, line, numbers…) of rows read with `values()`, those of all under ("", ""). One query."""
        inner, parameters = rows.order_by().query.sql_with_params()
        statement = f"WITH found AS MATERIALIZED ({inner}) {' UNION ALL '.join(self._arms())}"
        with connections[rows.db].cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def _arms(self) -> list[str]:
        sums = ", ".join(self.sums)
        return [
            f"SELECT '', '', {sums} FROM found",  # noqa: S608
            *(f"SELECT '{name}', {line}, {sums} FROM found GROUP BY 2" for name, line in self.lines.items()),  # noqa: S608
            *(
                f"SELECT '{name}', line, {sums} FROM found "  # noqa: S608
                f"LEFT JOIN LATERAL (SELECT DISTINCT unnest({column})::text AS line) AS lines ON true GROUP BY 2"
                for name, column in self.arrays.items()
            ),
        ]


def mark(condition: Q) -> ExpressionWrapper:
    """A column that says whether a condition holds."""
    return ExpressionWrapper(condition, output_field=BooleanField())
