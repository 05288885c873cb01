"""Acts on a project. Not below `projects/`, whose address takes any code, slashes too."""

from django.urls import path

from luodi.web.views import project_acts

urlpatterns = [path("project-acts/<str:verb>/<path:code>/", project_acts.project_act, name="project_act")]
