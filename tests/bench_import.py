"""How fast are many events checked and imported, and in how much memory?

    SEMAINE_DATA=.data/bench .venv/bin/python -m semaine.embedded .venv/bin/python tests/bench_import.py --rows 2189
    SEMAINE_DATA=.data/bench .venv/bin/python -m semaine.embedded .venv/bin/python tests/bench_import.py --agenda 8000

It makes its own database (with all communes), its own files and its own processes: one checks, one imports and
sends. It prints seconds and the memory of each, and fails above the budgets: 20 s, 60 s, 300 MB. With `--agenda` it is
an export of OpenAgenda and the command that imports it, from its start to its end: 60 s, 300 MB.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

# Not the folder of this file, where « html » is a module of ours.
sys.path[0] = str(Path(__file__).parent.parent)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")

MOST_SECONDS = {"check": 20, "import": 60, "command": 60}
MOST_MB = 300
# It ends by telling its peak memory; what `getrusage` tells may be that of the process it was forked from.
WORKER = """
import django
django.setup()
from events import tasks
tasks.work_on_imports()
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""
COMMAND = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("import_openagenda", *sys.argv[1:], stdout=sys.stderr)
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2189)
    parser.add_argument("--agenda", type=int, help="so many events of an agenda, by the command")
    parser.add_argument("--drafts", action="store_true", help="import, and send nothing")
    parser.add_argument("--format", choices=["csv", "xlsx"], default="xlsx")
    options = parser.parse_args()

    import django

    django.setup()
    edition, organizer = prepared()
    if options.agenda:
        return int(by_command(options.agenda, edition, organizer, sends=not options.drafts))
    from tests.events.imports import files

    rows = files.table(lines(options.rows, edition))
    content = files.as_xlsx(rows) if options.format == "xlsx" else files.as_csv(rows)
    event_import = files.received(organizer, content, edition)
    print(f"{options.rows} rows, {len(content):,} bytes of {options.format}")
    slow = [measure("check", event_import)]
    type(event_import).objects.filter(pk=event_import.pk).update(state="queued", submits=not options.drafts)
    slow.append(measure("import", event_import))
    written = event_import.lines.exclude(event=None)
    print(f"{written.count()} events written, {written.filter(was_sent=True).count()} of them sent")
    return int(any(slow))


def prepared():
    """The structure, all territories, an edition that is open now and an organization of somebody."""
    from django.core.management import call_command
    from django.utils import timezone

    from semaine.models import Edition
    from tests import factories

    call_command("migrate", verbosity=0)
    for name in ("load_territories", "load_terms", "load_offices"):
        call_command(name)
    call_command("load_editions", demo=True)
    now = timezone.now()
    edition = Edition.objects.get(is_demo=True)
    edition.submissions_open_at, edition.submissions_close_at = now - timedelta(1), now + timedelta(30)
    edition.is_published = True
    edition.save()
    organizer = factories.user(f"banc{now.timestamp()}@example.org")
    factories.organization(organizer, headquarters=None, slug=f"banc-{now.timestamp():.0f}")
    return edition, organizer


def lines(number: int, edition) -> list[dict]:
    """Events all over France, as different as real ones: of each commune its own name and postal code."""
    from semaine.models import Commune
    from tests.events.imports import files

    chance = random.Random(2024)
    communes = list(Commune.objects.filter(parent=None).exclude(postal_codes=[]).select_related("department"))
    found = []
    for each in range(number):
        commune = chance.choice(communes)
        day = edition.starts_on + timedelta(each % 5)
        cells = {
            "city": commune.name,
            "postal_code": commune.postal_codes[0],
            "typed_department": commune.department.name,
            "description": "Rencontrez les entreprises, leurs métiers et leurs offres. " * 8,
            "format_code": "Job dating",
            "sector_codes": "Mines et métallurgie ; Agroalimentaire",
            "other_slots": f"{day:%d/%m/%Y} 14:00-17:00",
            "capacity": "40",
            "contact_name": "Camille Roux",
        }
        found.append(files.line(each, day=f"{day:%d/%m/%Y}", **cells))
    return found


def by_command(number: int, edition, organizer, sends: bool) -> bool:
    """Import an export of an agenda twice, the second time as it is; return whether it was too slow or too large."""
    options = ["--organization", organizer.organizations.get().slug, "--edition", str(edition.year)]
    options += ["--submit"] if sends else []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        path.write_text(json.dumps({"events": agenda(number, edition)}, ensure_ascii=False), encoding="utf-8")
        print(f"{number} events, {path.stat().st_size:,} bytes of JSON")
        slow = [run("command", COMMAND, str(path), *options) for _ in range(2)]
    found = organizer.organizations.get().events.all()
    print(f"{found.count()} events written, {found.exclude(submitted_at=None).count()} of them sent")
    return any(slow)


def agenda(number: int, edition) -> list[dict]:
    """Events as OpenAgenda gives them, each of a commune of its own with two slots and a long description."""
    from semaine.models import Commune
    from tests.events.imports import agenda

    communes = list(
        Commune.objects.filter(parent=None).exclude(postal_codes=[]).select_related("department__region")
    )
    communes = random.Random(2024).choices([each for each in communes if each.department.region], k=number)
    found = []
    for uid, commune in enumerate(communes, 1):
        day = edition.starts_on + timedelta(uid % 5)
        slots = [
            {"begin": f"{day}T{hour}:00:00+01:00", "end": f"{day}T{hour}:45:00+01:00"} for hour in (10, 14)
        ]
        place = agenda.event()["location"] | {
            "city": commune.name, "adminLevel4": commune.name, "insee": commune.pk,
            "postalCode": commune.postal_codes[0], "adminLevel2": commune.department.name,
            "adminLevel1": commune.department.region.name, "latitude": commune.latitude,
            "longitude": commune.longitude,
        }  # fmt: skip
        long = {"fr": "Rencontrez les entreprises, leurs métiers et leurs offres. " * 25}
        found.append(agenda.event(uid, location=place, timings=slots, longDescription=long))
    return found


def measure(phase: str, event_import) -> bool:
    """Run a worker's task in a process of its own; return whether it was slower or larger than it may be."""
    is_slow = run(phase, WORKER)
    event_import.refresh_from_db()
    lines = event_import.lines.exclude(outcome="").count() if event_import.is_done else event_import.done
    print(f"{phase}: {lines} lines")
    return is_slow


def run(phase: str, program: str, *options: str) -> bool:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, *options], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = int(done.stdout.split()[-1]) / 1000
    print(f"{phase}: {seconds:.1f} s ({processor:.1f} s of its own processor), {memory:.0f} MB")
    return seconds > MOST_SECONDS[phase] or memory > MOST_MB


if __name__ == "__main__":
    sys.exit(main())
