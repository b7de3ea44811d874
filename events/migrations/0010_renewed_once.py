from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0009_changed_since_label")]

    operations = [
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(
                condition=models.Q(("renewed_from__isnull", False)),
                fields=("renewed_from", "edition"),
                name="event_renewed_once",
                violation_error_message="Cet événement est déjà reconduit dans cette édition.",
            ),
        ),
    ]
