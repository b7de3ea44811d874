from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from semaine import views

admin.site.site_header = "Semaine de l’industrie – examen des événements"
admin.site.site_title = "Semaine de l’industrie"
admin.site.index_title = "Accueil"
# One sign-in for all, with its rate limits and its verified addresses.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", include("events.urls")),
    path("", include("organizers.urls")),
    # The admin's short cut to "the page on the site" would tell that an event of elsewhere exists.
    re_path("^admin/r/", admin.site.admin_view(views.nowhere)),
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
    path("sante", views.health, name="health"),
]
if settings.DEBUG:
    from semaine.style import style

    urlpatterns += [path("style/", style, name="style")]
