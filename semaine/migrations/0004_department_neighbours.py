from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("semaine", "0003_commune_suggestions")]

    operations = [
        migrations.AddField(
            model_name="department",
            name="neighbours",
            field=models.ManyToManyField(blank=True, to="semaine.department", verbose_name="voisins"),
        ),
    ]
