"""What people answer: which file, then what to do with it."""

from django import forms

from events.imports import reading
from events.imports.limits import MOST_BYTES, Refused
from organizers.models import Organization
from semaine.forms import PortalForm, required
from semaine.text import count

TOO_BIG = "Ce fichier pèse plus de 10 Mo : partagez-le en plusieurs fichiers."
RIGHT, ALL = "juste", "tout"
ALREADY_SENT = (
    "Un événement déjà envoyé ne redevient pas un brouillon : sa mise à jour est écrite aussitôt, ou proposée au "
    "référent s’il est labellisé."
)
KEEP, SEND = "brouillon", "envoyer"


class UploadForm(PortalForm):
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label="Organisation",
        empty_label=None,
        to_field_name="slug",
        error_messages={
            "invalid_choice": "Choisissez une organisation de la liste.",
            "required": "Choisissez une organisation.",
        },
    )
    file = forms.FileField(
        label="Votre fichier",
        help_text="Excel (.xlsx), CSV, ou export JSON d’OpenAgenda ou de France Travail ; 5 000 lignes et 10 Mo au "
        "plus.",
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,.csv,.tsv,.txt,.json"}),
        error_messages=required("Choisissez un fichier.") | {"invalid": "Choisissez un fichier."},
    )

    def __init__(self, data=None, files=None, *, organizations):
        super().__init__(data, files)
        self.fields["organization"].queryset = organizations
        if len(organizations) == 1:
            self.fields["organization"].widget = forms.HiddenInput()
            self.fields["organization"].initial = organizations[0].slug

    def clean_file(self):
        """Return the bytes of the file; what it is not is said at once, its lines are read later."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        self.file_name = file.name[-100:]
        content = file.read()
        try:
            self.format = reading.format_of(content)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return content


def _what_stays(incomplete: int) -> str:
    if not incomplete:
        return ""
    return f"{count(incomplete, 'ligne reste', 'lignes restent')} en brouillon : à compléter avant l’envoi."


class DecisionForm(PortalForm):
    """`why_not_…`: the reasons why an answer is not possible.

    `incomplete`: how many lines cannot be sent; `changed_here`: how many would overwrite what was written on the site.
    """

    what = forms.ChoiceField(
        label="Que faut-il importer ?",
        widget=forms.RadioSelect,
        choices=[
            (RIGHT, "Les lignes prêtes ou à compléter ; celles à corriger sont laissées de côté"),
            (ALL, "Tout ou rien : si une ligne ne passe pas, aucune n’est importée"),
        ],
        initial=RIGHT,
        error_messages=required("Dites ce qu’il faut importer.")
        | {"invalid_choice": "Choisissez une réponse de la liste."},
    )
    then = forms.ChoiceField(
        label="Que deviennent les événements ?",
        widget=forms.RadioSelect,
        choices=[
            (KEEP, "Les garder en brouillons : vous les relirez avant de les envoyer"),
            (SEND, "Envoyer tout de suite au référent ceux qui sont prêts"),
        ],
        initial=KEEP,
        error_messages=required("Dites ce que deviennent les événements.")
        | {"invalid_choice": "Choisissez une réponse de la liste."},
    )

    replaces = forms.BooleanField(
        label="Remplacer aussi ce qui a été modifié sur le site",
        required=False,
        widget=forms.CheckboxInput,
    )

    def __init__(
        self,
        data=None,
        *,
        why_not_all: str = "",
        why_not_send: str = "",
        incomplete: int = 0,
        changed_here: int = 0,
    ):
        super().__init__(data)
        self.why_not = {ALL: why_not_all, SEND: why_not_send}
        self.fields["what"].help_text = why_not_all
        told = [why_not_send or _what_stays(incomplete), ALREADY_SENT]
        self.fields["then"].help_text = " ".join(filter(None, told))
        if changed_here:
            events = count(changed_here, "événement modifié", "événements modifiés")
            self.fields[
                "replaces"
            ].help_text = f"{events} depuis l’import : sans cette case, rien n’y change."
        else:
            del self.fields["replaces"]

    def clean_what(self):
        return self._possible("what")

    def clean_then(self):
        return self._possible("then")

    def _possible(self, name: str) -> str:
        answer = self.cleaned_data[name]
        if reason := self.why_not.get(answer):
            raise forms.ValidationError(reason)
        return answer
