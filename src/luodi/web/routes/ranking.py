"""Rankings of units by an indicator."""

from django.urls import path

from luodi.web.views import ranking

urlpatterns = [path("ranking/", ranking.ranking, name="ranking")]
