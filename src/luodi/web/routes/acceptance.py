"""Acceptance: the queue and one submission."""

from django.urls import path

from luodi.web.views import acceptance

urlpatterns = [
    path("acceptance/", acceptance.queue, name="acceptance"),
    path("acceptance/<int:row>/", acceptance.submission, name="submission"),
]
