from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("semaine", "0007_erasures"),
    ]

    operations = [
        migrations.AddField(
            model_name="siterevision",
            name="structure",
            # The version before this one makes the row without naming it.
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
