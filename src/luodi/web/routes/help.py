"""Help: what a page is for, what its words mean."""

from django.urls import path

from luodi.web.views import help as views

urlpatterns = [path("help/", views.contents, name="help_contents"), path("help/<str:topic>/", views.topic, name="help")]
