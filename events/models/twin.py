from django.db import models


class PossibleTwin(models.Model):
    """Two events that may be the same one, as `duplicates` finds them: a row each way, so that a list reads one."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="possible_twins")
    other = models.ForeignKey("events.Event", models.CASCADE, related_name="possible_twin_of")

    class Meta:
        verbose_name = "doublon possible"
        verbose_name_plural = "doublons possibles"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "other"],
                name="possible_twin_once",
                violation_error_message="Ces deux événements sont déjà rapprochés.",
            ),
            models.CheckConstraint(
                condition=~models.Q(event=models.F("other")),
                name="possible_twin_of_another",
                violation_error_message="Un événement n’est pas son propre doublon.",
            ),
        ]

    def __str__(self):
        return f"{self.event_id} – {self.other_id}"


class TwinSearch(models.Model):
    """For which state of an event its twins were last looked for."""

    event = models.OneToOneField("events.Event", models.CASCADE, primary_key=True, related_name="twin_search")
    state = models.DateTimeField("état du")

    class Meta:
        verbose_name = "recherche de doublons"
        verbose_name_plural = "recherches de doublons"

    def __str__(self):
        return f"{self.event_id}, {self.state}"
