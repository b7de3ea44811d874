from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from organizers.access import signed_in
from organizers.account_forms import ProfileForm


@signed_in
def account(request):
    """A person's own page: who they are, how they sign in, their data."""
    person = request.user
    form = ProfileForm(request.POST or None, initial={"name": person.name, "phone": person.phone})
    if request.method == "POST" and form.is_valid():
        form.save(person)
        messages.success(request, "Votre nom et votre téléphone sont enregistrés.")
        return redirect("account")
    context = {
        "form": form,
        "new_address": EmailAddress.objects.get_new(person),
        "keys": [each.wrap() for each in person.authenticator_set.filter(type=Authenticator.Type.WEBAUTHN)],
        "proconnect": settings.PROCONNECT_ISSUER and SocialAccount.objects.filter(user=person).exists(),
        "has_proconnect": bool(settings.PROCONNECT_ISSUER),
    }
    return render(request, "account/account.html", context)
