#!/bin/sh
# Every test there is: all of it on SQLite, what touches the store again on PostgreSQL, journeys in a browser.
set -eu
cd "$(dirname "$0")/.."

# A folder for this run alone: PostgreSQL's wheel keeps its lock right in it, where another user's must not lie.
TMPDIR=$(mktemp -d)
export TMPDIR
chmod 711 "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM

pytest() { .venv/bin/python -m pytest -q -n 2 --dist loadgroup -m "not long" "$@"; }

.venv/bin/lint-imports
.venv/bin/python -m ruff check src tests tools
pytest tests --ignore=tests/journeys
LUODI_TEST_STORE=postgresql pytest tests/integration/test_stores.py tests/integration/ledger tests/integration/identity \
    tests/integration/projects tests/integration/statistics tests/integration/exchange tests/integration/indicators \
    tests/spec/indicators
pytest tests/journeys
