"""The forms about who is in an organization."""

from django import forms
from django.core.validators import EmailValidator

from organizers.enums import MembershipRole
from semaine.forms import PortalForm, TextField, required

NOT_AN_EMAIL = "« %(value)s » n’est pas une adresse électronique : écrivez-la comme prenom.nom@exemple.fr."


class RoleForm(PortalForm):
    role = forms.ChoiceField(
        label="Rôle",
        choices=MembershipRole.choices,
        widget=forms.RadioSelect,
        initial=MembershipRole.EDITOR,
        help_text="Un rédacteur prépare les événements. Un responsable gère aussi les membres et la fiche.",
        error_messages={
            "required": "Choisissez un rôle.",
            "invalid_choice": "« %(value)s » n’est pas dans la liste : choisissez-y un rôle.",
        },
    )


class InvitationForm(RoleForm):
    email = TextField(
        label="Adresse électronique",
        max_length=254,
        help_text="Par exemple prenom.nom@exemple.fr.",
        error_messages=required("Écrivez l’adresse de la personne que vous invitez."),
        validators=[EmailValidator(NOT_AN_EMAIL)],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["email", "role"]


class JoinForm(PortalForm):
    message = TextField(
        label="Message aux responsables",
        max_length=500,
        required=False,
        help_text="Dites qui vous êtes, par exemple : Camille Roux, service formation.",
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
    )
