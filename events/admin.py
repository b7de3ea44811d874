"""The referent's queue: the events of their territory, the oldest first."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from events import permissions
from events.enums import Status, TermKind
from events.examining import undo_context
from events.featured_admin import FeaturedAdmin
from events.models import Event, FeaturedEvent, Term
from events.reply_admin import ReplyTemplateAdmin
from events.views import desk, examination
from semaine.admin import PublicAdmin

MY_TURN, EVERY_STATUS = "a-mon-tour", "tous"
# What is looked for among the labelled events, and the queryset's word for it.
ON_LABEL = {
    "modification-proposee": ("Modification proposée", "amended"),
    "modifie": ("Modifié depuis le label", "changed_since_label"),
}


class QueueFilter(admin.SimpleListFilter):
    """One filter of the queue; a wrong value is said and shows nothing."""

    field = ""

    def queryset(self, request, queryset):
        value = self.value()
        if value is None:
            return self.by_default(request, queryset)
        if value not in {str(known) for known, _ in self.lookup_choices}:
            name = self.title.capitalize()
            messages.error(
                request, f"{name} : « {value[:60]} » n’est pas dans la liste. Choisissez-y une valeur."
            )
            return queryset.none()
        return self.narrowed(request, queryset, value)

    def by_default(self, request, queryset):
        return queryset

    def narrowed(self, request, queryset, value):
        return queryset.filter(**{self.field: value})


class StatusFilter(QueueFilter):
    """Without a choice, the queue shows what waits for the agent's offices now."""

    title, parameter_name, field = "statut", "statut", "status"

    def lookups(self, request, model_admin):
        sent = [status for status in Status if status != Status.DRAFT]
        named = [(status.value, status.referent_label) for status in sent]
        on_label = [(value, label) for value, (label, _) in ON_LABEL.items()]
        return [(MY_TURN, "À mon tour"), *on_label, *named, (EVERY_STATUS, "Tous")]

    def choices(self, changelist):
        chosen = self.value() or MY_TURN
        for value, label in self.lookup_choices:
            address = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": chosen == value, "query_string": address, "display": label}

    def by_default(self, request, queryset):
        return queryset.my_turn(request.user, timezone.now())

    def narrowed(self, request, queryset, value):
        if value == MY_TURN:
            return self.by_default(request, queryset)
        if value in ON_LABEL:
            return getattr(queryset, ON_LABEL[value][1])()
        return queryset if value == EVERY_STATUS else super().narrowed(request, queryset, value)


class DepartmentFilter(QueueFilter):
    """The départements of the agent's territory, no others."""

    title, parameter_name, field = "département", "departement", "department"

    def lookups(self, request, model_admin):
        events = Event.objects.examinable_by(request.user).filter(department__isnull=False)
        return (
            events.order_by("department__sort_key").values_list("department", "department__name").distinct()
        )


class FormatFilter(QueueFilter):
    title, parameter_name, field = "nature", "nature", "format_code"

    def lookups(self, request, model_admin):
        return Term.objects.choices(TermKind.FORMAT)


class Queue(ChangeList):
    def url_for_result(self, result):
        return reverse("admin:events_event_examine", args=[result.pk])


__all__ = ["EventAdmin", "ReplyTemplateAdmin", "TermAdmin"]


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ["title", "state", "due_on", "organizer_name", "department"]
    change_list_template = "admin/events/event/change_list.html"
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
        if event.is_amended:
            return ON_LABEL["modification-proposee"][0]
        return ON_LABEL["modifie"][0] if event.is_changed_unseen else Status(event.status).referent_label

    def get_queryset(self, request):
        events = Event.objects.examinable_by(request.user).with_proposals().defer("description", "search")
        return events.order_by(*self.ordering)

    def changelist_view(self, request, extra_context=None):
        shown = {"title": "Événements à examiner", **undo_context(request), **(extra_context or {})}
        return super().changelist_view(request, shown)

    def get_changelist(self, request, **kwargs):
        return Queue

    def lookup_allowed(self, lookup, value, request=None):
        # The filters above are the only questions that an address may ask.
        return lookup in {each.parameter_name for each in self.list_filter}

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("\0", "")[:200])

    def get_object(self, request, object_id, from_field=None):
        # Django would redirect to the index, which tells that the event exists elsewhere.
        event = super().get_object(request, object_id, from_field)
        if event is None:
            raise Http404
        return event

    def get_urls(self):
        closed = self.admin_site.admin_view
        mine = [
            path("<int:pk>/examiner/", closed(examination.examine), name="events_event_examine"),
            path(
                "<int:pk>/annuler-la-decision/",
                closed(require_POST(examination.undo)),
                name="events_event_undo",
            ),
            path("<int:pk>/note/", closed(require_POST(desk.note)), name="events_event_note"),
            path("<int:pk>/transmettre/", closed(desk.hand_over), name="events_event_hand_over"),
            path("<int:pk>/comparer/<int:other>/", closed(desk.compare), name="events_event_compare"),
        ]
        return [*mine, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        event = self.get_object(request, object_id)
        return redirect("admin:events_event_examine", event.pk)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return permissions.is_agent(request.user).allowed

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Term)
class TermAdmin(PublicAdmin):
    list_display = ["label", "kind", "code", "position", "is_active"]
    list_filter = ["kind", "is_active"]

    def get_readonly_fields(self, request, obj=None):
        # A code stands in addresses that others keep.
        return ["kind", "code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False


admin.site.register(FeaturedEvent, FeaturedAdmin)
