"""Which pages are asked for, and what they may cost."""

from django.db.models import Count
from django.utils import timezone

from events.models import Event
from semaine.models import Edition

# Those that are also asked for kept, unchanged, and through the proxy.
EVERY_WAY = ("accueil", "programme", "événement", "carte, points")
FIVE_FILTERS = "public=demandeurs-emploi&nature=visite&mode=sur-place&acces=inscription&rayon=50&pres=59350"


def pages() -> dict[str, str]:
    """Return the addresses to ask for, by name. They lie in what was synthesized."""
    edition = Edition.objects.current(timezone.now())
    shown = Event.objects.public().filter(edition=edition)
    event = shown.upcoming(timezone.now()).placed().order_by("pk").first()
    department = shown.placed().values("department").annotate(number=Count("pk")).order_by("-number")[0]
    code = department["department"]
    return {
        "accueil": "/",
        "programme": "/programme/",
        "programme, 5 filtres": f"/programme/?{FIVE_FILTERS}",
        "programme, mots": "/programme/?q=visite+usine",
        "programme, mot rare": "/programme/?q=zinguerie",
        "programme, près de": "/programme/?pres=59350",
        "programme, page 50": "/programme/?page=50",
        "programme, département": f"/programme/?departement={code}",
        "carte": "/carte/",
        "carte, France": "/carte/donnees.json?bbox=-6,41,10,52&zoom=6",
        "carte, points": "/carte/donnees.json?bbox=2.2,48.8,2.5,48.95&zoom=12",
        "événement": event.get_absolute_url(),
        "territoire": f"/territoires/{event.department.region.slug}/",
        "API, une page": "/api/v1/events?size=20",
        "agenda .ics d’un département": f"/programme.ics?departement={code}&nature=visite",
    }
