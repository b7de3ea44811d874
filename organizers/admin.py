from django.contrib import admin

from organizers.models import Office, OfficeMembership
from semaine.models import Edition, TerritoryWeek


class OfficeMembershipInline(admin.TabularInline):
    model = OfficeMembership
    fk_name = "office"
    fields = ["user", "is_active", "absent_from", "absent_until", "deputy"]
    raw_id_fields = ["user", "deputy"]
    extra = 0


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "contact_email"]
    list_filter = ["kind"]
    search_fields = ["name"]
    inlines = [OfficeMembershipInline]


class TerritoryWeekInline(admin.TabularInline):
    model = TerritoryWeek
    extra = 0


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "starts_on", "ends_on", "label_from", "label_until", "is_published"]
    inlines = [TerritoryWeekInline]
