"""The national team writes to organizers: a draft, its preview with its number of readers, one sending."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from events.messages import MessageError, events_of, mail, recipients, send
from events.models import OrganizerMessage
from semaine.admin import ForTheNation, Searched
from semaine.forms import TextField
from semaine.frame import frame
from semaine.text import count

SHOWN = 10


class MessageForm(forms.ModelForm):
    subject = TextField(label="Objet", max_length=150)
    text = TextField(
        label="Message",
        max_length=5000,
        help_text="Sans mise en forme ; les adresses de sites deviennent des liens.",
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )


class SendForm(forms.Form):
    # How many people the preview named: the sending is for them and no others.
    expected = forms.IntegerField(widget=forms.HiddenInput)


@admin.register(OrganizerMessage)
class OrganizerMessageAdmin(Searched, ForTheNation, admin.ModelAdmin):
    form = MessageForm
    fields = ["edition", "stage", "region", "department", "subject", "text"]
    list_display = ["subject", "stage", "edition", "sent_at", "sent_to"]
    list_select_related = ["edition"]
    search_fields = ["subject"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/envoyer/", view, name="events_organizermessage_send"), *super().get_urls()]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_sent)

    has_delete_permission = has_change_permission

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by, obj.created_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:events_organizermessage_send", obj.pk)

    response_change = response_add

    def preview(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        message = get_object_or_404(OrganizerMessage.objects.select_related("edition"), pk=pk)
        if request.method == "POST" and _sent(request, message):
            return redirect("admin:events_organizermessage_changelist")
        return render(request, "events/message_preview.html", self._context(request, message))

    def _context(self, request, message) -> dict:
        at = timezone.now()
        people = recipients(message, at)
        number = people.count()
        return frame(request) | {
            "title": message.subject,
            "opts": self.opts,
            "message": message,
            "mail": mail(message),
            "number": number,
            "people": people[:SHOWN],
            "others": max(number - SHOWN, 0),
            "events": events_of(message, at).count(),
            "form": SendForm(initial={"expected": number}),
        }


def _sent(request, message) -> bool:
    """Send; where that may not be, say why."""
    form = SendForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Le nombre de destinataires manque : relisez l’aperçu, puis envoyez.")
        return False
    try:
        number = send(message, by=request.user, at=timezone.now(), **form.cleaned_data)
    except MessageError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, f"« {message.subject} » part à {count(number, 'personne')}.")
    return True
