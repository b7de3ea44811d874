"""What the hostile requests reach: every form, every address, every parameter; and that they notice what is wrong."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import override_settings
from django.urls import get_resolver, path

from events.dashboard_scope import DashboardForm
from events.exports.options import SheetForm
from events.filters import ProgrammeFilter
from events.journal import JournalForm
from events.map_box import ViewForm
from events.queue import ExaminationFilter
from events.views.embed import EmbedForm
from events.views.oembed import OEmbedForm
from organizers.organization_forms import SiretForm
from tests import authorizations
from tests.hostile.drawing import NAMES
from tests.hostile.reading import API
from tests.hostile.visit import Visit, Visitor, route_of

pytestmark = pytest.mark.django_db
# Templates with a form that no page shows here.
NO_FORM = {
    "503.html": "the database is away: test_failures",
    "style.html": "the page of examples, with DEBUG only",
    "style_lists.html": "the page of examples, with DEBUG only",
}
ROWS = (
    "events/{}",
    ("event", "featuredevent", "figuressnapshot", "organizermessage", "replytemplate", "term"),
)
OTHER_ROWS = ("organizers/{}", ("office", "officeinvitation", "officemembership", "partner", "user"))
NEVER_DELETED = (
    "events/event",
    "events/figuressnapshot",
    "events/term",
    "organizers/office",
    "organizers/user",
)
NEVER_ADDED = ("events/event", "organizers/office", "organizers/officemembership", "organizers/user")
# Addresses that open to nobody here and that no form is sent to. Drawn requests ask for them all the same.
NO_PAGE = {
    f"admin/{app.format(model)}/<path:object_id>/": "leads to the form of the row"
    for app, models in (ROWS, OTHER_ROWS, ("semaine/{}", ("edition",)))
    for model in models
}
NO_PAGE |= {f"admin/{model}/add/": "refused to all" for model in NEVER_ADDED}
NO_PAGE |= {
    f"admin/{model}/<path:object_id>/delete/": "refused to all"
    for model in (*NEVER_DELETED, "organizers/officemembership")
}
NO_PAGE |= {
    "^chiffres/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$": "leads to the figures of that day",
    "admin/(?P<url>.*)$": "is nowhere",
    "admin/events/event/<path:object_id>/change/": "leads to the examination",
    "admin/login/": "leads to the sign-in",
    "admin/password_change/": "leads to the page of the account",
    "admin/r/": "is nowhere",
    "admin/r/<path:content_type_id>/<path:object_id>/": "is nowhere",
    "api/v1/(?P<path>.+)$": "is nowhere",
    "compte/proconnect/deconnecte/": "leads to the sign-in",
    "compte/proconnect/deconnexion/": "leads home whoever came another way",
    "compte/proconnect/retour/": "leads to the sign-in, with what went wrong",
    "compte/securite/cles/": "leads to the page of all factors",
}


def test_every_form_of_the_site_is_reached(seen):
    folder = Path(settings.BASE_DIR) / "templates"
    with_form = {
        str(each.relative_to(folder)) for each in folder.rglob("*.html") if "<form" in each.read_text()
    }
    assert sorted(with_form - seen.templates) == sorted(NO_FORM)


def test_every_address_is_reached(seen):
    routes = set(authorizations.routes(get_resolver().url_patterns))
    named = {route_of(address.format(home=1)) for address in API}
    assert sorted(routes - seen.opened - seen.sent_to - named) == sorted(NO_PAGE)


def test_every_parameter_of_a_form_of_ours_is_on_its_page(seen):
    forms = (DashboardForm, JournalForm, EmbedForm, OEmbedForm, SheetForm, ViewForm, SiretForm)
    asked = {name for form in forms for name in form.base_fields}
    asked |= {*ExaminationFilter.base_filters, *ProgrammeFilter.base_filters}
    assert sorted(asked - {name for page in seen.pages for name in page.parameters}) == []


def test_every_parameter_read_by_the_code_is_drawn():
    read = re.compile(
        r"""(?:GET|query_params)(?:\.get(?:list)?\(|\[)["']([^"']+)["']|["']([^"']+)["'] in \w+\.GET"""
    )
    found = set()
    for app in ("events", "organizers", "semaine"):
        for file in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            found |= {one or other for one, other in read.findall(file.read_text())}
    assert len(found) > 10
    assert found - {*NAMES} == set()


def breaks(request):
    """A page with a form that trusts what it is sent."""
    if request.method == "POST":
        int(request.POST["number"])
    return HttpResponse(
        '<form method="post"><input name="number" value="1"></form>', content_type="text/html"
    )


urlpatterns = [path("casse/", breaks)]


def test_error_and_slowness_are_noticed(visitor):
    broken = Visit("visitor", "/casse/", form=0, changes=(("replace", "number", "\ud800"),))
    honest = Visit("visitor", "/casse/", form=0, changes=(("replace", "number", "2"),))
    slow = Visitor(visitor.site, slowest=0.0)
    with override_settings(ROOT_URLCONF="tests.hostile.test_reach"):
        assert visitor.fault(honest) == ""
        assert visitor.fault(broken) == f"500 casse/ {broken.as_json()}"
        assert re.fullmatch(r"0\.0 s, then 0\.0 s casse/ \{.*\}", slow.fault(honest))


def test_request_is_made_again_from_what_is_printed():
    visit = Visit("owner", "/é\ud800/", "POST", (("a", "\x00"),), "%ff", 2, (("file", "image", "text"),))
    assert Visit.from_json(visit.as_json()) == visit
