"""Who may act? Predicates that answer (allowed, French reason). Scope itself lies in the lookup."""

from events.models import Event
from organizers.models import Membership, Organization
from organizers.permissions import Allowed, unless


def is_agent(user) -> Allowed:
    if getattr(user, "is_agent", False):
        return Allowed(True)
    return Allowed(False, "Vous n’êtes agent d’aucun service référent.")


def may_edit(user, event: Event) -> Allowed:
    if Membership.objects.filter(user=user, organization=event.organization_id).exists():
        return Allowed(True)
    return Allowed(False, "Cet événement est celui d’une autre organisation.")


def may_examine(user, event: Event) -> Allowed:
    if Event.objects.examinable_by(user).filter(pk=event.pk).exists():
        return Allowed(True)
    return Allowed(False, "Cet événement n’est pas dans votre territoire.")


def may_decide(user, event: Event) -> Allowed:
    return _unless_own(bool(may_edit(user, event))) and may_examine(user, event)


def may_decide_here(event: Event) -> Allowed:
    """May the person for whom it was read with `for_examination` decide on the event?"""
    return _unless_own(event.is_own)


def _unless_own(is_own: bool) -> Allowed:
    return unless(not is_own, "Vous êtes membre de l’organisation : un collègue doit décider.")


def may_merge(user, *organizations: Organization) -> Allowed:
    """May an agent make one of these organizations? All that they ever sent must be within the agent's right."""
    if Membership.objects.filter(user=user, organization__in=organizations).exists():
        return Allowed(False, "Vous êtes membre de l’une des deux : un collègue doit les regrouper.")
    sent = Event.objects.filter(organization__in=organizations, submitted_at__isnull=False)
    elsewhere = sent.exclude(pk__in=Event.objects.examinable_by(user).values("pk")).exists()
    return unless(
        not elsewhere, "L’une des deux a des événements ailleurs : l’équipe nationale peut les regrouper."
    )


def may_undo(user, event: Event) -> Allowed:
    last = event.decisions.last()
    if last is None or last.by_id != user.pk:
        return Allowed(False, "Seul l’auteur d’une décision peut l’annuler.")
    return may_decide(user, event)


def may_cancel(user, event: Event) -> Allowed:
    return may_edit(user, event) or may_examine(user, event)


def may_delete_account(user) -> Allowed:
    if left := [each.name for each in Organization.objects.only_owned_by(user)]:
        names = ", ".join(f"« {name} »" for name in left)
        return Allowed(False, f"Vous êtes seul responsable de {names} : nommez d’abord un autre responsable.")
    return Allowed(True)
