"""The register of what is done with personal data (GDPR, article 30), in one list that the public page shows too.

Each application adds its own entries (`REGISTER` in the settings). What it names of the models is checked by a test:
no column that may hold something of a person is in no entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string

MISSION = "Mission d’intérêt public (article 6.1.e du RGPD)."
# What only the operator knows, by the name under which the texts speak of it, and the setting that says it.
SAID_BY_OPERATOR = {"retention": "OPERATOR_RETENTION", "log_retention": "OPERATOR_LOG_RETENTION"}


@dataclass(frozen=True)
class Processing:
    """One purpose. All but `holds` are French words, for the page; {retention} stands for what the operator says.

    `title`: whom it concerns, as a heading. `holds`: the columns, by model ("events.Event"). `see`: the name of an
    address that tells more, and its words.
    """

    title: str
    kept: str
    why: str
    after: str
    recipients: str
    basis: str = MISSION
    holds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    see: tuple[str, str] = ()

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [
            ("Ce que nous gardons", self.kept),
            ("Pourquoi", self.why),
            ("Base légale", self.basis),
            ("Combien de temps", self.after),
            ("Qui les reçoit", self.recipients),
        ]

    def said(self, known: dict[str, str]) -> "list[tuple[str, str]]":
        """Return its facts as (label, text), with what the operator says."""
        return [(label, text.format(**known)) for label, text in self.facts]


def processings() -> Iterator[Processing]:
    for name in settings.REGISTER:
        yield from import_string(name)


def on_page(missing: str) -> list[dict]:
    """Return what the public page shows; `missing` stands for what the operator has not said."""
    known = {name: settings.OPERATOR[name] or missing for name in SAID_BY_OPERATOR}
    return [{"title": each.title, "facts": each.said(known), "see": each.see} for each in processings()]


def document() -> str:
    """Return the register as Markdown, whoever operates the site."""
    known = {
        name: f"durée fixée par l’exploitant (`{setting}`)" for name, setting in SAID_BY_OPERATOR.items()
    }
    parts = ["# Registre des traitements", INTRODUCTION]
    for each in processings():
        rows = [f"- **{label}** : {text}" for label, text in each.said(known)]
        columns = [f"`{model}` ({', '.join(names)})" for model, names in each.holds.items()]
        rows.append(f"- **Où** : {' ; '.join(columns) if columns else 'hors de la base.'}")
        parts += [f"## {each.title}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


INTRODUCTION = (
    "Écrit par `manage.py register` d’après le code ; la page « Données personnelles » dit la même chose. "
    "Le responsable "
    "du traitement et le délégué à la protection des données sont ceux de l’exploitant (`OPERATOR_PUBLISHER`, "
    "`OPERATOR_PRIVACY_CONTACT`). Aucune donnée ne sort de l’Union européenne de par le portail : il n’appelle que "
    "le service d’adresses et le registre des entreprises de l’État, sans rien dire de personne. Sécurité : "
    "[exploitation.md](exploitation.md) et les tests."
)

PROCESSINGS = (
    Processing(
        title="Si vous consultez le site",
        kept="Un journal technique : l’adresse de la machine, que le serveur frontal connaît, la page "
        "demandée, l’heure. "
        "Ni cookie, ni mesure d’audience.",
        why="Faire marcher le site et le protéger des attaques.",
        after="{log_retention}",
        recipients="L’équipe technique de l’exploitant et l’hébergeur.",
    ),
    Processing(
        title="Si vous signalez un problème sur un événement",
        kept="Votre message, et votre courriel si vous le donnez. Contre les abus, une empreinte de votre "
        "adresse IP, une "
        "heure au plus.",
        why="Corriger le programme et vous répondre.",
        after="90 jours après l’envoi aux référents.",
        recipients="Les référents de l’État chargés de l’événement. Pas l’organisateur.",
        holds={"semaine.OutboxMessage": ("subject", "text", "html")},
    ),
    Processing(
        title="Si nous vous écrivons",
        kept="Votre adresse et le courriel.",
        why="Vous prévenir de ce qui concerne votre compte, votre événement ou votre travail, même quand le "
        "serveur de "
        "courriel est en panne.",
        after="90 jours après l’envoi ; il ne reste ensuite que le fait d’avoir écrit.",
        recipients="Vous, et le service de courriel de l’exploitant.",
        holds={"semaine.OutboxMessage": ("recipient", "subject", "text", "html", "last_error")},
    ),
)
