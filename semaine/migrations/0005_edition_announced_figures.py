from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("semaine", "0004_department_neighbours")]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="announced_events",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="événements annoncés"),
        ),
        migrations.AddField(
            model_name="edition",
            name="announced_participants",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="participants annoncés"),
        ),
        migrations.AddField(
            model_name="edition",
            name="announced_note",
            field=models.CharField(blank=True, max_length=200, verbose_name="précision sur ces chiffres"),
        ),
    ]
