"""The same stores as the short tests have."""

from tests.integration.ledger.conftest import (  # noqa: F401
    embedded,
    embedded_template,
    postgresql,
    postgresql_server,
    postgresql_template,
    store,
)
