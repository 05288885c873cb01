"""Every address there is: the API, and the pages."""

from django.urls import include, path

from luodi.api.operations import api

urlpatterns = [
    path("api/", api.urls),
    path("", include("luodi.web.urls")),
]
