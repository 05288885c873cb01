"""The web app's name for Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages among Django's applications."""

    name = "luodi.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to who signs in."""
        from luodi.web import people_log

        people_log.listen()
