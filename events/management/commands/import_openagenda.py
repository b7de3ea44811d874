"""The events of another site into an edition: an export of OpenAgenda or France Travail, or an agenda's API.

Run again, it updates the same events: an event is known by the identifier that it has there.
"""

import gc
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from events.imports import agendas, streams, writers
from events.imports.agendas import Unreachable
from events.imports.bulk import Asked, Told, import_all
from events.imports.contents import Remark
from events.imports.documents import is_deep
from events.imports.limits import Refused
from events.imports.queueing import why_not_send
from organizers.models import Organization, User
from semaine.models import Edition
from semaine.text import count, thousands

SHOWN = 20  # wrong events that are told in the terminal
HEADER = ["Événement", "Identifiant", "Titre", "État", "Champ", "Trouvé", "Attendu", "Remarque"]


class Command(BaseCommand):
    help = "Importe des événements d’un export OpenAgenda ou France Travail (JSON), ou de l’API d’un agenda."

    def add_arguments(self, parser):
        parser.add_argument(
            "source", help="fichier JSON, ou https://api.openagenda.com/v2/agendas/<uid>/events"
        )
        parser.add_argument("--key", default="", help="clé de l’API (défaut : variable OPENAGENDA_KEY)")
        parser.add_argument("--edition", type=int, help="année (défaut : l’édition en cours ou à venir)")
        parser.add_argument(
            "--organization", help="identifiant d’adresse de l’organisation de tous les événements"
        )
        parser.add_argument(
            "--organizer-field",
            default="",
            help="champ qui dit l’organisation de chaque événement : originAgenda.title, organisateur.slug…",
        )
        parser.add_argument("--by", help="courriel du membre qui importe (défaut : un responsable)")
        parser.add_argument(
            "--contact", default="", help="courriel de contact des événements qui n’en donnent pas"
        )
        parser.add_argument("--submit", action="store_true", help="envoie au référent ce qui est complet")
        parser.add_argument(
            "--replace", action="store_true", help="remplace ce qui a été modifié sur le site"
        )
        parser.add_argument("--check", action="store_true", help="vérifie seulement, n’importe rien")
        parser.add_argument("--report", help="fichier CSV des remarques, événement par événement")

    def handle(self, *, source, key, report, **options):
        at = timezone.now()
        asked = _asked(source, at, **options)
        remarks, counts, shown = [HEADER], Counter(), 0
        try:
            total, found = _source(source, key or os.environ.get("OPENAGENDA_KEY", ""))
            with _seldom_collected(), _bar(steps=total * (1 if asked.only_checks else 2)) as tick:
                for told in import_all(found, asked, at, tick):
                    counts[told.state] += 1
                    remarks += _rows(told) if report else []
                    if told.is_wrong and shown < SHOWN:
                        self.stderr.write(_line(told))
                    shown += told.is_wrong
        except (Refused, Unreachable) as error:
            self._end(counts, shown, remarks, report)
            raise CommandError(str(error)) from None
        self._end(counts, shown, remarks, report)

    def _end(self, counts: Counter, wrong: int, remarks: list, report: str | None) -> None:
        if wrong > SHOWN:
            others = count(wrong - SHOWN, "autre événement", "autres événements")
            self.stderr.write(f"… et {others} à corriger : « --report remarques.csv » les donne tous.")
        if report:
            Path(report).write_bytes(writers.as_csv(remarks))
        self.stdout.write(count(counts.total(), "événement lu", "événements lus"))
        for state, number in counts.most_common():
            self.stdout.write(f"  {state} : {thousands(number)}")


def _asked(
    source, at, *, edition, organization, organizer_field, by, contact, submit, replace, check, **_
) -> Asked:
    if not organization and not organizer_field:
        raise CommandError(
            "Dites de quelle organisation sont les événements : « --organization fonderie-martin », ou le champ qui "
            "le dit de chacun : « --organizer-field originAgenda.title »."
        )
    chosen = _edition(edition, at)
    if submit and (reason := why_not_send(chosen, at)):
        raise CommandError(reason)
    return Asked(
        edition=chosen,
        file_name=source.split("?")[0].rstrip("/").rpartition("/")[2] or "agenda",
        organization=_row(Organization, organization, "slug", "Aucune organisation n’a l’identifiant"),
        field=organizer_field,
        author=_row(User, by, "email__iexact", "Aucun compte n’a le courriel"),
        contact=_contact(contact),
        submits=submit,
        replaces=replace,
        only_checks=check,
    )


def _edition(year: int | None, at) -> Edition:
    edition = (
        Edition.objects.filter(year=year).order_by("-is_published", "is_demo").first()
        if year
        else Edition.objects.current(at)
    )
    if edition is None:
        raise CommandError(f"Il n’y a pas d’édition {year or ''} : lancez « load_editions ».")
    return edition


def _row(model, value: str | None, field: str, missing: str):
    found = model.objects.filter(**{field: value}).first() if value else None
    if value and found is None:
        raise CommandError(f"{missing} « {value} ».")
    return found


def _contact(address: str) -> str:
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise CommandError(
            f"« --contact » : trouvé « {address} » ; attendu : une adresse comme contact@exemple.fr."
        ) from None
    return address


def _source(source: str, key: str) -> tuple[int, Iterator[tuple[str, object]]]:
    """Return how many events there are, and the events; a file is read once to its end before any is imported."""
    if source.startswith(("https://", "http://")):
        pages = agendas.pages(source, key)
        first = next(pages)
        return first.total, _of_pages(first, pages)
    try:
        with Path(source).open("rb") as file:
            total = sum(1 for _ in streams.events(file))
    except OSError as error:
        raise CommandError(f"Le fichier « {source} » ne s’ouvre pas : {error.strerror}.") from None
    return total, _of_file(source)


def _of_pages(first: agendas.Page, pages: Iterator[agendas.Page]) -> Iterator[tuple[str, object]]:
    for page in chain([first], pages):
        for event in page.events:
            yield "events", streams.TOO_DEEP if is_deep(event) else event


def _of_file(path: str) -> Iterator[tuple[str, object]]:
    with Path(path).open("rb") as file:
        yield from streams.events(file)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Thousands of rows would have the collector look through all of Django again and again: a sixth of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _bar(steps: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on the terminal, and nothing where there is none; gives what advances it."""
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        yield partial(bar.advance, bar.add_task("Événements", total=steps))


def _line(told: Told) -> str:
    """« Événement 12 (75991871) – Publics : trouvé… »."""
    name = f"Événement {told.number}" + (f" ({told.uid})" if told.uid else "")
    errors = [each for each in told.remarks if each.is_error] or told.remarks
    return " ".join([f"{name} –", *(_said(each) for each in errors[:5])])


def _said(remark: Remark) -> str:
    return f"{remark.column} : {remark.sentence}" if remark.column else remark.sentence


def _rows(told: Told) -> Iterator[list[str]]:
    for each in told.remarks:
        cells = [str(told.number), told.uid, told.title, told.state]
        yield [*cells, each.column, each.found, each.wanted, each.sentence]
