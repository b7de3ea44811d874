from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizers", "0011_words_of_offices")]

    operations = [
        migrations.AddField(
            "invitation",
            "withdrawn_at",
            models.DateTimeField(blank=True, null=True, verbose_name="retirée le"),
        ),
        migrations.RemoveConstraint("invitation", "invitation_open_unique"),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                fields=("organization", "email"),
                name="invitation_open_unique",
                violation_error_message="Cette adresse a déjà une invitation.",
            ),
        ),
    ]
