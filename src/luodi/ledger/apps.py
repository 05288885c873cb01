"""Start of the ledger: find what fact types the installed modules declare, and put the guards back after each migration."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class LedgerConfig(AppConfig):
    """The ledger among Django's applications."""

    name = "luodi.ledger"

    def ready(self) -> None:
        """Load every module's `facts.py`; guard the facts whenever tables may have been made anew."""
        from luodi.ledger import guards

        autodiscover_modules("facts")
        post_migrate.connect(guards.put_after_migration, sender=self, dispatch_uid="luodi.ledger.guards")
