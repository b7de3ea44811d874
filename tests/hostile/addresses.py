"""Every address of the site, and who goes there: those of the tables of who may go where, then what they leave out."""

from collections.abc import Iterator

from tests.events import test_admin_authorization as admin
from tests.events import test_authorization as site
from tests.hostile.site import STATUSES

# The person whose column of a table opens a page, those with the fewest rights first.
COLUMNS = {
    "anonymous": "visitor",
    "owner": "owner",
    "organizer": "owner",
    "referent": "agent",
    "department": "agent",
}
COLUMNS |= {"national": "nation", "nation": "nation"}
EVENTS = (*STATUSES, "cancelled", "amended", "edited", "over", "renewed")
# Who stands where no table says, and where.
DOORS = {
    "visitor": (
        "/compte/connexion/", "/compte/connexion/cle/", "/compte/connexion/code/", "/compte/inscription/",
        "/compte/mot-de-passe/", "/compte/inactif/", "/compte/verification/", "/compte/mot-de-passe/envoye/",
        "/compte/mot-de-passe/change/", "{confirm}", "/compte/proconnect/connexion/", "/compte/proconnect/retour/",
        "/compte/proconnect/deconnecte/", "/espace/invitation/{token}/", "/espace/invitation-agent/{agent_token}/",
        "/admin/login/", "/compte/verification/a:b:c/", "/compte/mot-de-passe/1-set-password/",
        "/evenements/2025/visite-de-la-fonderie/?creneau=1", "/chiffres/{snapshot}/", "/chiffres/{snapshot}.pdf",
        "/chiffres/{snapshot}/regions.csv", "/chiffres/2025-10-01/", "/ma-selection.ics?e={uid}",
        "/ma-selection/?e={uid}", "/organisateurs/fonderie/", "/sitemap-evenements.xml", "/oembed/",
        "/programme/?q=fonderie&pres=90010",
        "/programme.pdf?organisateur=fonderie", "/territoires/r27/d90.pdf", "/label/x/",
        "/api/v1/events/{labelled}", "/media/{picture}",
    ),
    "step": ("/compte/connexion/verification/", "/compte/connexion/cle/"),
    "twice": ("/compte/connexions/",),
    "coded": ("/compte/connexion/code/saisie/",),
    "resetting": ("{reset}",),
    "unproved": ("/compte/confirmer/", "/compte/supprimer/", "/compte/securite/application/"),
    "expired": ("/compte/confirmer/code/", "/compte/confirmer/cle/", "/compte/confirmer/"),
    "resuming": ("/admin/reprendre/",),
    "new": (
        "/espace/", "/espace/organisation/", "/espace/organisation/{slug}/rejoindre/", "/compte/securite/cles/ajouter/",
        "/espace/invitation/{token}/", "/espace/invitation-agent/{agent_token}/", "/compte/securite/application/",
        "/espace/organisation-nouvelle/?siret=55208131766522", "/espace/organisation-nouvelle/fiche/",
    ),
    "linked": ("/compte/", "/compte/proconnect/", "/compte/supprimer/", "/compte/proconnect/deconnexion/"),
    "passwordless": ("/compte/mot-de-passe/choisir/", "/compte/"),
    "owner": (
        *(f"/espace/evenements/{{{event}}}/{page}" for event in EVENTS for page in ("", "quoi/", "quand/", "envoyer/")),
        "/espace/evenements/{over}/bilan/", "/espace/evenements/{amended}/ou/", "/espace/evenements/{amended}/qui/",
        "/espace/evenements/{labelled}/annuler/", "/espace/evenements/{draft}/supprimer/", "/compte/deconnexion/",
        "/espace/import/{written}/", "/espace/import/{broken}/", "/espace/import/{stuck}/",
        "/compte/adresse/", "/compte/supprimer/", "/compte/securite/application/", "/espace/?statut=draft",
        "/espace/organisation/{slug}/quitter/", "/compte/connexions/",
    ),
    "agent": (
        *(f"/admin/events/event/{{{event}}}/examiner/" for event in (*EVENTS, "undone", "twin", "label")),
        "/admin/events/event/decider/?dossier={submitted}&dossier={twin}", "/admin/events/event/{event}/change/",
        "/admin/qualite/?departement=90&region=27&edition=2025", "/admin/logout/",
        "/admin/events/replytemplate/{reply}/history/",
        "/compte/securite/", "/compte/securite/application/",
        "/compte/securite/application/retirer/", "/compte/securite/codes/", "/compte/securite/codes/nouveaux/",
        "/compte/securite/codes/codes-de-secours.txt", "/compte/securite/cles/", "/compte/securite/cles/{key}/nom/",
        "/compte/securite/cles/{key}/retirer/", "/compte/supprimer/",
        "/admin/tableau-de-bord/liste/?departement=90&edition=2025&chiffre=&par=&valeur=",
        "/admin/tableau-de-bord/liste.csv?departement=90&edition=2025&chiffre=&par=&valeur=",
    ),
    "nation": (
        *(f"/admin/events/event/{{{event}}}/examiner/" for event in ("label", "labelled", "amended", "submitted")),
        *(f"/admin/semaine/edition/{{edition}}/outils/{tool}/" for tool in ("publier", "retirer", "suivante")),
        "/admin/events/featuredevent/?q=forge", "/admin/events/featuredevent/{featured}/history/",
        "/admin/events/organizermessage/{message}/history/", "/admin/events/term/add/?kind=format",
    ),
}  # fmt: skip


def everywhere() -> list[tuple[str, str]]:
    """Return (who, address) once each, in an order that does not change."""
    return list(dict.fromkeys(_everywhere()))


def _everywhere() -> Iterator[tuple[str, str]]:
    for table in (site.PUBLIC, site.PRIVATE, site.LABELLED, site.ADMIN):
        for address, row in table.items():
            yield (
                _who(site.NAMES, row),
                _named(address, "labelled" if table is site.LABELLED else "submitted"),
            )
    for address, row in admin.ADDRESSES.items():
        yield _who(admin.NAMES, row), address.replace("{member}", "{office_member}")
    for who, addresses in DOORS.items():
        yield from ((who, address) for address in addresses)


def _named(address: str, event: str) -> str:
    return address.replace("{pk}", f"{{{event}}}")


def _who(names: tuple[str, ...], row: tuple) -> str:
    """The first of them that the page opens to; else the organizer, or the nation in the admin."""
    answers = dict(zip(names, row, strict=True))
    opened = (COLUMNS[name] for name in COLUMNS if answers.get(name) == 200)
    return next(opened, "nation" if "nation" in answers or answers["owner"] == "in" else "owner")
