from django.contrib import admin

from semaine.models import Edition, TerritoryWeek


class TerritoryWeekInline(admin.TabularInline):
    model = TerritoryWeek
    extra = 0


@admin.register(Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "starts_on", "ends_on", "label_from", "label_until", "is_published"]
    inlines = [TerritoryWeekInline]
