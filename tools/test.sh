#!/bin/sh
# Every test there is: all of it on SQLite, what touches the store again on PostgreSQL, journeys in a browser.
set -eu
cd "$(dirname "$0")/.."
pytest() { .venv/bin/python -m pytest -q -n 2 --dist loadgroup -m "not long" "$@"; }

.venv/bin/lint-imports
.venv/bin/python -m ruff check src tests tools
pytest tests --ignore=tests/journeys
LUODI_TEST_STORE=postgresql pytest tests/integration/test_stores.py tests/integration/ledger tests/integration/identity \
    tests/integration/projects tests/integration/statistics tests/integration/exchange tests/integration/indicators \
    tests/spec/indicators
pytest tests/journeys
