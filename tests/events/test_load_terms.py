from io import StringIO

import pytest
from django.core.management import call_command

from events.enums import TermKind
from events.models import Term

pytestmark = pytest.mark.django_db


def load():
    out = StringIO()
    call_command("load_terms", stdout=out)
    return out.getvalue()


def test_load_terms_fills_the_three_lists():
    load()
    assert set(Term.objects.values_list("kind", flat=True)) == set(TermKind.values)
    assert Term.objects.choices(TermKind.FORMAT)[0] == ("visite", "Visite")


def test_load_terms_keeps_the_labels_of_the_national_team():
    load()
    Term.objects.filter(code="visite").update(label="Visite d’entreprise", is_active=False)
    assert load() == "0\u00a0terme ajouté\n"
    term = Term.objects.get(code="visite")
    assert (term.label, term.is_active) == ("Visite d’entreprise", False)
