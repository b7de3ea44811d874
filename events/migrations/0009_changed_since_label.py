from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0008_amendments")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="changed_since_label",
            field=models.BooleanField(default=False, verbose_name="modifié depuis le label"),
        ),
    ]
