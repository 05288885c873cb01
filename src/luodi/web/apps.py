"""The web app's name for Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "luodi.web"
    default_auto_field = "django.db.models.BigAutoField"
