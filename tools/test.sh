#!/bin/sh
# Every test there is: rules and actions on SQLite, the store's half again on PostgreSQL, journeys in a browser.
set -eu
cd "$(dirname "$0")/.."
pytest() { .venv/bin/python -m pytest -q -n 2 --dist loadgroup -m "not long" "$@"; }

.venv/bin/lint-imports
.venv/bin/python -m ruff check src tests tools
pytest tests --ignore=tests/journeys
LUODI_TEST_STORE=postgresql pytest tests/integration tests/spec
# An empty folder of journeys would exit 5: there is always at least one.
pytest tests/journeys
