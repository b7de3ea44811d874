import django.contrib.postgres.indexes
from django.db import migrations

import organizers.names


class Migration(migrations.Migration):
    dependencies = [
        ("organizers", "0003_seat_and_activity"),
        ("semaine", "0001_extensions"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="name_key",
            field=organizers.names.NameKeyField(blank=True, default="", editable=False, max_length=120),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_key"], name="organization_names", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
