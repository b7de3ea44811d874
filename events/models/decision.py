from django.conf import settings
from django.db import models
from django.db.models import Q

from events.enums import Rule, Transition


class Decision(models.Model):
    """One line of an event's history. Append-only: a trigger refuses UPDATE and DELETE."""

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="decisions")
    event_version = models.PositiveIntegerField("version lue")
    transition = models.CharField("décision", max_length=20, choices=Transition)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="par")
    office = models.ForeignKey(
        "organizers.Office", models.PROTECT, null=True, blank=True, verbose_name="service"
    )
    at = models.DateTimeField("le")
    comment = models.TextField("commentaire", blank=True)
    rule = models.CharField("règle", max_length=20, choices=Rule, blank=True)
    findings = models.JSONField("avis par règle", default=list, blank=True)
    # What is to be mended, by the form's field, in the referent's words.
    field_comments = models.JSONField("demandes par champ", default=dict, blank=True)
    # What a referent decided on (see `snapshots`); none for an organizer's own act.
    contents = models.JSONField("contenu lu", null=True, blank=True)

    class Meta:
        verbose_name = "décision"
        ordering = ["at", "pk"]
        # The journal reads all of them, the latest first.
        indexes = [models.Index("at", "id", name="decision_at")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(transition=Transition.REFUSE) | (~Q(rule="") & ~Q(comment="")),
                name="decision_refusal_explained",
                violation_error_message="Un refus nomme la règle et dit quoi changer.",
            ),
            models.CheckConstraint(
                condition=~Q(transition__in=[Transition.REQUEST_CHANGES, Transition.WITHDRAW])
                | ~Q(comment=""),
                name="decision_comment_given",
                violation_error_message="Cette décision demande une explication.",
            ),
        ]

    def __str__(self):
        return f"{self.get_transition_display()} – {self.event_id}"


class LabelCounter(models.Model):
    """The last label number given in an edition and a territory: numbers run from 1 without a gap."""

    edition = models.ForeignKey("semaine.Edition", models.PROTECT)
    territory = models.CharField("code du territoire", max_length=3)
    last = models.PositiveIntegerField("dernier numéro", default=0)

    class Meta:
        verbose_name = "compteur de labels"
        verbose_name_plural = "compteurs de labels"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "territory"],
                name="label_counter_unique",
                violation_error_message="Ce territoire a déjà un compteur dans cette édition.",
            )
        ]

    def __str__(self):
        return f"{self.edition} {self.territory} : {self.last}"
