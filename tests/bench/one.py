"""One size of programme, measured: `python -m tests.bench.one 7400 found.json`, with SEMAINE_DATA of its own."""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")


def main(events: int, file: Path) -> int:
    import django

    django.setup()
    from django.conf import settings
    from rich.console import Console
    from rich.progress import Progress

    from tests.bench import beside, filling, rounds, writes
    from tests.bench.pages import pages

    folder = Path(settings.STATIC_ROOT).parent
    filling.fill(events)
    asked = pages()
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(f"{events} événements", total=None)
        measures, web = rounds.measured(asked, folder, lambda each: bar.advance(task))
    queries = {name: filling.queries(path) for name, path in asked.items()}
    for each in measures:
        each["queries"] = queries.get(each["name"])
    found = {"events": events, "measures": measures, "web": web, "beside": beside.measured()}
    found["writes"] = writes.measured(folder)
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
