"""The indicator explorer."""

from django.urls import path

from luodi.web.views import explorer

urlpatterns = [path("indicators/explore/", explorer.explorer, name="explorer")]
