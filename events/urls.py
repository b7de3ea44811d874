from django.urls import path

from events.views import editions, event, home, map, organizers, programme, submission, territories

urlpatterns = [
    path("", home.home, name="home"),
    path("programme/", programme.programme, name="programme"),
    path("editions/", editions.index, name="editions"),
    path("editions/<int:year>/", programme.past_edition, name="edition"),
    path("carte/", map.page, name="map"),
    path("carte/donnees.json", map.data, name="map_data"),
    path("evenements/<int:year>/<slug:slug>/", event.page, name="event"),
    path("evenements/<int:year>/<slug:slug>.ics", event.calendar, name="event_ics"),
    path("territoires/", territories.index, name="territories"),
    path("territoires/outre-mer/", territories.overseas, name="overseas"),
    path("territoires/<slug:slug>/", territories.region, name="region"),
    path("territoires/<slug:region>/<slug:slug>/", territories.department, name="department"),
    path("organisateurs/<slug:slug>/", organizers.page, name="organizer"),
    path("espace/", submission.space, name="space"),
    path("espace/evenements/nouveau/", submission.create, name="space_new"),
    path("espace/evenements/<int:pk>/", submission.edit, name="space_event"),
    path("espace/evenements/<int:pk>/envoyer/", submission.send, name="space_send"),
    path("espace/evenements/<int:pk>/annuler/", submission.cancel, name="space_cancel"),
    path("espace/evenements/<int:pk>/retablir/", submission.reopen, name="space_reopen"),
    path("espace/evenements/<int:pk>/supprimer/", submission.delete, name="space_delete"),
]
