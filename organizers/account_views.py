from allauth.account.models import EmailAddress
from allauth.account.views import ConfirmEmailView
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from organizers.access import signed_in
from organizers.account_forms import FirstPasswordForm, ProfileForm


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


@method_decorator(sensitive_post_parameters("password1", "password2"), name="dispatch")
class ConfirmEmail(ConfirmEmailView):
    """Where the link of a mail leads: whoever holds it proves the address; a new account may have a password there."""

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = self._form(request.POST)
        if form and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        if form:
            form.save()
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return {"form": self._form() if self.object else None} | super().get_context_data(**kwargs)

    def _form(self, data=None) -> FirstPasswordForm | None:
        person = self.object.email_address.user
        is_new = not EmailAddress.objects.filter(user=person, verified=True).exists()
        return FirstPasswordForm(data, user=person) if is_new and not person.has_usable_password() else None


confirm_email = ConfirmEmail.as_view()
