#!/bin/sh
# Serves the demo city: makes it on the first run, keeps it afterwards. A store that holds a real city is served as it is.
set -eu
cd "$(dirname "$0")/.."
home=${LUODI_HOME:-var}
if [ -z "${LUODI_DATABASE_URL:-}" ] && [ ! -e "$home/luodi.sqlite3" ]; then
    echo "Making the demo city (some minutes, once) ..." >&2
    .venv/bin/luodi init --demo --seed "${SEED:-7}" --projects "${PROJECTS:-1200}" --months "${MONTHS:-30}"
fi
exec .venv/bin/luodi up --port "$1"
