from django.contrib import admin
from django.db import models

from organizers.models import Office, OfficeMembership, Partner, User
from semaine.admin import ForTheNation, PublicAdmin


@admin.register(User)
class UserAdmin(ForTheNation, admin.ModelAdmin):
    """The national team finds an account here and makes it an agent's; nobody is created or deleted here."""

    list_display = ["email", "name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "phone", "is_staff", "is_active"]
    readonly_fields = ["email"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OfficeMembershipInline(ForTheNation, admin.TabularInline):
    model = OfficeMembership
    fk_name = "office"
    fields = ["user", "is_active", "absent_from", "absent_until", "deputy"]
    autocomplete_fields = ["user", "deputy"]
    extra = 0


@admin.register(Office)
class OfficeAdmin(PublicAdmin):
    list_display = ["name", "kind", "contact_email"]
    list_filter = ["kind"]
    search_fields = ["name"]
    inlines = [OfficeMembershipInline]


@admin.register(Partner)
class PartnerAdmin(PublicAdmin):
    list_display = ["name", "region", "department", "position"]
    list_filter = ["region"]
    list_select_related = ["region", "department"]
    search_fields = ["name"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
