#!/bin/sh
# Serves the demo city: makes it on the first run (anew, if its making was broken off), keeps it afterwards.
# A store that holds a real city is served as it is.
set -eu
cd "$(dirname "$0")/.."
home=${LUODI_HOME:-var}

# Tell whether there is no store yet, or only a demo that was never finished.
wants_making() {
    [ -e "$home/luodi.sqlite3" ] || return 0
    .venv/bin/python - "$home/luodi.sqlite3" <<'PYTHON'
import sqlite3, sys
try:
    notes = dict(sqlite3.connect(sys.argv[1]).execute("SELECT key, value FROM ledger_storenote"))
except sqlite3.Error:
    sys.exit(1)  # whatever it is, `luodi up` says it better
sys.exit(notes.get("synthetic") != "yes" or notes.get("demo") == "built")
PYTHON
}

if [ -z "${LUODI_DATABASE_URL:-}" ] && wants_making; then
    echo "Making the demo city, once: three minutes or so, less with PROJECTS=200 MONTHS=12 ..." >&2
    .venv/bin/luodi init --demo --seed "${SEED:-7}" --projects "${PROJECTS:-1200}" --months "${MONTHS:-30}"
fi
exec .venv/bin/luodi up --port "$1"
