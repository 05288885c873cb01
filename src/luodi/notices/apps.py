"""Start of notices: load every module's `notices.py`, which declares what it looks for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps


class NoticesConfig(AppConfig):
    """Notices among Django's applications."""

    name = "luodi.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Find the sources."""
        for config in apps.get_app_configs():
            if config.name.startswith("luodi.") and (Path(config.path) / "notices.py").is_file():
                import_module(f"{config.name}.notices")
