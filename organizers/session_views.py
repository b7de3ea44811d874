"""Where a person is signed in, and how they sign out there from here."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from organizers import sessions
from organizers.access import signed_in
from semaine.text import NBSP, count


@signed_in
@require_safe
def open_sessions(request):
    context = {
        "connections": sessions.connections(request.user, here=request.session.session_key, at=timezone.now())
    }
    return render(request, "account/sessions.html", context)


@signed_in
@require_POST
def end(request, pk):
    """Sign out of one device."""
    mine = get_object_or_404(request.user.open_sessions, pk=pk)
    sessions.end(request.user.open_sessions.filter(pk=mine.pk))
    messages.success(request, f"Connexion fermée{NBSP}: {mine.device}.")
    return redirect("account_sessions")


@signed_in
@require_POST
def end_others(request):
    """Sign out everywhere but here."""
    number = sessions.end(request.user.open_sessions.exclude(session=request.session.session_key))
    messages.success(request, f"{count(number, 'connexion fermée', 'connexions fermées')}.")
    return redirect("account_sessions")
