"""Papers."""

from django.urls import path

from luodi.web.views import papers

urlpatterns = [path("papers/", papers.papers, name="papers")]
