"""Views kept under a name."""

from django.urls import path

from luodi.web.views import saved_views

urlpatterns = [
    path("views/", saved_views.keep, name="views"),
    path("views/<str:view>/", saved_views.follow, name="view"),
]
