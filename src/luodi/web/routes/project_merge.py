"""Merging two records of one project."""

from django.urls import path

from luodi.web.views import project_merge

urlpatterns = [path("project-merge/<path:code>/", project_merge.merge, name="project_merge")]
