from django.db import migrations

from organizers.names import name_key

BATCH = 500


def fill(apps, schema_editor):
    Organization = apps.get_model("organizers", "Organization")
    rows = Organization.objects.only("name").order_by("pk")
    for start in range(0, rows.count(), BATCH):
        batch = list(rows[start : start + BATCH])
        for organization in batch:
            organization.name_key = name_key(organization.name)
        Organization.objects.bulk_update(batch, ["name_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("organizers", "0004_name_keys"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
