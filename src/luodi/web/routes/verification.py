"""Stage verification by batch."""

from django.urls import path

from luodi.web.views import verification

urlpatterns = [path("verification/", verification.queue, name="verification")]
