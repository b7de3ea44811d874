import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0015_decisions_by_time")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="points_to_check",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SlugField(),
                blank=True,
                default=list,
                size=None,
                verbose_name="points à vérifier",
            ),
        ),
    ]
