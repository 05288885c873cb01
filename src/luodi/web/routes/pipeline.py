"""The pipeline: projects on a board by stage."""

from django.urls import path

from luodi.web.views import pipeline

urlpatterns = [path("pipeline/", pipeline.pipeline, name="pipeline")]
