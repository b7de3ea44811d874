from django.db import migrations

from semaine.text import sort_key

FIRST_SLOTS = """
UPDATE events_event SET first_day = slot.first_day, first_ends_at = slot.first_ends_at
FROM (
    SELECT event_id, min(first_day) AS first_day, min(ends_at) AS first_ends_at
    FROM events_timeslot GROUP BY event_id
) AS slot
WHERE slot.event_id = events_event.id
"""
BATCH = 500


def fill_trigram_keys(apps, schema_editor):
    Event = apps.get_model("events", "Event")
    rows = Event.objects.only("title", "organizer_name", "place_name")
    for start in range(0, rows.count(), BATCH):
        batch = list(rows.order_by("pk")[start : start + BATCH])
        for event in batch:
            words = f"{event.title} {event.organizer_name} {event.place_name}"
            event.trigram_key = sort_key(words)[:500]
        Event.objects.bulk_update(batch, ["trigram_key"])


class Migration(migrations.Migration):
    dependencies = [("events", "0003_first_slot_and_trigrams")]

    operations = [
        migrations.RunSQL(FIRST_SLOTS, migrations.RunSQL.noop),
        migrations.RunPython(fill_trigram_keys, migrations.RunPython.noop),
    ]
