"""Two organizations side by side, inside the admin: what each has, what would move, and a button to keep one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from events import organization_merging
from events.models import Event
from events.transitions import WorkflowError
from events.views.dashboard import check_agent
from organizers.models import FormerOrganization, Organization
from semaine.frame import frame
from semaine.text import NBSP

DONE = f"C’est fait{NBSP}: « {{}} » est regroupée avec « {{}} ». Les responsables sont prévenus par courriel."
ALREADY = (
    "Ces deux organisations viennent d’être regroupées par quelqu’un d’autre : il n’y a plus rien à faire."
)
CHOOSE = "Choisissez l’organisation à garder, par un des deux boutons."


def compare(request, pk, other):
    """Show what both have; a button keeps one of them."""
    check_agent(request)
    if request.method == "POST" and FormerOrganization.objects.filter(number__in=[pk, other]).exists():
        messages.error(request, ALREADY)
        return redirect("quality")
    pair = [_found(request, each) for each in (pk, other)]
    error = ""
    if request.method == "POST" and not (error := _merged(request, pair)):
        return redirect("quality")
    sides = [_side(request, *each) for each in (pair, pair[::-1])]
    context = {"title": "Deux organisations côte à côte", "sides": sides, "error": error}
    return render(request, "events/organization_merge.html", frame(request) | context)


def _merged(request, pair: list[Organization]) -> str:
    """Merge one into the one to keep; return the reason where it may not be."""
    kept = next((each for each in pair if f"{each.pk}" == request.POST.get("keep")), None)
    if kept is None:
        return CHOOSE
    [gone] = [each for each in pair if each is not kept] or [kept]
    try:
        organization_merging.merge(gone, into=kept, by=request.user, at=timezone.now())
    except WorkflowError as error:
        return error.message
    messages.success(request, DONE.format(gone, kept))
    return ""


def _side(request, kept: Organization, gone: Organization) -> dict:
    """Return an organization, with what would move to it from the other, or why it may not."""
    owners = kept.memberships.owners().select_related("user").order_by("user__name", "pk")
    return {
        "kept": kept,
        "gone": gone,
        "owners": [each.user for each in owners],
        "stages": organization_merging.stages(kept),
        "has": organization_merging.what_moves(kept),
        "moves": organization_merging.what_moves(gone),
        "renamed": organization_merging.renamed_words(gone, kept),
        "why_not": organization_merging.why_not(gone, kept, by=request.user),
    }


def _found(request, pk: int) -> Organization:
    """Return an organization that sent something which this agent may examine."""
    within = Event.objects.examinable_by(request.user).organizations()
    return get_object_or_404(within.select_related("headquarters__department"), pk=pk)
