"""The referent's queue: the events of their territory, the oldest first."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from events import permissions
from events.examining import undo_context
from events.featured_admin import FeaturedAdmin
from events.models import Event, FeaturedEvent, FiguresSnapshot, Term
from events.queue import LONGEST_SEARCH, words
from events.queue_page import Queue
from events.reply_admin import ReplyTemplateAdmin
from events.snapshot_admin import SnapshotAdmin
from events.term_admin import TermAdmin
from events.views import desk, examination
from events.views.queue import decide_together

__all__ = ["EventAdmin", "ReplyTemplateAdmin", "TermAdmin"]


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    change_list_template = "events/queue.html"
    list_per_page = 50
    # What the completion of the admin looks in.
    search_fields = ["title"]
    ordering = ["due_on", "pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_queryset(self, request):
        return (
            Event.objects.examinable_by(request.user).defer("description", "search").order_by(*self.ordering)
        )

    def changelist_view(self, request, extra_context=None):
        # Its filters and its table take the place of the menu, which the home page repeats.
        page = {"title": "Événements à examiner", "is_nav_sidebar_enabled": False}
        page |= undo_context(request)
        return super().changelist_view(request, page | (extra_context or {}))

    def get_changelist(self, request, **kwargs):
        return Queue

    def get_search_results(self, request, queryset, search_term):
        return queryset.filter(words(search_term.replace("\0", "")[:LONGEST_SEARCH])), False

    def get_object(self, request, object_id, from_field=None):
        # Django would redirect to the index, which tells that the event exists elsewhere.
        event = super().get_object(request, object_id, from_field)
        # Python reads "1_2" as 12: an event has one address.
        if event is None or str(event.pk) != object_id:
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
            path("decider/", closed(decide_together), name="events_event_decide"),
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


admin.site.register(FeaturedEvent, FeaturedAdmin)
admin.site.register(FiguresSnapshot, SnapshotAdmin)
admin.site.register(Term, TermAdmin)
