from django.db import migrations


def create_row(apps, schema_editor):
    apps.get_model("semaine", "SiteRevision").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("semaine", "0002_frame")]

    operations = [migrations.RunPython(create_row, migrations.RunPython.noop)]
