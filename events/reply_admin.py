"""The texts that an office keeps ready: its agents write them."""

from django.contrib import admin
from django.http import Http404

from events import permissions
from events.models import ReplyTemplate
from organizers.models import Office


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin):
    list_display = ["title", "transition", "office"]
    list_filter = []
    fields = ["office", "transition", "title", "text"]
    list_select_related = ["office"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(office__in=Office.objects.of(request.user))

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "office":
            kwargs["queryset"] = Office.objects.of(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return permissions.is_agent(request.user).allowed

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def has_add_permission(self, request):
        return self.has_view_permission(request)
