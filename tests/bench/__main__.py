"""`python -m tests.bench`: the whole of it; `--keep` writes the table beside this file.

Needs wrk and nginx, as Debian has them. Programmes of 7 400 and 100 000 events, or of `BENCH_EVENTS`, each in a
PostgreSQL of its own below `.data/bench`, kept for the next time.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")

import django

from semaine import embedded
from tests.production.proxy import NGINX

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / ".data" / "bench"
FOUND = ROOT / ".data" / "bench.json"
SIZES = "7400 100000"


def main() -> int:
    missing = [name for name, path in {"wrk": shutil.which("wrk"), "nginx": NGINX}.items() if not path]
    if missing:
        sys.exit(f"Il manque {' et '.join(missing)} : apt install wrk nginx-light")
    sizes = [int(size) for size in (os.environ.get("BENCH_EVENTS") or SIZES).split()]
    found = [one(size) for size in sizes]
    django.setup()
    from tests.bench.table import document

    FOUND.write_text(json.dumps(found, ensure_ascii=False, indent=1))
    table = document(found)
    sys.stdout.write(table)
    if "--keep" in sys.argv:
        (Path(__file__).parent / "BENCH.md").write_text(table)
    return 0


def one(events: int) -> dict:
    """Measure a programme of so many events, in processes of its own."""
    folder = FOLDER / f"{events}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "found.json"
    with embedded.running(folder):
        subprocess.run(
            [sys.executable, "-m", "tests.bench.one", f"{events}", file],
            cwd=ROOT,
            env=os.environ | {"SEMAINE_DATA": f"{folder}"},
            check=True,
        )
    return json.loads(file.read_text())


if __name__ == "__main__":
    sys.exit(main())
