"""Targets by unit, and breaking one down."""

from django.urls import path

from luodi.web.views import target_splitting, targets

urlpatterns = [
    path("targets/", targets.targets, name="targets"),
    path("targets/break-down/", target_splitting.break_down, name="target_break_down"),
]
