from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizers", "0006_invitations_and_join_requests")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="wants_digest",
            field=models.BooleanField(default=True, verbose_name="résumé du matin"),
        ),
    ]
