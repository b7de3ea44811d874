from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404

from semaine import history
from semaine.edition_tools import EditionTools
from semaine.models import Edition, SiteRevision, TerritoryWeek

LONGEST_SEARCH = 200  # characters


class ForTheNation:
    """Of the national team alone, whatever Django's tables of permissions say; for a model and for its inlines."""

    def _of_the_nation(self, request, obj=None):
        return request.user.is_national

    has_view_permission = has_add_permission = _of_the_nation
    has_change_permission = has_delete_permission = _of_the_nation

    def has_module_permission(self, request):
        return self.has_view_permission(request)


class OrNotFound:
    """What is outside an agent's right is a 404; Django would redirect, and tell that it is missing."""

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        if found is None or str(found.pk) != object_id:
            raise Http404
        return found


class Searched:
    """What is looked for in a list is short, and can be compared: Django compares each column with each word."""

    def changelist_view(self, request, extra_context=None):
        if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
            raise BadRequest("No database could compare this with anything.")
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request, queryset, search_term):
        if len(search_term) > LONGEST_SEARCH:
            raise BadRequest("Thousands of words would be looked for.")
        return super().get_search_results(request, queryset, search_term)


class ToldInWords:
    """Its line in the history says what changed, and from which value to which."""

    tells_values = True

    def construct_change_message(self, request, form, formsets, add=False):
        own = history.changes(form) if self.tells_values else history.names(form)
        return " ".join(filter(None, [own, *(history.rows(each) for each in formsets)]))


class PublicAdmin(Searched, ToldInWords, OrNotFound, ForTheNation, admin.ModelAdmin):
    """What it edits stands on public pages: each change is counted, after the rows it wrote."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        SiteRevision.objects.bump()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        SiteRevision.objects.bump()

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        SiteRevision.objects.bump()


class TerritoryWeekInline(ForTheNation, admin.TabularInline):
    model = TerritoryWeek
    extra = 0
    max_num = 40

    def get_formset(self, request, obj=None, **kwargs):
        # One more is read, to be refused: by itself Django would read and show a thousand more.
        return super().get_formset(request, obj, absolute_max=self.max_num + 1, validate_max=True, **kwargs)


@admin.register(Edition)
class EditionAdmin(EditionTools, PublicAdmin):
    list_display = ["__str__", "starts_on", "ends_on", "label_from", "label_until", "is_published"]
    inlines = [TerritoryWeekInline]
