#!/bin/sh
# Measures: every script of bench/, one after the other; each prints a table of ratios within its own run, and its seconds.
#   make bench                       everything at full size: some 45 minutes on two quiet cores
#   make bench QUICK=1               the same at a tenth of the size or so: some eight minutes, for a look
#   make bench ONLY="ledger imports" only these
# One that fails or misses its mark is named at the end; the others run all the same.
set -u
cd "$(dirname "$0")/.."
PYTHONWARNINGS=ignore
export PYTHONWARNINGS

# A folder for this run alone: PostgreSQL's wheel keeps its lock right in it, where another user's must not lie.
TMPDIR=$(mktemp -d)
export TMPDIR
chmod 711 "$TMPDIR"
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT TERM

missed=""

measure() {  # NAME, arguments at full size, arguments for a look
    case " ${ONLY:-$1} " in *" $1 "*) ;; *) return 0 ;; esac
    arguments=$2
    [ -z "${QUICK:-}" ] || arguments=$3
    echo
    echo "== bench/$1.py $arguments"
    began=$(date +%s)
    # shellcheck disable=SC2086
    .venv/bin/python "bench/$1.py" $arguments || missed="$missed $1"
    echo "-- $1: $(($(date +%s) - began)) s"
}

measure ledger "" "--facts 100000 --postgresql-facts 20000"
measure imports "" "50000"  # fewer, and what every import costs once outweighs the rows
measure indicators "" "--scale 0.1"
measure pages "" "--projects 500 --years 3 --rounds 5"
measure load "" "--reporters 20 --seconds 10"
measure match "" "--size 100000 --asked 2000"
measure decompose "" ""
measure plan "measure j30 --count 10" "measure j30 --count 2"
measure plan "measure city --count 1 --wall 60" "measure small --count 1"

[ -z "$missed" ] || { echo "Failed or missed the mark:$missed" >&2; exit 1; }
