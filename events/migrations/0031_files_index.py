"""The referents' queue counts from its index: with these columns beside the key, no row has to be read."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("events", "0030_possible_twins")]

    operations = [
        AddIndexConcurrently(
            model_name="event",
            index=models.Index(
                fields=["department", "due_on"],
                include=(
                    "id",
                    "status",
                    "format_code",
                    "handed_to",
                    "changed_since_label",
                    "points_to_check",
                ),
                condition=models.Q(("submitted_at__isnull", False)),
                name="event_files",
            ),
        ),
        RemoveIndexConcurrently(model_name="event", name="event_queue"),
    ]
