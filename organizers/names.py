"""Names of organizations, compared: two people rarely write the same one alike."""

from django.db import models

from semaine.text import sort_key

# « SAS Fonderie Martin » and « Fonderie Martin SA » are asked as one.
LEGAL_FORMS = {
    "ei", "eirl", "epic", "ets", "etablissements", "eurl", "gie", "sa", "sarl", "sas", "sasu", "sca", "scic", "sci",
    "scop", "snc", "societe",
}  # fmt: skip


def name_key(name: str) -> str:
    """Return the name without accents, case, punctuation or legal form."""
    words = sort_key(name).split()
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


class NameKeyField(models.CharField):
    """The key of the row's own `name`, written with it."""

    def pre_save(self, instance, add):
        key = name_key(instance.name)[: self.max_length]
        setattr(instance, self.attname, key)
        return key
