from django.db import models
from django.db.models import Q

from events.enums import Transition

# The decisions that carry a message which an office writes again and again.
ANSWERED = (
    Transition.REQUEST_CHANGES,
    Transition.REFUSE,
    Transition.LABEL,
    Transition.WITHDRAW,
    Transition.REFUSE_AMENDMENT,
)


class ReplyTemplate(models.Model):
    """A text that an office keeps ready for its answers."""

    office = models.ForeignKey(
        "organizers.Office", models.CASCADE, related_name="replies", verbose_name="service"
    )
    transition = models.CharField(
        "décision", max_length=20, choices=[(each.value, each.label) for each in ANSWERED]
    )
    title = models.CharField("titre", max_length=80)
    text = models.TextField("texte", max_length=2000)

    class Meta:
        verbose_name = "réponse type"
        verbose_name_plural = "réponses types"
        ordering = ["transition", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "title"],
                name="reply_template_unique",
                violation_error_message="Ce service a déjà une réponse de ce titre.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""),
                name="reply_template_written",
                violation_error_message="Une réponse type a un titre et un texte.",
            ),
        ]

    def __str__(self):
        return self.title
