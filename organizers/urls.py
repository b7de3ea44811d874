from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path
from django.views.generic import RedirectView

from organizers import account_views, proconnect_views, session_views, views
from organizers import factor_views as factor_pages
from organizers import joining_views as joining
from organizers import member_views as members
from organizers import organization_views as organizations
from organizers import token_views as tokens
from organizers.access import signed_in

# The pages of allauth that the portal has dressed; the names are those allauth looks for.
urlpatterns = [
    path("compte/connexion/", account.login, name="account_login"),
    path("compte/deconnexion/", account.logout, name="account_logout"),
    path("compte/inscription/", account.signup, name="account_signup"),
    path("compte/inactif/", account.account_inactive, name="account_inactive"),
    path(
        "compte/verification/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^compte/verification/(?P<key>[-:\w]+)/$",
        account_views.confirm_email,
        name="account_confirm_email",
    ),
    path("compte/mot-de-passe/", account.password_reset, name="account_reset_password"),
    path(
        "compte/mot-de-passe/envoye/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^compte/mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "compte/mot-de-passe/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("compte/connexion/code/", account.request_login_code, name="account_request_login_code"),
    path("compte/connexion/code/saisie/", account.confirm_login_code, name="account_confirm_login_code"),
    path("compte/connexion/cle/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("compte/connexion/verification/", factors.authenticate, name="mfa_authenticate"),
    path("compte/", account_views.account, name="account"),
    path("compte/connexions/", session_views.open_sessions, name="account_sessions"),
    path("compte/connexions/fermer/", session_views.end_others, name="account_sessions_end"),
    path("compte/connexions/<int:pk>/fermer/", session_views.end, name="account_session_end"),
    path("compte/adresse/", signed_in(account.email), name="account_email"),
    path("compte/mot-de-passe/changer/", signed_in(account.password_change), name="account_change_password"),
    path("compte/mot-de-passe/choisir/", signed_in(account.password_set), name="account_set_password"),
    path("compte/confirmer/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("compte/confirmer/code/", signed_in(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "compte/confirmer/cle/", signed_in(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("compte/securite/", signed_in(factor_pages.index), name="mfa_index"),
    path("compte/securite/cles/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("compte/securite/cles/ajouter/", signed_in(factor_pages.add_key), name="mfa_add_webauthn"),
    path("compte/securite/cles/<int:pk>/nom/", signed_in(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "compte/securite/cles/<int:pk>/retirer/", signed_in(keys.remove_webauthn), name="mfa_remove_webauthn"
    ),
    path("compte/securite/application/", signed_in(factor_pages.activate_app), name="mfa_activate_totp"),
    path("compte/securite/application/retirer/", signed_in(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("compte/securite/codes/", signed_in(factor_pages.codes), name="mfa_view_recovery_codes"),
    path(
        "compte/securite/codes/nouveaux/",
        signed_in(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/securite/codes/codes-de-secours.txt",
        signed_in(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("compte/proconnect/", proconnect_views.connections, name="socialaccount_connections"),
    path("compte/proconnect/connexion/", proconnect_views.login, name="proconnect_login"),
    path("compte/proconnect/retour/", proconnect_views.callback, name="proconnect_callback"),
    path("compte/proconnect/deconnexion/", proconnect_views.logout, name="proconnect_logout"),
    path("compte/proconnect/deconnecte/", proconnect_views.logged_out, name="proconnect_logged_out"),
    path("referents/", views.referents, name="referents"),
    path("espace/organisation/", organizations.organizations, name="organizations"),
    path("espace/organisation-nouvelle/", organizations.new, name="organization_new"),
    path("espace/organisation-nouvelle/fiche/", organizations.details, name="organization_details"),
    path("espace/organisation-nouvelle/siret.json", organizations.look_up, name="organization_look_up"),
    path("espace/organisation/<slug:slug>/", members.organization, name="organization"),
    path("espace/organisation/<slug:slug>/inviter/", members.invite, name="organization_invite"),
    path(
        "espace/organisation/<slug:slug>/invitations/<int:pk>/retirer/",
        members.withdraw_invitation,
        name="organization_invitation_withdraw",
    ),
    path("espace/organisation/<slug:slug>/membres/<int:pk>/", members.member, name="organization_member"),
    path(
        "espace/organisation/<slug:slug>/membres/<int:pk>/retirer/",
        members.remove,
        name="organization_member_remove",
    ),
    path("espace/organisation/<slug:slug>/jetons/", tokens.organization_tokens, name="organization_tokens"),
    path(
        "espace/organisation/<slug:slug>/jetons/<int:pk>/revoquer/",
        tokens.revoke,
        name="organization_token_revoke",
    ),
    path("espace/organisation/<slug:slug>/quitter/", members.leave, name="organization_leave"),
    path("espace/organisation/<slug:slug>/rejoindre/", joining.join, name="organization_join"),
    path(
        "espace/organisation/<slug:slug>/demandes/<int:pk>/",
        joining.answer_request,
        name="organization_request",
    ),
    path("espace/invitations/<int:pk>/accepter/", joining.accept_invitation, name="invitation_accept"),
    path("espace/invitation/<str:token>/", joining.invitation, name="invitation"),
    path("espace/invitation-agent/<str:token>/", joining.agent_invitation, name="agent_invitation"),
]
