"""The snapshots of figures, in the admin: the national team takes one; nobody changes or deletes it."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from events import figures_kept
from events.models import FiguresSnapshot
from semaine.admin import ForTheNation, OrNotFound
from semaine.models import Edition


class SnapshotForm(forms.ModelForm):
    edition = forms.ModelChoiceField(
        Edition.objects.published(),
        label="Édition",
        help_text="Ses chiffres de maintenant sont gardés et publiés. Rien ne pourra les changer.",
        error_messages={
            "required": "Édition : choisissez l’édition dont garder les chiffres.",
            "invalid_choice": "Édition : elle n’est pas publiée. Choisissez-en une dans la liste.",
        },
    )

    class Meta:
        model = FiguresSnapshot
        fields = ["edition"]


class SnapshotAdmin(OrNotFound, ForTheNation, admin.ModelAdmin):
    form = SnapshotForm
    list_display = ["edition", "taken_at", "by"]
    list_filter = ["edition"]
    list_select_related = ["edition", "by"]
    readonly_fields = ["taken_at", "definition", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("figures")

    def get_fields(self, request, obj=None):
        return ["edition", *self.readonly_fields] if obj else ["edition"]

    def save_model(self, request, obj, form, change):
        taken = figures_kept.take(form.cleaned_data["edition"], by=request.user, at=timezone.now())
        obj.pk, obj.taken_on = taken.pk, taken.taken_on

    def log_addition(self, request, obj, message):
        """Logged with the snapshot."""

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
