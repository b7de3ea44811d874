from django.urls import path, re_path

from events.api import pages, views, writing
from events.api.filters import PARAMETERS
from events.api.gate import limited, open_data

reads = open_data(*PARAMETERS)

# `schema.json`, the columns of the CSV, is an export's.
urlpatterns = [
    path("", pages.page, name="api"),
    path("openapi.json", open_data()(pages.document), name="api_document"),
    path("events", reads(views.Events.as_view()), name="api_events"),
    path("events/validate", limited("check")(writing.Validate.as_view()), name="api_validate"),
    path("events/<str:uid>", open_data()(views.OneEvent.as_view()), name="api_event"),
    path("facets", reads(views.Facets.as_view()), name="api_facets"),
    path("organizations", reads(views.Organizations.as_view()), name="api_organizations"),
    path(
        "organizations/<int:organization>/events/ext/<str:key>/<str:value>",
        limited("write")(writing.ByName.as_view()),
        name="api_upsert",
    ),
    path("territories", reads(views.Territories.as_view()), name="api_territories"),
    re_path("^(?P<path>.+)$", pages.nothing),
]
