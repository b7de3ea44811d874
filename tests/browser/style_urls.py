"""The site's addresses and the style page, which otherwise stands in debug only."""

from django.urls import path

from semaine.style import style
from semaine.urls import urlpatterns as site

urlpatterns = [*site, path("style/", style)]
