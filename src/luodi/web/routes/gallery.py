"""Every component, once."""

from django.urls import path

from luodi.web.views import gallery

urlpatterns = [path("gallery/", gallery.gallery, name="gallery")]
