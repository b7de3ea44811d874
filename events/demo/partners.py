"""Partners of the examples, which say that they are: no real one is invented for a territory."""

from events.demo.accounts import DEPARTMENT, REGION
from organizers.models import Partner


def load() -> None:
    for place in ({"department_id": DEPARTMENT}, {"region_id": REGION}):
        Partner.objects.get_or_create(name="Partenaire d’exemple", **place)
