import django.contrib.postgres.indexes
from django.db import migrations, models

import semaine.models


class Migration(migrations.Migration):
    dependencies = [
        ("semaine", "0002_frame"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="commune",
            index=django.contrib.postgres.indexes.GinIndex(
                semaine.models.PostalWords("postal_codes"), name="commune_postal_words"
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["place_key"], name="commune_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="commune",
            index=models.Index(
                models.OrderBy(models.F("population"), descending=True),
                models.F("code"),
                condition=models.Q(("parent", None)),
                name="commune_largest",
            ),
        ),
    ]
