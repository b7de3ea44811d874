from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("bonjour/", lambda request: HttpResponse("Bonjour")),
    path("", include("semaine.urls")),
]
