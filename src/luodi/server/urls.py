"""Every address there is: the API, and the pages."""

from django.urls import include, path, re_path

from luodi.api.operations import api, no_such_address

urlpatterns = [
    path("api/", api.urls),
    re_path("^api/", no_such_address),
    path("", include("luodi.web.urls")),
]
