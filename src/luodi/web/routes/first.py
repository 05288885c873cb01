"""Signing in, the desk, search, projects, indicators."""

from django.urls import path

from luodi.web.views import desk, indicators, projects, search, sign

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("search/", search.search, name="search"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/<path:code>/", projects.project, name="project"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/<str:indicator>/rows/", indicators.trace, name="trace"),
    path("sign-in/", sign.sign_in, name="sign_in"),
    path("sign-out/", sign.sign_out, name="sign_out"),
    path("preferences/", sign.preferences, name="preferences"),
]
