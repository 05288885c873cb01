"""Start of the ledger: find the fact types that modules declare; put the guards back after each migration."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    """The ledger among Django's applications."""

    name = "luodi.ledger"

    def ready(self) -> None:
        """Load every module's `facts.py` (and `facts_*.py`); guard the facts after each migration."""
        from luodi.ledger import guards

        for config in apps.get_app_configs():
            if config.name.startswith("luodi."):
                _load_facts(config)
        post_migrate.connect(guards.put_after_migration, sender=self, dispatch_uid="luodi.ledger.guards")


def _load_facts(config: AppConfig) -> None:
    for file in sorted(Path(config.path).glob("facts*.py")):
        import_module(f"{config.name}.{file.stem}")
