"""Period close."""

from django.urls import path

from luodi.web.views import closing

urlpatterns = [path("closing/", closing.closing_page, name="closing")]
