import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizers", "0007_daily_digest")]

    operations = [
        migrations.CreateModel(
            name="LogLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signed_in", "Connexion"),
                            ("sign_in_failed", "Connexion refusée"),
                            ("factor_used", "Second facteur donné"),
                            ("factor_failed", "Second facteur refusé"),
                            ("factor_added", "Second facteur ajouté"),
                            ("factor_removed", "Second facteur retiré"),
                            ("agent_added", "Agent ajouté à un service"),
                            ("agent_suspended", "Agent mis en retrait d’un service"),
                            ("agent_back", "Agent de retour dans un service"),
                            ("staff_given", "Accès à l’examen donné"),
                            ("staff_taken", "Accès à l’examen retiré"),
                            ("account_opened", "Compte rouvert"),
                            ("account_closed", "Compte fermé"),
                            ("invited", "Invitation envoyée"),
                            ("invitation_withdrawn", "Invitation retirée"),
                        ],
                        max_length=20,
                        verbose_name="quoi",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=100, verbose_name="détail")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log_lines_by",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizers.office",
                        verbose_name="service",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log_lines",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="compte",
                    ),
                ),
            ],
            options={
                "verbose_name": "ligne du journal",
                "verbose_name_plural": "journal des accès",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(models.F("at"), models.F("id"), name="log_line_at")],
            },
        ),
    ]
