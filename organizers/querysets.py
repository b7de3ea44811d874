from datetime import date, datetime

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When

from organizers.enums import JoinState, MembershipRole, OfficeKind
from organizers.names import name_key
from semaine.dates import today

# From 0 to 1: the same words in another order, one letter more or less.
ALIKE = 0.6
MOST_ALIKE = 5


class OrganizationQuerySet(models.QuerySet):
    def of(self, user):
        """The organizations in whose name a person acts."""
        return self.filter(memberships__user=user)

    def managed_by(self, user):
        """The organizations whose members and description a person looks after."""
        return self.filter(memberships__user=user, memberships__role=MembershipRole.OWNER)

    def at(self, slug: str):
        """The one that an address names; the address of one that was merged leads to the other."""
        return self.filter(Q(slug=slug) | self._merged(slug=slug))

    def with_siret(self, siret: str):
        """The one that has this number, or into which the one that had it was merged."""
        return self.filter(Q(siret=siret) | self._merged(siret=siret))

    def _merged(self, **known) -> Q:
        former = self.model._meta.get_field("former").related_model.objects.filter(**known)
        return Q(pk__in=former.values("organization"))

    def with_my_role(self, user):
        """Those of a person by name, each with `role` and the number of `requests` that wait."""
        waiting = Count("join_requests", filter=Q(join_requests__state=JoinState.PENDING))
        rows = self.of(user).annotate(role=F("memberships__role"), requests=waiting)
        return rows.order_by("name_key", "pk")

    def alike(self, name: str, department=None):
        """The organizations of a similar name, those with their seat in this département first."""
        key = name_key(name)
        near = Case(When(headquarters__department=department, then=0), default=1) if department else None
        rows = self.filter(name_key__trigram_similar=key).select_related("headquarters__department")
        rows = rows.annotate(likeness=TrigramSimilarity("name_key", key)).filter(likeness__gte=ALIKE)
        return rows.order_by(*filter(None, [near]), "-likeness", "pk")[:MOST_ALIKE]

    def namesakes(self):
        """Those of which another here has the same name, legal form aside, by name."""
        twice = self.order_by().values("name_key").annotate(number=Count("pk")).filter(number__gt=1)
        rows = self.filter(name_key__in=twice.values("name_key")).select_related("headquarters")
        return rows.order_by("name_key", "pk")

    def only_owned_by(self, user):
        """Those that would be left without an owner if this person went, though they have members or events."""
        others = self.model.members.through.objects.filter(organization=OuterRef("pk")).exclude(user=user)
        alone = self.managed_by(user).exclude(Exists(others.owners()))
        return alone.filter(Q(events__isnull=False) | Exists(others)).distinct()


class MembershipQuerySet(models.QuerySet):
    def owners(self):
        """Those who can act as owners: an account that was closed answers nobody."""
        return self.filter(role=MembershipRole.OWNER, user__is_active=True)

    def for_list(self):
        """With the person, the owners first."""
        return self.select_related("user", "organization").order_by("-role", "user__name", "user__email")


class ApiTokenQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has revoked."""
        return self.filter(revoked_at=None)

    def valid(self):
        """Those that open: made by who is an owner still, for nobody keeps a right by a token."""
        owners = self.model.organization.field.related_model.members.through.objects.owners()
        made_by_owner = owners.filter(organization=OuterRef("organization"), user=OuterRef("issued_by"))
        return self.standing().filter(Exists(made_by_owner))

    def for_list(self):
        return (
            self.standing()
            .select_related("issued_by")
            .annotate(opens=Exists(self.valid().filter(pk=OuterRef("pk"))))
        )


class InvitationQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has accepted, expired ones included."""
        return self.filter(accepted_at=None)

    def open(self, at: datetime):
        return self.waiting().filter(expires_at__gt=at)

    def for_addresses(self, emails):
        return self.filter(email__in=[email.lower() for email in emails])


class MemberInvitationQuerySet(InvitationQuerySet):
    def standing(self):
        """Those that nobody has taken back."""
        return self.filter(withdrawn_at=None)

    def waiting(self):
        return super().waiting().filter(withdrawn_at=None)


class JoinRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=JoinState.PENDING)


class OfficeQuerySet(models.QuerySet):
    def of(self, user):
        """The offices for which a person examines: active memberships only."""
        return self.filter(memberships__user=user, memberships__is_active=True)

    def with_active_agent(self, at: datetime):
        """The offices where somebody is at work on that day: an agent, or the deputy of one who is absent."""
        agents = self.model.agents.through.objects.filter(office=OuterRef("pk"))
        return self.filter(
            Exists(agents.at_work(today(at)).values("pk")) | Exists(agents.replaced(today(at)).values("pk"))
        )

    def deputising(self, office):
        """The office itself and the one above, whose agents stand in for each other."""
        kind, territory = OfficeKind.NATIONAL, Q()
        if office.department_id and office.department.region_id:
            kind, territory = OfficeKind.REGIONAL, Q(region=office.department.region_id)
        return self.filter(Q(pk=office.pk) | Q(kind=kind) & territory)

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


class OfficeMembershipQuerySet(models.QuerySet):
    def in_post(self):
        return self.filter(is_active=True, user__is_active=True)

    def at_work(self, day: date):
        return self.in_post().exclude(absent_from__lte=day, absent_until__gte=day)

    def replaced(self, day: date):
        """The agents absent on that day whose deputy is at work, and may examine there: a turn gives no right."""
        deputies = self.model.objects.at_work(day).filter(user=OuterRef("deputy"))
        competent = (
            Q(office=OuterRef("office"))
            | Q(office__region=OuterRef("office__department__region"))
            | Q(office__kind=OfficeKind.NATIONAL)
        )
        absent = self.in_post().filter(absent_from__lte=day, absent_until__gte=day)
        return absent.filter(Exists(deputies.filter(competent).values("pk")))


class OpenSessionQuerySet(models.QuerySet):
    def standing(self, at: datetime):
        """Those that have not run out, with what they hold."""
        return self.filter(session__expire_date__gt=at).select_related("session")


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
