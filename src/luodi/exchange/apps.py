"""The exchange of tables among Django's applications."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables in and out."""

    name = "luodi.exchange"
    default_auto_field = "django.db.models.BigAutoField"
