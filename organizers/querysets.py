from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from organizers.enums import MembershipRole, OfficeKind
from semaine.dates import today


class OrganizationQuerySet(models.QuerySet):
    def of(self, user):
        """The organizations in whose name a person acts."""
        return self.filter(memberships__user=user)

    def owned_by(self, user):
        return self.filter(memberships__user=user, memberships__role=MembershipRole.OWNER)

    def only_owned_by(self, user):
        """Those that would be left without an owner if this person went, though they have members or events."""
        others = self.model.members.through.objects.filter(organization=OuterRef("pk")).exclude(user=user)
        alone = self.owned_by(user).exclude(Exists(others.filter(role=MembershipRole.OWNER)))
        return alone.filter(Q(events__isnull=False) | Exists(others)).distinct()


class OfficeQuerySet(models.QuerySet):
    def of(self, user):
        """The offices for which a person examines: active memberships only."""
        return self.filter(memberships__user=user, memberships__is_active=True)

    def with_active_agent(self, at: datetime):
        """The offices where somebody is at work on that day."""
        day = today(at)
        agents = self.model.agents.through.objects.filter(
            office=OuterRef("pk"), is_active=True, user__is_active=True
        )
        return self.filter(Exists(agents.exclude(absent_from__lte=day, absent_until__gte=day)))

    def for_department(self, department):
        """The offices that may examine what happens in a département, nearest first; the nation's for None."""
        competent = Q(kind=OfficeKind.NATIONAL)
        if department is not None:
            competent |= Q(department=department)
        if department is not None and department.region_id:
            competent |= Q(region=department.region_id)
        return self.filter(competent).annotate(step=_step()).order_by("step")

    def for_region(self, region):
        """The offices of a region: its own, then the nation's."""
        competent = Q(kind=OfficeKind.NATIONAL) | Q(region=region)
        return self.filter(competent).annotate(step=_step()).order_by("step")


class PartnerQuerySet(models.QuerySet):
    def of_department(self, department):
        """A département's own partners, then those of its region."""
        there = Q(department=department)
        if department.region_id:
            there |= Q(region=department.region_id)
        own_first = F("department").asc(nulls_last=True)
        return self.filter(there).select_related("region").order_by(own_first, *self.model._meta.ordering)

    def of_region(self, region):
        return self.filter(region=region).select_related("region")


def _step():
    return models.Case(
        models.When(kind=OfficeKind.DEPARTMENTAL, then=0),
        models.When(kind=OfficeKind.REGIONAL, then=1),
        default=2,
        output_field=models.IntegerField(),
    )
