"""How a view of the API comes to its events: the door's queryset, through the filter that its address asks for."""

from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError

from events.api.fields import moment_of
from events.api.filters import AgendaFilter
from events.views.programme import edition_asked


class ProgrammeBackend(DjangoFilterBackend):
    """django-filter's own, for a filter that knows an edition and a moment: that of the first page, on the next."""

    def get_filterset(self, request, queryset, view) -> AgendaFilter:
        query = request.query_params
        at = moment_of(query.getlist("after")) or timezone.now()
        return AgendaFilter(query, queryset, edition=edition_asked(request._request, at), at=at)

    def state(self, request, queryset, view) -> AgendaFilter:
        """Return the state that is asked for; raise ValidationError with every wrong value."""
        state = self.get_filterset(request, queryset, view)
        if not state.is_valid():
            raise ValidationError({name: list(found) for name, found in state.form.errors.items()})
        return state

    def filter_queryset(self, request, queryset, view):
        return self.state(request, queryset, view).shown
