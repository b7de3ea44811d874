"""What a person may do with all that the portal knows of them; the rest of the account is in `organizers`."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from events.contacts import erase_account
from events.permissions import may_delete_account
from events.personal_data import personal_data
from organizers.access import signed_in
from organizers.erasure import StillNeeded


@require_safe
@signed_in
def data(request):
    answer = JsonResponse(
        personal_data(request.user, at=timezone.now()),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@reauthentication_required
def delete(request):
    if request.method == "POST" and _erased(request.user):
        get_adapter().logout(request)
        messages.success(request, "Votre compte est supprimé.")
        return redirect("account_login")
    status = 409 if request.method == "POST" else 200
    context = {"allowed": may_delete_account(request.user)}
    return render(request, "account/delete.html", context, status=status)


def _erased(person) -> bool:
    try:
        erase_account(person, at=timezone.now())
    except StillNeeded:
        return False
    return True
