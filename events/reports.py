"""A visitor says that something is wrong with a public event: a form, and the mail that the competent office gets."""

from datetime import datetime
from hashlib import sha256

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.urls import reverse

from events.models import Event
from organizers.models import Office, User
from semaine import outbox
from semaine.dates import today
from semaine.forms import PortalForm, TextField, required


class Problem(TextChoices):
    WRONG_FACTS = "erreur", "La date, l’heure ou l’adresse est fausse"
    NOT_HELD = "annule", "L’événement n’a pas lieu"
    REGISTRATION = "inscription", "Je n’arrive pas à m’inscrire"
    PAID = "payant", "On me demande de payer"
    CONTENT = "contenu", "Le texte est choquant ou trompeur"
    OTHER = "autre", "Autre chose"


class EmailField(TextField):
    def __init__(self, **kwargs):
        widget = forms.EmailInput({"autocomplete": "email"})
        super().__init__(max_length=254, widget=widget, **kwargs)

    def validate(self, value):
        super().validate(value)
        try:
            if value:
                validate_email(value)
        except ValidationError:
            raise ValidationError(
                f"« {value[:60]} » n’est pas une adresse électronique : écrivez-la comme prenom@exemple.fr."
            ) from None


class ReportForm(PortalForm):
    problem = forms.ChoiceField(
        label="Quel est le problème ?",
        choices=Problem.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "« %(value)s » n’est pas dans la liste : choisissez-y une réponse.",
        },
    )
    message = TextField(
        label="Expliquez-nous",
        max_length=2000,
        help_text="Par exemple : la visite est annoncée à 9 h, mais l’usine n’ouvre qu’à 10 h.",
        widget=forms.Textarea({"rows": 6, "autocomplete": "off"}),
        error_messages=required("Dites en une phrase ce qui ne va pas."),
    )
    email = EmailField(
        label="Votre courriel",
        required=False,
        help_text="Seulement si vous voulez une réponse. Il n’est donné qu’au service de l’État.",
    )
    # People do not see it; programs fill in whatever has a name.
    website = forms.CharField(required=False, widget=forms.TextInput({"tabindex": -1, "autocomplete": "off"}))

    @property
    def is_a_program(self) -> bool:
        return bool(self.data.get("website"))


@transaction.atomic
def send(event: Event, report: dict, at: datetime) -> int:
    """Write a visitor's report to the outbox, for who examines there; returns how many mails that makes.

    The mail is all that is kept of it. The same report sent twice on a day is one mail.
    """
    context = {
        "event": event,
        "problem": Problem(report["problem"]).label,
        "message": report["message"],
        "email": report["email"],
        "url": settings.SITE_URL + reverse("admin:events_event_examine", args=[event.pk]),
        "public_url": settings.SITE_URL + event.get_absolute_url(),
    }
    text = render_to_string("emails/report.txt", context)
    html = render_to_string("emails/report.html", context)
    found = recipients(event, at)
    for recipient in found:
        same = "\0".join([f"{today(at)}", f"{event.pk}", recipient, *map(str, report.values())])
        outbox.enqueue(
            recipient,
            f"Problème signalé : {event.title}"[:250],
            text,
            html=html,
            dedupe_key=f"report-{sha256(same.encode()).hexdigest()}",
            at=at,
        )
    return len(found)


def recipients(event: Event, at: datetime) -> list[str]:
    """Return the addresses of the nearest office that somebody reads: its contact, else its agents at work.

    Where no office up to the nation's has any, those who keep the site running.
    """
    for office in Office.objects.for_department(event.department):
        if found := [office.contact_email] if office.contact_email else office.addresses(at):
            return found
    keepers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return list(keepers.values_list("email", flat=True))
