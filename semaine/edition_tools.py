"""The buttons of an edition in the admin, each with a page that asks before it acts."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from semaine import editions
from semaine.frame import frame
from semaine.models import Edition


class Tool(NamedTuple):
    label: str
    question: str
    verb: object
    done: str


TOOLS = {
    "suivante": Tool(
        "Créer l’édition suivante",
        "L’édition suivante est créée sans être publiée : la même semaine de l’année, les mêmes jours autour, les "
        "semaines des territoires, et des propositions ouvertes deux mois avant.",
        editions.create_next,
        "L’édition {} est créée. Relisez ses dates, puis publiez-la.",
    ),
    "ouvrir": Tool(
        "Ouvrir les propositions",
        "Les organisateurs pourront envoyer leurs événements dès maintenant.",
        editions.open_submissions,
        "Les propositions de l’édition {} sont ouvertes.",
    ),
    "clore": Tool(
        "Clore les propositions",
        "Plus aucun événement ne pourra être envoyé. Ceux qui sont à compléter pourront encore l’être.",
        editions.close_submissions,
        "Les propositions de l’édition {} sont closes.",
    ),
    "publier": Tool(
        "Publier",
        "L’édition et ses événements labellisés seront visibles du public.",
        editions.publish,
        "L’édition {} est publiée.",
    ),
    "retirer": Tool(
        "Retirer de la publication",
        "L’édition et tous ses événements disparaîtront du site public. Rien n’est effacé : elle peut être publiée "
        "de nouveau.",
        editions.unpublish,
        "L’édition {} n’est plus publiée.",
    ),
}


class EditionTools:
    """For an edition's `ModelAdmin`: `<pk>/outils/<tool>/` asks, then does."""

    change_form_template = "admin/edition_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.tool_view)
        return [path("<int:pk>/outils/<str:name>/", view, name="edition_tool"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"tools": TOOLS, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def tool_view(self, request, pk, name):
        edition, tool = self._asked(request, pk, name)
        if request.method != "POST":
            return self._ask(request, edition, tool)
        try:
            after = tool.verb(edition, by=request.user, at=timezone.now())
        except editions.EditionError as error:
            return self._ask(request, edition, tool, error.messages)
        messages.success(request, tool.done.format(after))
        return redirect("admin:semaine_edition_change", after.pk)

    def _asked(self, request, pk, name) -> tuple[Edition, Tool]:
        if name not in TOOLS:
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Edition, pk=pk), TOOLS[name]

    def _ask(self, request, edition, tool, errors=()):
        context = frame(request) | {
            "title": f"{tool.label} : édition {edition}",
            "edition": edition,
            "tool": tool,
            "errors": errors,
        }
        return render(request, "admin/edition_tool.html", context)
