"""What was done to the frame of the site: editions, lists, offices, partners, organizations.

The lines are those of Django's own log, which the pages « Historique » of the admin read. The database refuses to
change or delete one. They name no person but their author.
"""

from datetime import date, datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BaseInlineFormSet, ModelChoiceField

from semaine.dates import HOME_ZONE, day_words, hour_words, local

LONGEST_NAME = 200


def write(row: Model, words: str, *, by, at: datetime, flag: int = CHANGE) -> None:
    """Add a line about a row. `words`: French sentences that say what was done."""
    LogEntry.objects.create(
        user=by,
        action_time=at,
        content_type=ContentType.objects.get_for_model(row),
        object_id=f"{row.pk}",
        object_repr=f"{row}"[:LONGEST_NAME],
        action_flag=flag,
        change_message=words,
    )


def of(model: type[Model]) -> QuerySet:
    """Return the lines about the rows of a model, the latest first, with their author."""
    kind = ContentType.objects.get_for_model(model)
    rows = LogEntry.objects.filter(content_type=kind).select_related("user")
    return rows.order_by("-action_time", "-pk")


def changes(form: BaseForm) -> str:
    """Return what a valid form of a row changes, from which value to which; what is not filled in is not named."""
    return " ".join(filter(None, (_change(form, name) for name in form.changed_data)))


def names(form: BaseForm) -> str:
    """Return which fields a form changes, where the values are nobody's business."""
    labels = ", ".join(f"{form.fields[name].label}".lower() for name in form.changed_data)
    return f"Champs modifiés : {labels}." if labels else ""


def rows(formset: BaseInlineFormSet) -> str:
    """Return what was added, changed and deleted of the rows below a row, once they are saved."""
    name = formset.model._meta.verbose_name
    changed = {row.pk for row, _ in formset.changed_objects}
    lines = [f"Ajout, {name} : {row}." for row in formset.new_objects]
    lines += [
        f"Modification, {name} : {form.instance}. {changes(form)}"
        for form in formset.initial_forms
        if form.instance.pk in changed
    ]
    lines += [f"Suppression, {name} : {row}." for row in formset.deleted_objects]
    return " ".join(lines)


def _change(form: BaseForm, name: str) -> str:
    field = form.fields[name]
    before, after = (
        _words(field, value)
        for value in (form.get_initial_for_field(field, name), form.cleaned_data.get(name))
    )
    if before and after:
        return f"{field.label} : {before} → {after}."
    if before:
        return f"{field.label} : {before} est retiré."
    return f"{field.label} : {after}." if after else ""


def _words(field, value: Any) -> str:
    """Return a value of a field as a person reads it; nothing for an empty one."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value in (None, ""):
        return ""
    if isinstance(field, ModelChoiceField):
        return f"{field.to_python(value)}"
    if isinstance(value, datetime):
        there = local(value, HOME_ZONE)
        return f"{day_words(there.date(), year=True)} à {hour_words(there)}"
    if isinstance(value, date):
        return day_words(value, year=True)
    labels = dict(getattr(field, "choices", ()))
    return f"« {labels.get(value, value)} »"
