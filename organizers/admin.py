from django.contrib import admin

from organizers.models import Office, OfficeMembership, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
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


class OfficeMembershipInline(admin.TabularInline):
    model = OfficeMembership
    fk_name = "office"
    fields = ["user", "is_active", "absent_from", "absent_until", "deputy"]
    autocomplete_fields = ["user", "deputy"]
    extra = 0


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "contact_email"]
    list_filter = ["kind"]
    search_fields = ["name"]
    inlines = [OfficeMembershipInline]
