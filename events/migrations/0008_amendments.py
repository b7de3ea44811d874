import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("open", "En attente"),
    ("accepted", "Acceptée"),
    ("refused", "Refusée"),
    ("dropped", "Abandonnée"),
    ("closed", "Sans suite"),
]
TRANSITIONS = [
    ("submit", "Envoi"),
    ("take_back", "Reprise de l’examen"),
    ("request_changes", "Demande de compléments"),
    ("label", "Label accordé"),
    ("refuse", "Refus"),
    ("withdraw", "Retrait du label"),
    ("reinstate", "Remise à l’examen"),
    ("cancel", "Annulation"),
    ("reopen", "Rétablissement"),
    ("delete", "Suppression"),
    ("edit", "Modification"),
    ("see", "Modification vue"),
    ("amend", "Modification proposée"),
    ("accept_amendment", "Modification acceptée"),
    ("refuse_amendment", "Modification refusée"),
    ("drop_amendment", "Modification abandonnée"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_attendance_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="transition",
            field=models.CharField(choices=TRANSITIONS, max_length=20, verbose_name="décision"),
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("changes", models.JSONField(verbose_name="changements")),
                ("base_version", models.PositiveIntegerField(verbose_name="version de l’événement")),
                (
                    "state",
                    models.CharField(choices=STATES, default="open", max_length=10, verbose_name="état"),
                ),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="events.decision",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "modification proposée",
                "verbose_name_plural": "modifications proposées",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("event",),
                        name="amendment_one_open",
                        violation_error_message=(
                            "Une modification attend déjà une réponse pour cet événement."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decision__isnull", False)),
                            _connector="OR",
                        ),
                        name="amendment_closed_by_decision",
                        violation_error_message=("Une modification close nomme la décision qui l’a close."),
                    ),
                ],
            },
        ),
    ]
