"""The page of the queue: the admin's list of events, filtered, counted and put in words for a referent."""

from functools import cached_property
from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.main import IGNORED_PARAMS, ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper
from django.http import QueryDict
from django.utils import timezone

from events.models import Event
from events.queue import MY_TURN, PARAMETERS, VIEWS, ExaminationFilter, view_of
from events.queue_counts import Counts, choices, counts
from events.queue_lines import SHOWN, lines
from events.twins import has_twin
from semaine.text import count

PAGE, ERROR = "p", "e"
SHOWN_ALL = 200
LATE_VIEW = 1
MINE = f"statut={MY_TURN}"
# Their empty choice, in words.
ANY = {
    "departement": "Tous les départements",
    "nature": "Toutes les natures",
    "points": "Tous les dossiers",
    "retard": "Toutes les échéances",
    "doublons": "Avec ou sans doublon",
}


class Choice(NamedTuple):
    value: str
    label: str
    count: int | None
    is_chosen: bool


class Link(NamedTuple):
    label: str
    query: str
    count: int | None
    is_current: bool


class Queue(ChangeList):
    """Django's list, with a filter of our own in place of its lookups."""

    def get_queryset(self, request, exclude_parameters=None):
        known = {*PARAMETERS, *IGNORED_PARAMS, ORDER_VAR}
        if unknown := [name for name in self.params if name not in known]:
            raise DisallowedModelAdminLookup(f"Filtering by {unknown[0]} not allowed")
        self.at = timezone.now()
        self.view = ExaminationFilter(request.GET, user=request.user, at=self.at)
        for error in self.view.errors_in_words:
            messages.error(request, error)
        return self.view.qs.most_urgent_first()

    def get_results(self, request):
        self.paginator = Paginator(self.queryset, SHOWN_ALL if self.show_all else self.list_per_page)
        # Already counted with what stands beside the filters.
        self.paginator.count = self.result_count = self.counts.total
        self.page = self.paginator.get_page(self.page_num)
        self.result_list = list(self._with_lines(self.page.object_list))
        self.multi_page = self.paginator.num_pages > 1
        self.can_show_all = self.list_per_page < self.result_count <= SHOWN_ALL

    @staticmethod
    def _with_lines(page):
        """What the lines of one page show, and no other page's."""
        twin = ExpressionWrapper(has_twin(), BooleanField())
        events = Event.objects.filter(pk__in=page.values("pk")).with_proposals().annotate(has_twin=twin)
        return events.select_related("commune").only(*SHOWN, "commune__name").most_urgent_first()

    @cached_property
    def counts(self) -> Counts:
        return counts(self.view)

    @cached_property
    def lines(self):
        formats = {each.code: each.label for each in self.view.formats}
        return lines(self.result_list, formats, self.at, view=self.here)

    @cached_property
    def here(self) -> str:
        """The view as a query string, which each file's address carries."""
        return view_of(self.view.data) or MINE

    @property
    def page_range(self):
        return self.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)

    @property
    def pages_query(self) -> str:
        """What stands before the number of a page in its address."""
        return f"{self.here}&" + "all=&" * self.show_all

    @cached_property
    def views(self) -> list[Link]:
        """The ready-made views, as addresses that may be kept."""
        return [
            Link(label, query, number, query == self.here)
            for (label, data), number in zip(VIEWS, self.counts.views, strict=True)
            for query in [view_of(data)]
        ]

    @cached_property
    def selects(self) -> list[tuple[str, str, list[Choice]]]:
        """The filters with a list of choices: name, label, choices."""
        return [(name, self.view.form.fields[name].label, self._choices(name)) for name in ("statut", *ANY)]

    def _choices(self, name: str) -> list[Choice]:
        chosen = self.view.data.get(name, "") or (MY_TURN if name == "statut" else "")
        offered = self.counts.departments.items() if name == "departement" else choices(self.view, name)
        found = [
            Choice(value, label, None if name == "doublons" else self.counts.of(name, value), value == chosen)
            for value, label in offered
            if value
        ]
        if name == "statut":
            return found
        found = [each for each in found if each.count != 0 or each.is_chosen]
        return [Choice("", ANY[name], None, not chosen), *found]

    @property
    def is_narrowed(self) -> bool:
        return self.here != MINE

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The view, as hidden fields."""
        return list(QueryDict(self.here).items())

    @property
    def typed(self) -> dict[str, str]:
        return {name: self.view.data.get(name, "") for name in ("q", "organisateur")}

    @property
    def heading(self) -> str:
        return count(self.result_count, "dossier")

    @property
    def empty(self) -> str:
        if not self.view.is_valid():
            return "Corrigez le filtre, ou effacez les filtres."
        if self.is_narrowed:
            return "Aucun dossier dans cette vue : elle est à jour, ou un filtre est de trop."
        if late := self.counts.views[LATE_VIEW]:
            found = f"{count(late, 'dossier est', 'dossiers sont')} en retard"
            return f"Rien n’est à votre tour. Dans votre territoire, {found} : voyez « En retard »."
        return "Rien n’attend votre réponse. Merci !"
