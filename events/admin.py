"""The referent's queue: the events of their territory, the oldest first."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from events.enums import Status, TermKind
from events.models import Event, Term
from events.views.examination import examine
from organizers.models import Office

EVERY_STATUS = "tous"


class StatusFilter(admin.SimpleListFilter):
    title = "statut"
    parameter_name = "statut"

    def lookups(self, request, model_admin):
        return [(status.value, status.referent_label) for status in Status if status != Status.DRAFT]

    def choices(self, changelist):
        # Without a choice, the queue shows what waits.
        chosen = self.value() or Status.SUBMITTED
        for value, label in [*self.lookup_choices, (EVERY_STATUS, "Tous")]:
            address = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": address, "display": label}

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset.waiting()
        return queryset if self.value() == EVERY_STATUS else queryset.filter(status=self.value())


class DepartmentFilter(admin.SimpleListFilter):
    """The départements of the agent's territory, no others."""

    title = "département"
    parameter_name = "departement"

    def lookups(self, request, model_admin):
        events = Event.objects.examinable_by(request.user).filter(department__isnull=False)
        return (
            events.order_by("department__sort_key").values_list("department", "department__name").distinct()
        )

    def queryset(self, request, queryset):
        return queryset.filter(department=self.value()) if self.value() else queryset


class FormatFilter(admin.SimpleListFilter):
    title = "nature"
    parameter_name = "nature"

    def lookups(self, request, model_admin):
        return Term.objects.choices(TermKind.FORMAT)

    def queryset(self, request, queryset):
        return queryset.filter(format_code=self.value()) if self.value() else queryset


class Queue(ChangeList):
    def url_for_result(self, result):
        return reverse("admin:events_event_examine", args=[result.pk])


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["title", "state", "due_on", "organizer_name", "department"]
    list_filter = [StatusFilter, DepartmentFilter, FormatFilter]
    list_select_related = ["department"]
    list_per_page = 50
    search_fields = ["title", "organizer_name", "place_name", "label_number"]
    ordering = ["due_on", "pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    @admin.display(description="statut", ordering="status")
    def state(self, event):
        return Status(event.status).referent_label

    def get_queryset(self, request):
        events = Event.objects.examinable_by(request.user).defer("description", "search")
        return events.order_by(*self.ordering)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Événements à examiner"})

    def get_changelist(self, request, **kwargs):
        return Queue

    def get_object(self, request, object_id, from_field=None):
        # Django would redirect to the index, which tells that the event exists elsewhere.
        event = super().get_object(request, object_id, from_field)
        if event is None:
            raise Http404
        return event

    def get_urls(self):
        view = self.admin_site.admin_view(examine)
        mine = path("<int:pk>/examiner/", view, name="events_event_examine")
        return [mine, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        event = self.get_object(request, object_id)
        return redirect("admin:events_event_examine", event.pk)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.is_active and Office.objects.of(request.user).exists()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ["label", "kind", "code", "position", "is_active"]
    list_filter = ["kind", "is_active"]

    def get_readonly_fields(self, request, obj=None):
        # A code stands in addresses that others keep.
        return ["kind", "code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False
