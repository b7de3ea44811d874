from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizers", "0002_partners"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="address",
            field=models.CharField(blank=True, max_length=200, verbose_name="adresse"),
        ),
        migrations.AddField(
            model_name="organization",
            name="naf_2025",
            field=models.CharField(blank=True, max_length=6, verbose_name="code NAF 2025"),
        ),
        migrations.AddField(
            model_name="organization",
            name="naf_rev2",
            field=models.CharField(blank=True, max_length=6, verbose_name="code NAF rév. 2"),
        ),
        migrations.AddField(
            model_name="organization",
            name="postal_code",
            field=models.CharField(blank=True, max_length=5, verbose_name="code postal"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("postal_code", ""), ("postal_code__regex", "^\\d{5}$"), _connector="OR"),
                name="organization_postal_code_digits",
                violation_error_message="Le code postal compte 5 chiffres.",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("naf_rev2", ""), ("naf_rev2__regex", "^\\d{2}\\.\\d{2}[A-Z]$"), _connector="OR"
                    ),
                    models.Q(
                        ("naf_2025", ""), ("naf_2025__regex", "^\\d{2}\\.\\d{2}[A-Z]$"), _connector="OR"
                    ),
                ),
                name="organization_naf_shape",
                violation_error_message="Un code NAF s’écrit comme 24.51Z.",
            ),
        ),
    ]
