from django.contrib.sessions.models import Session
from django.db import models

from organizers.models.user import User
from organizers.querysets import OpenSessionQuerySet


class OpenSession(models.Model):
    """Whose a session is, so that they can see where they are signed in. It goes with the session."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="open_sessions")
    # « Firefox sur Windows »: neither the address nor the exact version.
    device = models.CharField("appareil", max_length=60)
    began_at = models.DateTimeField("ouverte le")

    objects = OpenSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "connexion ouverte"
        verbose_name_plural = "connexions ouvertes"
        ordering = ["-began_at", "-pk"]

    def __str__(self):
        return self.device
