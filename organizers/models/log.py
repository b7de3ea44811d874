from django.db import models

from organizers.enums import LogKind
from organizers.models.office import Office
from organizers.models.user import User


class LogLine(models.Model):
    """One line of the log of access: who came in, who gave or took a right. Append-only: a trigger refuses the rest.

    It names accounts and offices, and holds nothing of a person itself: an account that is erased is erased here too.
    """

    at = models.DateTimeField("le")
    kind = models.CharField("quoi", max_length=20, choices=LogKind)
    # Who did it; nobody when a sign-in failed.
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="log_lines_by", verbose_name="par"
    )
    # Whose right or sign-in it is; nobody for an invitation, whose address is not kept.
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="log_lines", verbose_name="compte"
    )
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="service"
    )
    detail = models.CharField("détail", max_length=100, blank=True)

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal des accès"
        ordering = ["at", "pk"]
        indexes = [models.Index("at", "id", name="log_line_at")]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.at:%d/%m/%Y %H:%M}"
