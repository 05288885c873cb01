"""The inbox, and how a person wants to be told."""

from django.urls import path

from luodi.web.views import notices

urlpatterns = [
    path("notices/", notices.inbox, name="notices"),
    path("notices/preferences/", notices.preferences, name="notice_preferences"),
    path("notices/<int:row>/", notices.follow, name="notice"),
]
