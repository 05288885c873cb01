"""Files of evidence."""

from django.urls import path

from luodi.web.views import evidence

urlpatterns = [
    path("evidence/<str:digest>/", evidence.opened, name="evidence"),
    path("submissions/<int:row>/scan/", evidence.scan, name="submission_scan"),
]
