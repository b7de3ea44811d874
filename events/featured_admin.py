"""The events that the national team shows first on the home page, named by their label."""

from django import forms
from django.core.exceptions import ValidationError

from events.models import Event, FeaturedEvent
from semaine.admin import PublicAdmin
from semaine.forms import TextField


class FeaturedForm(forms.ModelForm):
    number = TextField(
        label="Numéro de label",
        max_length=20,
        help_text="Celui d’un événement au programme, par exemple SI-2026-46-0007. Il quitte la une avec son label.",
    )

    class Meta:
        model = FeaturedEvent
        fields = ["position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["number"] = self.instance.event.label_number

    def clean_number(self):
        number = self.cleaned_data["number"].strip().upper()
        event = Event.objects.taking_place().filter(label_number=number).first()
        if event is None:
            raise ValidationError(
                f"Numéro de label : « {number} » n’est pas celui d’un événement au programme. Vérifiez-le sur sa page."
            )
        if FeaturedEvent.objects.filter(event=event).exclude(pk=self.instance.pk).exists():
            raise ValidationError(
                f"Numéro de label : « {number} » est déjà à la une. Changez plutôt son rang."
            )
        self.instance.event = event
        return number


class FeaturedAdmin(PublicAdmin):
    form = FeaturedForm
    fields = ["number", "position"]
    list_display = ["__str__", "position", "label_number"]
    list_select_related = ["event"]

    def label_number(self, featured):
        return featured.event.label_number

    label_number.short_description = "numéro de label"
