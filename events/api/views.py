"""What everybody may read: the events of a state of the parameters, their counts, their organizations, territories."""

from django.db.models import Count
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from events import facets
from events.api import paging, schema
from events.api.backend import ProgrammeBackend
from events.api.documents import Labels, absolute
from events.api.event_fields import EventSerializer, documents, tombstone
from events.api.filters import PAGES, AgendaFilter
from events.api.shaping import shaped
from events.cards import Card
from events.models import Event
from semaine.models import Department

MINE = ("size", "after")


class Reading(GenericAPIView):
    """Starts from the visibility door; `left_out` are the parameters that have no meaning here."""

    filter_backends = [ProgrammeBackend]
    serializer_class = EventSerializer
    left_out: tuple[str, ...] = tuple(PAGES)

    def get_queryset(self):
        return Event.objects.public()

    def state(self) -> AgendaFilter:
        return self.filter_backends[0]().state(self.request, self.get_queryset(), self)


class Events(Reading):
    left_out = ()

    @extend_schema(
        operation_id="events",
        summary="Les événements, page par page",
        description=schema.EVENTS_WORDS,
        responses=schema.answers(schema.EVENTS, 400, 404, 429),
    )
    def get(self, request):
        state = self.state()
        rows, keys = paging.events(state)
        page = paging.page(rows, keys, state)
        return Response({
            "total": page.total,
            "events": self._told(page, state),
            "sort": [paging.sort_of(state)],
            "after": page.after,
        })  # fmt: skip

    def _told(self, page: paging.Page, state: AgendaFilter) -> list[dict]:
        """Each row again through the door: what it does not show is told as having left, and no more."""
        found = read(state.shown).in_bulk(page.ids)
        cards = [Card(found[pk], state.at, {}) for pk in page.ids if pk in found]
        names, language = state.fields_told, state.values["monolingual"]
        told = {
            each["uid"]: shaped(each, names=names, language=language)
            for each in documents(cards, Labels.read())
        }
        return [told.get(row[-1]) or tombstone(row[-1], row[0]) for row in page.rows]


class OneEvent(Reading):
    filter_backends = []

    @extend_schema(
        operation_id="event",
        summary="Un événement",
        description="Par son « uid » ou son « uuid ». Un événement qui a quitté le programme n’est plus trouvé.",
        parameters=[OpenApiParameter("uid", str, "path", description="« uid » ou « uuid » de l’événement.")],
        responses=schema.answers(schema.ONE_EVENT, 404, 429),
    )
    def get(self, request, uid):
        wanted = paging.read_uid(uid)
        event = read(self.get_queryset()).filter(**wanted).first() if wanted else None
        if event is None:
            raise Http404
        [told] = documents([Card(event, timezone.now(), {})], Labels.read())
        return Response({"event": told})


class Facets(Reading):
    @extend_schema(
        operation_id="facets",
        summary="Combien d’événements derrière chaque choix",
        description="Chaque nombre est celui qu’on aurait en choisissant la valeur, les autres paramètres gardés.",
        responses=schema.answers(schema.FACETS, 400, 404, 429),
    )
    def get(self, request):
        state = self.state()
        counts = facets.count(state)
        found = {name: _choices(state, name, counts.by_choice.get(name, {})) for name in facets.FACETS}
        return Response({"total": counts.shown, "over": counts.over, "facets": found})


class Organizations(Reading):
    left_out = tuple(name for name in PAGES if name not in MINE)

    @extend_schema(
        operation_id="organizations",
        summary="Les organisations qui ont un événement parmi ceux que nomment les paramètres",
        description="Par ordre d’inscription, page par page, avec le nombre de leurs événements.",
        responses=schema.answers(schema.ORGANIZATIONS, 400, 404, 429),
    )
    def get(self, request):
        state = self.state()
        page = paging.page(state.shown.organizations(), [paging.PK], state)
        rows = (
            state.shown.organizations().select_related("headquarters__department__region").in_bulk(page.ids)
        )
        counts = _events_of(state, page.ids)
        told = [_organization(rows[pk], counts[pk]) for pk in page.ids if pk in counts]
        return Response({"total": page.total, "organizations": told, "after": page.after})


class Territories(Reading):
    @extend_schema(
        operation_id="territories",
        summary="Les régions, les départements et les collectivités d’outre-mer",
        description="Avec le nombre d’événements que nomment les autres paramètres ; un événement en ligne n’est "
        "dans aucun territoire.",
        responses=schema.answers(schema.TERRITORIES, 400, 404, 429),
    )
    def get(self, request):
        counts = self.state().shown.by_department()
        groups = Department.objects.by_region()
        return Response({"territories": [_territory(*group, counts) for group in groups]})


def read(events):
    """With all that an event's document tells."""
    return events.for_page().select_related("commune__department__region", "featured")


def _choices(state: AgendaFilter, name: str, counts: dict[str, int]) -> list[dict]:
    choices = state.form.fields[name].choices
    return [{"value": code, "label": label, "count": counts.get(code, 0)} for code, label in choices]


def _events_of(state: AgendaFilter, ids: list[int]) -> dict[int, int]:
    events = state.shown.filter(organization__in=ids).order_by()
    return dict(events.values_list("organization").annotate(Count("pk")))


def _organization(organization, count: int) -> dict:
    seat = organization.headquarters
    department = seat.department if seat else None
    return {
        "uid": organization.pk,
        "slug": organization.slug,
        "name": organization.name,
        "kind": {"value": organization.kind, "label": organization.get_kind_display()},
        "website": organization.website or None,
        "city": seat.name if seat else None,
        "department": department.name if department else None,
        "region": department.region.name if department and department.region else None,
        "url": absolute(organization.get_absolute_url()),
        "events": count,
    }


def _territory(region, departments: list[Department], counts: dict) -> dict:
    told = [_department(each, counts.get(each.pk, 0)) for each in departments]
    return {
        "code": region.code if region else None,
        "name": region.name if region else "Collectivités d’outre-mer",
        "url": absolute(region.get_absolute_url()) if region else None,
        "events": sum(each["events"] for each in told),
        "departments": told,
    }


def _department(department: Department, count: int) -> dict:
    url = absolute(department.get_absolute_url())
    return {"code": department.code, "name": department.name, "url": url, "events": count}
