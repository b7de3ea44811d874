from allauth.account import views as account
from django.urls import path, re_path

from organizers import joining_views as joining
from organizers import member_views as members
from organizers import organization_views as organizations
from organizers import views

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
        account.confirm_email,
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
    path("espace/organisation/<slug:slug>/quitter/", members.leave, name="organization_leave"),
    path("espace/organisation/<slug:slug>/rejoindre/", joining.join, name="organization_join"),
    path(
        "espace/organisation/<slug:slug>/demandes/<int:pk>/",
        joining.answer_request,
        name="organization_request",
    ),
    path("espace/invitations/<int:pk>/accepter/", joining.accept_invitation, name="invitation_accept"),
    path("espace/invitation/<str:token>/", joining.invitation, name="invitation"),
]
