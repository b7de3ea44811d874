"""How fast are the referent's queue and a decision on 200 files?

    SEMAINE_DATA=.data/bench .venv/bin/python -m semaine.embedded .venv/bin/python tests/bench_queue.py

It makes its own database (with all communes), a programme of 7,400 events and a region that examines 2,000 of them. It
prints the medians of each view and the seconds of one group decision, and fails above the budgets: 60 ms, 5 s.
"""

import argparse
import os
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

# Not the folder of this file, where « html » is a module of ours.
sys.path[0] = str(Path(__file__).parent.parent)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "semaine.settings")

MOST_MS, MOST_SECONDS, GROUP = 60, 5, 200
REGION = "32"
QUEUE = "/admin/events/event/"
VIEWS = (
    "", "p=20", "statut=tous", "statut=en-attente&retard=oui", "departement=59&nature=visite", "q=industrie",
    "organisateur=france", "points=a-verifier", "statut=tous&doublons=oui", "all=",
)  # fmt: skip
# Two hundred files on one page: shown, and held to no budget.
UNBOUND = {"all="}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=7400)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()

    import django

    django.setup()
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    agent = prepared(options)
    from tests.sessions import sign_in

    sign_in(client, agent)
    slow = [view for view in VIEWS if measured(client, view, options.times) > MOST_MS and view not in UNBOUND]
    return int(bool(slow) | (decided(client, agent) > MOST_SECONDS))


def prepared(options):
    """Return an agent of the region: its files are drawn from a programme of all France."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from events import twins
    from events.models import Event
    from organizers.enums import OfficeKind
    from semaine.models import Department
    from tests import factories

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    for name in ("load_territories", "load_terms"):
        call_command(name)
    call_command("load_editions", demo=True)
    if Event.objects.count() < options.events:
        call_command("synthesize", events=options.events - Event.objects.count())
    codes = list(Department.objects.filter(region=REGION).values_list("pk", flat=True))
    today = timezone.localdate()
    keys = Event.objects.filter(submitted_at__isnull=False).order_by("pk").values_list("pk", flat=True)
    for number, key in enumerate(keys[: options.files]):
        fields = (
            {"status": "submitted", "cancelled_from": "", "label_number": None, "slug": ""}
            if number % 4
            else {}
        )
        fields["points_to_check"] = ["territory"] if number % 5 == 0 else []
        fields["due_on"] = today + timedelta(number % 9 - 4)
        Event.objects.filter(pk=key).update(department=codes[number % len(codes)], **fields)
    owned()
    started, looked = time.perf_counter(), twins.look(most=options.events)
    print(f"{time.perf_counter() - started:.1f} s to look for the doubles of {looked} files")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    agent = factories.user(f"banc{time.time():.0f}@example.org", is_staff=True)
    agent.offices.add(factories.office(OfficeKind.REGIONAL, REGION))
    return agent


def owned() -> None:
    """Give the files an organizer who can be written to: those of a synthesized programme have none."""
    from events.models import Event
    from organizers.models import Membership, Organization
    from tests import factories

    organizer = factories.user(f"organisateur{time.time():.0f}@example.org")
    every = Organization.objects.values_list("pk", flat=True)
    Membership.objects.bulk_create(
        Membership(user=organizer, organization_id=each, role="owner") for each in every
    )
    Event.objects.update(created_by=organizer)


def measured(client, view: str, times: int) -> float:
    """Ask for a view of the list many times; return the median in ms of the server's time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = []
    for _ in range(times + 2):
        started = time.perf_counter()
        response = client.get(f"{QUEUE}?{view}")
        found.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, response.status_code
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{QUEUE}?{view}")
    median = statistics.median(found[2:])
    number = response.context_data["cl"].result_count
    print(f"{median:6.1f} ms (fastest {min(found):.1f})  {len(queries)} queries  {number:5} files  ?{view}")
    return median


def decided(client, agent) -> float:
    """Label 200 files in one go; return the seconds it took."""
    from events.models import Event

    events = list(Event.objects.examinable_by(agent).filter(status="submitted")[:GROUP])
    data = {"decision": "label", "dossier": [event.pk for event in events]}
    for event in events:
        data |= {f"dossier-{event.pk}-version": event.version, f"dossier-{event.pk}-purpose_confirmed": "on"}
    started, processor = time.perf_counter(), time.process_time()
    client.post(f"{QUEUE}decider/", data)
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    done = Event.objects.filter(pk__in=data["dossier"], status="labelled").count()
    print(
        f"{seconds:.1f} s ({processor:.1f} s of the processor) for {len(events)} files, {done} of them labelled"
    )
    return seconds


if __name__ == "__main__":
    sys.exit(main())
