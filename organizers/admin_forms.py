"""The forms of the admin about agents: who stands in for whom, who is invited, whose factors are lost."""

from django import forms
from django.core.validators import EmailValidator

from organizers import permissions
from organizers.member_forms import NOT_AN_EMAIL
from organizers.models import OfficeInvitation, OfficeMembership, User


class AgentForm(forms.ModelForm):
    class Meta:
        model = OfficeMembership
        fields = ["is_active", "absent_from", "absent_until", "deputy"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        deputy = self.fields["deputy"]
        deputy.queryset = User.objects.deputies(self.instance)
        deputy.empty_label = "Personne"
        deputy.help_text = "Un agent du même service, ou de celui du dessus, qui examine pendant l’absence."
        deputy.error_messages["invalid_choice"] = "Choisissez une personne de la liste."


class AgentInvitationForm(forms.ModelForm):
    email = forms.CharField(
        label="Adresse électronique",
        max_length=254,
        validators=[EmailValidator(NOT_AN_EMAIL)],
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text="Un lien lui est envoyé : il vaut sept jours et sert une fois.",
        error_messages={"required": "Écrivez l’adresse de la personne, comme prenom.nom@exemple.fr."},
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
