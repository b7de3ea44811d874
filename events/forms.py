"""The reason that cancels an event. What makes one is in `step_forms`."""

from events.step_forms.fields import text
from semaine.forms import PortalForm, required


class CommentForm(PortalForm):
    comment = text(
        "Pourquoi l’annulez-vous ?",
        1000,
        rows=3,
        required=True,
        help_text="Le public lira cette raison sur la page de l’événement, s’il est au programme.",
        error_messages=required("Écrivez la raison : le public et le référent la liront."),
    )
