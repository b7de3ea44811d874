"""What a process keeps until what stands around the events changes."""

import pytest

from semaine import structure
from semaine.models import Region, SiteRevision
from tests import factories

pytestmark = pytest.mark.django_db


@structure.kept
def names() -> list[str]:
    return sorted(Region.objects.values_list("name", flat=True))


def read() -> list[str]:
    return names(SiteRevision.objects.structure())


def test_read_once_for_a_structure(django_assert_num_queries):
    factories.region()
    before = read()
    with django_assert_num_queries(1):
        assert read() is before


def test_label_changes_the_revision_and_not_the_structure():
    SiteRevision.objects.bump()
    before = read(), SiteRevision.objects.number(), SiteRevision.objects.structure()
    SiteRevision.objects.bump(structure=False)
    assert SiteRevision.objects.number() == before[1] + 1
    assert SiteRevision.objects.structure() == before[2]
    assert read() is before[0]


def test_change_of_the_structure_is_read():
    region = factories.region()
    read()
    Region.objects.filter(pk=region.pk).update(name="Autre nom")
    SiteRevision.objects.bump()
    assert read() == ["Autre nom"]


def test_site_without_any_change_has_a_structure():
    assert (SiteRevision.objects.structure(), SiteRevision.objects.number()) == (0, 0)
