from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from semaine import health, views

handler500 = "semaine.failures.failed"
urlpatterns = [
    path("", include("events.urls")),
    path("", include("organizers.urls")),
    path("api/v1/", include("events.api.urls")),
    path("admin/", admin.site.urls),
    path("labelliser/", views.page("pages/labelling.html", "Comment obtenir le label"), name="labelling"),
    path(
        "accessibilite/",
        views.page("pages/accessibility.html", "Déclaration d’accessibilité"),
        name="accessibility",
    ),
    path("mentions-legales/", views.page("pages/legal.html", "Mentions légales"), name="legal"),
    path(
        "donnees-personnelles/",
        views.page("pages/privacy.html", "Données personnelles et cookies"),
        name="privacy",
    ),
    path("plan-du-site/", views.page("pages/sitemap.html", "Plan du site"), name="sitemap_page"),
    path("communes.json", views.communes, name="communes"),
    path(".well-known/security.txt", views.security, name="security_txt"),
    path("sante", health.health, name="health"),
    path("sante/pret", health.ready, name="ready"),
]
if settings.DEBUG:
    from semaine.style import style

    urlpatterns += [path("style/", style, name="style")]
