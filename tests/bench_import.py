"""How fast are many events checked and imported, and in how much memory?

    SEMAINE_DATA=.data/bench .venv/bin/python -m semaine.embedded .venv/bin/python tests/bench_import.py --rows 2189

It makes its own database (with all communes), its own files and its own processes: one checks, one imports and
sends. It prints seconds and the memory of each, and fails above the budgets: 20 s, 60 s, 300 MB.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

# Not the folder of this file, where « html » is a module of ours.
sys.path[0] = str(Path(__file__).parent.parent)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")

MOST_SECONDS = {"check": 20, "import": 60}
MOST_MB = 300
# It ends by telling its peak memory; what `getrusage` tells may be that of the process it was forked from.
WORKER = """
import django
django.setup()
from events import tasks
tasks.work_on_imports()
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2189)
    parser.add_argument("--drafts", action="store_true", help="import, and send nothing")
    parser.add_argument("--format", choices=["csv", "xlsx"], default="xlsx")
    options = parser.parse_args()

    import django

    django.setup()
    edition, organizer = prepared()
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


def measure(phase: str, event_import) -> bool:
    """Run a worker's task in a process of its own; return whether it was slower or larger than it may be."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run = subprocess.run([sys.executable, "-c", WORKER], check=True, capture_output=True, text=True)
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = int(run.stdout) / 1000
    event_import.refresh_from_db()
    lines = event_import.lines.exclude(outcome="").count() if event_import.is_done else event_import.done
    print(
        f"{phase}: {seconds:.1f} s ({processor:.1f} s of the worker's processor), {memory:.0f} MB, {lines} lines"
    )
    return seconds > MOST_SECONDS[phase] or memory > MOST_MB


if __name__ == "__main__":
    sys.exit(main())
