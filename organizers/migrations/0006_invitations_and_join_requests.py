import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizers", "0005_fill_name_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="adresse électronique")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Responsable"), ("editor", "Rédacteur")],
                        max_length=10,
                        verbose_name="rôle",
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="envoyée le")),
                ("expires_at", models.DateTimeField(verbose_name="valable jusqu’au")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="acceptée le")),
            ],
            options={
                "verbose_name": "invitation",
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=500, verbose_name="message")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "En attente"), ("accepted", "Acceptée"), ("refused", "Refusée")],
                        default="pending",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="envoyée le")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="répondue le")),
            ],
            options={
                "verbose_name": "demande pour rejoindre",
                "verbose_name_plural": "demandes pour rejoindre",
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="organizers.organization",
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="join_requests",
                to="organizers.organization",
            ),
        ),
        migrations.AddField(
            model_name="joinrequest",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="join_requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None)),
                fields=("organization", "email"),
                name="invitation_open_unique",
                violation_error_message="Cette adresse a déjà une invitation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("accepted_by", None)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_accepted_by_somebody",
                violation_error_message="Une invitation acceptée l’est par quelqu’un, à une date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("created_at__lt", models.F("expires_at"))),
                name="invitation_expires_later",
                violation_error_message="Une invitation expire après son envoi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("user", "organization"),
                name="join_request_open_unique",
                violation_error_message="Cette personne a déjà demandé à rejoindre l’organisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="joinrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("state", "pending")),
                    models.Q(
                        models.Q(("state", "pending"), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="join_request_answered",
                violation_error_message="Une demande qui a sa réponse en porte l’auteur et la date, une autre non.",
            ),
        ),
    ]
