"""The lists that the national team edits: sectors, formats, topics, with the history of each."""

from events.enums import TermKind
from events.models import Term
from semaine import history
from semaine.admin import PublicAdmin

SHOWN = 20


class TermAdmin(PublicAdmin):
    change_list_template = "admin/terms.html"
    list_display = ["label", "kind", "code", "position", "is_active"]
    list_filter = ["kind", "is_active"]

    def changelist_view(self, request, extra_context=None):
        lines = _lines(request.GET.get("kind__exact", ""))
        return super().changelist_view(request, {"lines": lines} | (extra_context or {}))

    def get_readonly_fields(self, request, obj=None):
        # A code stands in addresses that others keep.
        return ["kind", "code"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False


def _lines(kind: str):
    """Return the latest lines of the history of a list, of all of them when none is named."""
    lines = history.of(Term)
    if kind in TermKind.values:
        terms = Term.objects.filter(kind=kind).values_list("pk", flat=True)
        lines = lines.filter(object_id__in=[f"{pk}" for pk in terms])
    return lines[:SHOWN]
