"""Acts on many projects."""

from django.urls import path

from luodi.web.views import project_bulk

urlpatterns = [path("project-bulk/", project_bulk.bulk, name="project_bulk")]
