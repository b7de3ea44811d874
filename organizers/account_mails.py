"""The words of the mails about an account; all are built alike, with one action or one code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`link`: the name, in allauth's context, of the address to open."""

    subject: str
    sentence: str
    action: str = ""
    link: str = ""
    otherwise: str = ""


NOTHING_ASKED = "Si vous n’avez rien demandé, ne faites rien"
NOT_YOU = "Ce n’était pas vous ? Changez votre mot de passe et vérifiez vos clés dans « Mon compte »."
# By the names that allauth gives its mails.
MAILS = {
    "account/email/email_confirmation_signup": Words(
        "Activez votre compte",
        "Vous avez demandé un compte.",
        "Activer mon compte",
        "activate_url",
        f"{NOTHING_ASKED} : le compte restera inactif.",
    ),
    "account/email/email_confirmation": Words(
        "Confirmez votre adresse électronique",
        "Confirmez que cette adresse est la vôtre.",
        "Confirmer mon adresse",
        "activate_url",
        f"{NOTHING_ASKED} : l’adresse ne sera liée à aucun compte.",
    ),
    "account/email/account_already_exists": Words(
        "Vous avez déjà un compte",
        "Quelqu’un, vous peut-être, a voulu créer un compte avec cette adresse. Vous en avez déjà un.",
        "Choisir un nouveau mot de passe, si vous l’avez oublié",
        "password_reset_url",
    ),
    "account/email/unknown_account": Words(
        "Aucun compte à cette adresse",
        "Quelqu’un, vous peut-être, a voulu se connecter ou changer de mot de passe avec cette adresse. "
        "Elle n’a pas de compte.",
        "Créer un compte",
        "signup_url",
    ),
    "account/email/password_reset_key": Words(
        "Choisissez un nouveau mot de passe",
        "Vous avez demandé un nouveau mot de passe.",
        "Choisir un nouveau mot de passe",
        "password_reset_url",
        f"{NOTHING_ASKED} : votre mot de passe ne change pas.",
    ),
    "account/email/login_code": Words(
        "Votre code de connexion",
        "Écrivez ce code dans la page où vous l’avez demandé. Il sert une fois, pendant quinze minutes.",
        otherwise=f"{NOTHING_ASKED} et ne donnez ce code à personne : nous ne le demandons jamais.",
    ),
    "account/email/email_changed": Words(
        "Votre adresse a changé",
        "Votre compte a une nouvelle adresse électronique. Celle-ci ne sert plus à vous connecter.",
        otherwise="Ce n’était pas vous ? Écrivez vite au référent de votre territoire.",
    ),
    "account/email/email_deleted": Words(
        "Changement d’adresse abandonné",
        "Le changement d’adresse de votre compte est abandonné. Votre adresse reste la même.",
        otherwise=NOT_YOU,
    ),
    "account/email/password_changed": Words(
        "Votre mot de passe a changé", "Le mot de passe de votre compte a changé.", otherwise=NOT_YOU
    ),
    "account/email/password_reset": Words(
        "Votre mot de passe a changé", "Le mot de passe de votre compte a changé.", otherwise=NOT_YOU
    ),
    "account/email/password_set": Words(
        "Votre compte a un mot de passe", "Un mot de passe est choisi pour votre compte.", otherwise=NOT_YOU
    ),
    "mfa/email/webauthn_added": Words(
        "Une clé d’accès est ajoutée", "Une clé d’accès est ajoutée à votre compte.", otherwise=NOT_YOU
    ),
    "mfa/email/webauthn_removed": Words(
        "Une clé d’accès est retirée", "Une clé d’accès est retirée de votre compte.", otherwise=NOT_YOU
    ),
    "mfa/email/totp_activated": Words(
        "Codes d’une application activés",
        "Votre compte demande désormais le code d’une application.",
        otherwise=NOT_YOU,
    ),
    "mfa/email/totp_deactivated": Words(
        "Codes d’une application désactivés",
        "Votre compte ne demande plus le code d’une application.",
        otherwise=NOT_YOU,
    ),
    "mfa/email/recovery_codes_generated": Words(
        "Nouveaux codes de secours",
        "Votre compte a de nouveaux codes de secours. Les anciens ne servent plus.",
        otherwise=NOT_YOU,
    ),
    "socialaccount/email/account_connected": Words(
        "ProConnect est relié à votre compte",
        "Vous pouvez vous connecter à votre compte avec ProConnect.",
        otherwise=NOT_YOU,
    ),
    "socialaccount/email/account_disconnected": Words(
        "ProConnect n’est plus relié à votre compte",
        "Votre compte ne s’ouvre plus avec ProConnect.",
        otherwise=NOT_YOU,
    ),
}
# These say nothing that is needed: no code, no link of one's own.
ANYBODY_ASKS = {"account/email/account_already_exists", "account/email/unknown_account"}
