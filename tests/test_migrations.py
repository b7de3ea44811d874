"""A new migration locks no table while visitors read it, and leaves the version before it at work.

Squawk reads the SQL that a migration runs. What was there before the site had visitors is not asked of it.
"""

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

SQUAWK = Path(sys.executable).parent / "squawk"
# The last of each application that ran on no site with visitors.
BEFORE_VISITORS = {"semaine": 7, "organizers": 14, "events": 30}
# Rules of taste; and time-outs, which `migrate` has from LOCK_TIMEOUT (docker-compose.yml).
NOT_ASKED = (
    "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity", "prefer-robust-stmts",
    "prefer-text-field", "require-lock-timeout", "require-statement-timeout",
)  # fmt: skip
NUMBER = re.compile(r"\d+")


def findings(sql: str) -> list[str]:
    """Return the rules that a migration's SQL breaks."""
    run = subprocess.run(
        [SQUAWK, "--reporter=json", "--pg-version=18.0", f"--exclude={','.join(NOT_ASKED)}"],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode in (0, 1), run.stderr
    return sorted({each["rule_name"] for each in json.loads(run.stdout)})


def new_migrations() -> list[tuple[str, str]]:
    known = MigrationLoader(None).disk_migrations
    return sorted(
        (app, name)
        for app, name in known
        if app in BEFORE_VISITORS and int(NUMBER.match(name)[0]) > BEFORE_VISITORS[app]
    )


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("ALTER TABLE events_event ADD COLUMN note text NULL;", []),
        ("CREATE INDEX CONCURRENTLY events_note ON events_event (note);", []),
        ("ALTER TABLE events_event ADD COLUMN note text NOT NULL;", ["adding-required-field"]),
        ("CREATE INDEX events_note ON events_event (note);", ["require-concurrent-index-creation"]),
        # What Django writes for `default=`, of which the version before knows nothing; `db_default=` stays.
        ("ALTER TABLE events_event ALTER COLUMN note DROP DEFAULT;", ["ban-drop-default"]),
        ("ALTER TABLE events_event ADD COLUMN note text NOT NULL DEFAULT '';", []),
        ("ALTER TABLE events_event DROP COLUMN title;", ["ban-drop-column"]),
        ("ALTER TABLE events_event RENAME COLUMN title TO name;", ["renaming-column"]),
        (
            "ALTER TABLE events_event ADD CONSTRAINT seven CHECK (seats < 7);",
            ["constraint-missing-not-valid"],
        ),
    ],
)
def test_what_locks_or_breaks_the_version_before_is_found(sql, broken):
    assert findings(sql) == broken


# No transaction: an index is made concurrently in none.
@pytest.mark.django_db(transaction=True)
def test_new_migrations_lock_nothing():
    found = {}
    for app, name in new_migrations():
        sql = StringIO()
        call_command("sqlmigrate", app, name, stdout=sql)
        if broken := findings(sql.getvalue()):
            found[f"{app}.{name}"] = broken
    assert found == {}, "semaine/exploitation.md tells how to write them"
