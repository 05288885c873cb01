"""The cockpit: the page, its full-screen version, and what waits on one desk."""

from django.urls import path

from luodi.web.views import cockpit

urlpatterns = [
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("cockpit/wall/", cockpit.wall, name="cockpit_wall"),
    path("cockpit/stuck/", cockpit.stuck, name="cockpit_stuck"),
]
