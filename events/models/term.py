from django.db import models

from events.enums import TermKind


class TermQuerySet(models.QuerySet):
    def labels(self, kind: TermKind) -> dict[str, str]:
        """Return the labels by code, those of the terms that are no longer proposed included."""
        return dict(self.filter(kind=kind).values_list("code", "label"))

    def by_kind(self) -> dict[TermKind, list["Term"]]:
        """Return all terms by kind, those that are no longer proposed included, in one query."""
        found = {kind: [] for kind in TermKind}
        for term in self.all():
            found[term.kind].append(term)
        return found

    def choices(self, kind: TermKind) -> list[tuple[str, str]]:
        """Return (code, label) of the active terms of a kind, in the order of the national team."""
        return list(self.filter(kind=kind, is_active=True).values_list("code", "label"))


class Term(models.Model):
    """A word of a list that the national team edits: filières, natures, thèmes."""

    kind = models.CharField("liste", max_length=10, choices=TermKind)
    code = models.SlugField("code", help_text="Il figure dans les adresses : il ne change jamais.")
    label = models.CharField("libellé", max_length=80)
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_active = models.BooleanField("proposé", default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "terme"
        ordering = ["kind", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="term_unique",
                violation_error_message="Ce code existe déjà dans cette liste.",
            )
        ]

    def __str__(self):
        return self.label
