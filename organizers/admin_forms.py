"""The forms of the admin about agents: who stands in for whom, who is invited, whose factors are lost."""

from django import forms
from django.core.validators import EmailValidator

from organizers import permissions
from organizers.member_forms import NOT_AN_EMAIL
from organizers.models import Office, OfficeInvitation, OfficeMembership, User


class DayInput(forms.DateInput):
    """The browser's own calendar: Django's needs a script, and speaks of the server's time."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class AgentForm(forms.ModelForm):
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label="Suppléant",
        required=False,
        empty_label="Personne",
        help_text="Un agent du même service, ou de celui du dessus, qui examine pendant l’absence.",
        error_messages={"invalid_choice": "Suppléant : choisissez une personne de la liste."},
    )

    class Meta:
        model = OfficeMembership
        fields = ["is_active", "absent_from", "absent_until", "deputy"]
        widgets = {"absent_from": DayInput, "absent_until": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = User.objects.deputies(self.instance)


class AgentInvitationForm(forms.ModelForm):
    email = forms.CharField(
        label="Adresse électronique",
        max_length=254,
        validators=[EmailValidator(NOT_AN_EMAIL)],
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text="Un lien lui est envoyé : il vaut sept jours et sert une fois.",
        error_messages={"required": "Écrivez l’adresse de la personne, comme prenom.nom@exemple.fr."},
    )

    office = forms.ModelChoiceField(
        Office.objects.all(),
        label="Service",
        empty_label="Choisissez un service",
        error_messages={
            "required": "Choisissez le service où la personne examinera.",
            "invalid_choice": "Service : choisissez-en un dans la liste.",
        },
    )

    class Meta:
        model = OfficeInvitation
        fields = ["email", "office"]

    def clean(self):
        super().clean()
        email, office = self.cleaned_data.get("email"), self.cleaned_data.get("office")
        if email and office and not (answer := permissions.may_invite_agent(self.by, office, email)):
            raise forms.ValidationError(answer.reason)

    def validate_constraints(self):
        """An address that is invited twice has one invitation: the verb sees to it."""


class AccountForm(forms.ModelForm):
    forget_factors = forms.BooleanField(
        label="Retirer ses seconds facteurs",
        required=False,
        help_text="Si la personne a perdu son téléphone, sa clé et ses codes de secours. Assurez-vous que c’est "
        "bien elle qui le demande : elle en créera un autre à sa prochaine connexion.",
    )

    class Meta:
        model = User
        fields = ["name", "phone", "is_staff", "is_active"]
