#!/bin/sh
# Measures: every script of bench/, one after the other; each prints a table of ratios within its own run.
set -eu
cd "$(dirname "$0")/.."
for script in bench/*.py; do
    echo "== $script"
    .venv/bin/python "$script"
done
