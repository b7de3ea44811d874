"""Where allauth's pages of the second factor are not enough: what is set up has been used, and leads onward."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.utils import timezone

from organizers import second_factor


class UsedAtOnce:
    """To add a factor, one shows it: allauth checks its answer, but does not write that it was used.

    An account that has a factor already cannot come here without it: see `AccountAdapter`.
    """

    def form_valid(self, form):
        response = super().form_valid(form)
        factors = Authenticator.objects.filter(user=self.request.user)
        newest = factors.exclude(type=Authenticator.Type.RECOVERY_CODES).latest("pk")
        post_authentication(self.request, newest)
        return response


class ActivateApp(UsedAtOnce, ActivateTOTPView):
    pass


class AddKey(UsedAtOnce, AddWebAuthnView):
    pass


class LeadsOnward:
    def get_context_data(self, **kwargs):
        onward = second_factor.onward(self.request, timezone.now())
        return super().get_context_data(**kwargs) | {"onward": onward}


class Index(LeadsOnward, IndexView):
    pass


class Codes(LeadsOnward, ViewRecoveryCodesView):
    pass


activate_app, add_key = ActivateApp.as_view(), AddKey.as_view()
index, codes = Index.as_view(), Codes.as_view()
