from django.contrib import admin
from django.db import models
from django.utils import timezone

from organizers import agents
from organizers.admin_forms import AccountForm, AgentForm, AgentInvitationForm
from organizers.models import Office, OfficeInvitation, OfficeMembership, Partner, User
from semaine.admin import ForTheNation, OrNotFound, PublicAdmin, Searched


class WithoutDjangosLog:
    """Django's own log would keep the names of people; ours says the same without them (`organizers.log`)."""

    def log_addition(self, request, obj, message):
        pass

    def log_change(self, request, obj, message):
        pass

    def log_deletions(self, request, queryset):
        pass


class Titled:
    """Headings that are French; Django's would read « Modification de agent »."""

    heading = ""

    def changelist_view(self, request, extra_context=None):
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        titled = {"title": self.heading} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, titled)


@admin.register(User)
class UserAdmin(Searched, Titled, WithoutDjangosLog, OrNotFound, ForTheNation, admin.ModelAdmin):
    """The national team finds an account here; nobody is created or deleted here."""

    form = AccountForm
    heading = "Compte"
    list_display = ["email", "name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "phone", "is_staff", "is_active", "forget_factors"]
    ordering = ["email"]
    show_full_result_count = False
    actions = None

    def get_readonly_fields(self, request, obj=None):
        # Nobody closes the door on themselves.
        own = ["is_staff", "is_active"] if obj == request.user else []
        return ["email", *own]

    def save_model(self, request, obj, form, change):
        at = timezone.now()
        agents.change_account(obj, by=request.user, at=at)
        if form.cleaned_data["forget_factors"]:
            agents.forget_factors(obj, by=request.user, at=at)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class OfAgents(OrNotFound):
    """What every agent sees of their own office, and the national team of all; it is neither made nor deleted here."""

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if request.user.is_national else self.own(rows, request.user)

    def has_module_permission(self, request):
        return request.user.is_agent

    def has_view_permission(self, request, obj=None):
        return request.user.is_agent

    # The row that is changed comes from the queryset above.
    has_change_permission = has_view_permission

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Office)
class OfficeAdmin(Titled, OfAgents, PublicAdmin):
    """The public contact of an office; its name is the national team's."""

    heading = "Service référent"
    # They are people's names and addresses.
    tells_values = False
    list_display = ["name", "kind", "contact_name", "contact_email", "contact_phone"]
    list_filter = ["kind"]
    search_fields = ["name"]
    fields = ["name", "kind", "region", "department", "contact_name", "contact_email", "contact_phone"]
    actions = None

    def own(self, rows, person):
        return rows & Office.objects.of(person)

    def get_readonly_fields(self, request, obj=None):
        place = ["kind", "region", "department"]
        return place if request.user.is_national else ["name", *place]


@admin.register(OfficeMembership)
class AgentAdmin(Searched, Titled, WithoutDjangosLog, OfAgents, admin.ModelAdmin):
    """An agent's absence and deputy, their own; and for the national team, whether they are at work at all."""

    form = AgentForm
    heading = "Absence et suppléant"
    list_display = ["user", "office", "is_active", "absent_from", "absent_until", "deputy"]
    list_filter = ["is_active", "office__kind"]
    list_select_related = ["user", "office", "deputy"]
    search_fields = ["user__email", "user__name", "office__name"]
    fields = ["user", "office", "is_active", "absent_from", "absent_until", "deputy"]
    ordering = ["office__name", "user__name", "pk"]
    show_full_result_count = False
    actions = None

    def own(self, rows, person):
        return rows.filter(user=person, is_active=True)

    def get_readonly_fields(self, request, obj=None):
        # Nobody closes the door on themselves: so somebody of the national team is always left.
        own = obj is not None and obj.user_id == request.user.pk
        right = [] if request.user.is_national and not own else ["is_active"]
        return ["user", "office", *right]

    def save_model(self, request, obj, form, change):
        agents.change_member(obj, by=request.user, at=timezone.now())


@admin.register(OfficeInvitation)
class AgentInvitationAdmin(Searched, Titled, WithoutDjangosLog, OrNotFound, ForTheNation, admin.ModelAdmin):
    """Invitations of agents; one that waits may be withdrawn."""

    form = AgentInvitationForm
    heading = "Inviter un agent"
    list_display = ["email", "office", "invited_by", "created_at", "expires_at", "accepted_at"]
    list_select_related = ["office", "invited_by"]
    search_fields = ["email", "office__name"]
    fields = ["email", "office"]
    show_full_result_count = False
    actions = None

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def add_view(self, request, form_url="", extra_context=None):
        plain = {"show_save_and_continue": False} | (extra_context or {})
        return super().add_view(request, form_url, plain)

    def save_model(self, request, obj, form, change):
        invitation = agents.invite(obj.office, obj.email, by=request.user, at=timezone.now())
        obj.pk = invitation.pk

    def delete_model(self, request, obj):
        agents.withdraw_invitation(obj, by=request.user, at=timezone.now())

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        waits = obj is None or obj.accepted_at is None
        return waits and super().has_delete_permission(request, obj)


@admin.register(Partner)
class PartnerAdmin(PublicAdmin):
    list_display = ["name", "region", "department", "position"]
    list_filter = ["region"]
    list_select_related = ["region", "department"]
    search_fields = ["name"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
