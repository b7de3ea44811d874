"""An import as its page tells it: how far it is, its counts, its lines."""

from dataclasses import dataclass

from django.db.models import Count, Q

from events.imports import reading
from events.imports.contents import Remark
from events.imports.states import ImportState, LineOutcome, LinePlan, LineVerdict
from events.models import EventImport, ImportLine
from semaine.text import count, thousands

TONES = {
    LineVerdict.OK: "good",
    LineVerdict.WARNING: "wait",
    LineVerdict.INCOMPLETE: "neutral",
    LineVerdict.ERROR: "bad",
    LineOutcome.CREATED: "good",
    LineOutcome.UPDATED: "good",
    LineOutcome.KEPT: "wait",
    LineOutcome.REFUSED: "bad",
}


WRITTEN = (LineOutcome.CREATED, LineOutcome.UPDATED, LineOutcome.SAME)
# One, and several.
WORDS = {
    LineVerdict.OK: ("prête à envoyer", "prêtes à envoyer"),
    LineVerdict.WARNING: ("prête mais à vérifier", "prêtes mais à vérifier"),
    LineVerdict.INCOMPLETE: ("à compléter", "à compléter"),
    LineVerdict.ERROR: ("à corriger", "à corriger"),
    LineOutcome.CREATED: ("créé", "créés"),
    LineOutcome.UPDATED: ("mis à jour", "mis à jour"),
    LineOutcome.SAME: ("inchangé", "inchangés"),
    LineOutcome.KEPT: ("laissé tel quel", "laissés tels quels"),
    LineOutcome.REFUSED: ("non importé", "non importés"),
}


@dataclass(frozen=True)
class Line:
    """One line of the file, as the table shows it."""

    number: int
    title: str
    label: str
    tone: str
    plan: str
    remarks: list[Remark]
    event_id: int | None


@dataclass(frozen=True)
class Filter:
    code: str
    label: str
    count: int
    is_current: bool


def progress(event_import: EventImport) -> dict:
    """How far the work is: numbers for a bar, and words: « Import : ligne 812 sur 2 189 »."""
    action = "Vérification" if event_import.stands == ImportState.RECEIVED else "Import"
    if not event_import.total:
        words = f"{action} : lecture du fichier"
    else:
        done, total = (thousands(each) for each in (event_import.done, event_import.total))
        words = f"{action} : ligne {done} sur {total}"
    return {
        "running": event_import.is_running and not event_import.is_stuck,
        "done": event_import.done,
        "total": event_import.total,
        "words": words,
    }


def counts(event_import: EventImport) -> dict[str, int]:
    """How many lines of each verdict, or of each outcome once it is done. One query."""
    column = "outcome" if event_import.is_done else "verdict"
    found = dict(event_import.lines.order_by().values_list(column).annotate(Count("pk")))
    kinds = LineOutcome if event_import.is_done else LineVerdict
    # Of what was not done at all, « tout ou rien » says nothing line by line.
    not_done = {LineOutcome.REFUSED: found.get("", 0)} if event_import.is_done else {}
    return {kind: found.get(kind, 0) + not_done.get(kind, 0) for kind in kinds}


def filters(event_import: EventImport, found: dict[str, int], current: str) -> list[Filter]:
    every = Filter("", "Toutes", sum(found.values()), not current)
    kinds = [kind for kind, number in found.items() if number]
    return [every, *(Filter(kind, kind.plural, found[kind], kind == current) for kind in kinds)]


def shown(event_import: EventImport, current: str):
    """The lines that a filter shows, without their cells."""
    lines = event_import.lines.defer("cells")
    if current == LineOutcome.REFUSED:
        return lines.filter(outcome__in=["", current])
    if not current:
        return lines
    return lines.filter(**{"outcome" if event_import.is_done else "verdict": current})


def as_lines(lines) -> list[Line]:
    return [_line(each) for each in lines]


def _line(line: ImportLine) -> Line:
    return Line(
        line.number,
        line.title or "(sans titre)",
        label_of(line),
        TONES.get(state_of(line), "neutral"),
        _effect(line),
        [Remark(**each) for each in line.remarks],
        line.event_id,
    )


def state_of(line: ImportLine) -> LineVerdict | LineOutcome:
    """Return what a line is, then what became of it; that its event lacks something matters more than either."""
    if not line.outcome or (line.outcome in WRITTEN and line.verdict == LineVerdict.INCOMPLETE):
        return LineVerdict(line.verdict)
    return LineOutcome(line.outcome)


def label_of(line: ImportLine) -> str:
    return "Envoyé" if line.was_sent else state_of(line).label


def _effect(line: ImportLine) -> str:
    """What importing the line would do, or did where its label does not tell it."""
    said = state_of(line)
    if line.outcome:
        return "" if said == line.outcome else LineOutcome(line.outcome).label.lower()
    return "" if said == LineVerdict.ERROR else LinePlan(line.plan).label


def warnings(event_import: EventImport) -> list[str]:
    """What to know of the file as a whole. One query at most."""
    if event_import.is_done:
        return _stopped(event_import) or _sending(event_import)
    said = []
    if names := reading.ignored(event_import.header):
        listed = ", ".join(f"« {name[:40]} »" for name in names[:10])
        said.append(f"Nous ne lisons pas {'la colonne' if len(names) == 1 else 'les colonnes'} {listed}.")
    keys = {column.key for column in reading.columns_of(event_import.header).values()}
    if "external_id" not in keys:
        said.append(
            "Votre fichier n’a pas de colonne « Identifiant » : envoyé une seconde fois, même corrigé, il créerait "
            "de nouveau tous ses événements."
        )
        same = EventImport.objects.filter(
            organization=event_import.organization_id, digest=event_import.digest, pk__lt=event_import.pk
        )
        if any(each.is_done for each in same.only("state")):
            said.append("Vous avez déjà importé ce même fichier : l’importer encore ferait des doublons.")
    return said


def _stopped(event_import: EventImport) -> list[str]:
    """Say which line stopped an import that was to be all or nothing."""
    refused = event_import.lines.filter(outcome=LineOutcome.REFUSED).defer("cells")
    first = refused.first() if event_import.all_or_nothing else None
    if first is None:
        return []
    return [f"Rien n’a été importé, comme vous l’avez demandé : la ligne {first.number} n’est pas passée."]


def _sending(event_import: EventImport) -> list[str]:
    if not event_import.submits:
        return []
    sent, kept = sent_and_kept(event_import)
    words = [f"{thousands(sent)} {'envoyés' if sent > 1 else 'envoyé'}"]
    if kept:
        words.append(f"{thousands(kept)} {'gardés' if kept > 1 else 'gardé'} en brouillon : à compléter")
    return [f"{', '.join(words)}."]


def sent_and_kept(event_import: EventImport) -> tuple[int, int]:
    """Return how many events were sent, and how many were not because they lack something. One query."""
    found = event_import.lines.aggregate(
        sent=Count("pk", filter=Q(was_sent=True)),
        kept=Count("pk", filter=Q(outcome__in=WRITTEN, verdict=LineVerdict.INCOMPLETE, was_sent=False)),
    )
    return found["sent"], found["kept"]


def summary(event_import: EventImport, found: dict[str, int]) -> str:
    """Return « 2 152 lignes prêtes à envoyer, 37 à corriger », or what was created, updated and left."""
    noun = "événement" if event_import.is_done else "ligne"
    parts = []
    for kind, number in found.items():
        if number:
            agreed = WORDS[kind][number > 1]
            amount = thousands(number) if parts else count(number, noun)
            parts.append(f"{amount} {agreed}")
    return ", ".join(parts)
