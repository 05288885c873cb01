"""Imports: upload, preview, confirm, progress, history; blank templates."""

from django.urls import path

from luodi.web.views import imports

urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:row>/", imports.job, name="import"),
    path("imports/<int:row>/marked/", imports.marked, name="import_marked"),
    path("imports/templates/<str:kind>/", imports.template, name="import_template"),
]
