"""Every address there is: pages, and the API once it is there."""

from django.urls import include, path

urlpatterns = [
    path("", include("luodi.web.urls")),
]
