# Every road starts here. `make run` and `make test` set up what they need; nothing has to be done first.
.DEFAULT_GOAL := help
PY := .venv/bin/python
PORT ?= 8000

.PHONY: help run setup setup-run test test-long check coverage methodology bench bundle lock screenshots

help:                 ## say what there is
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

setup-run:            ## set up what serving needs
	@tools/setup.sh run

setup:                ## set up everything: extras, tests' tools
	@tools/setup.sh all

run: setup-run        ## serve the demo city at 127.0.0.1:8000
	@tools/demo.sh $(PORT)

test: setup           ## set up, then run every test, on SQLite and PostgreSQL, and in a browser
	@tools/test.sh

test-long: setup      ## kill storms, long histories, 60-second solves
	@$(PY) -m pytest -q -m long

check: setup          ## format, lint, types, layers
	@$(PY) -m ruff check src tests bench tools
	@$(PY) -m ruff format --check src tests bench tools
	@.venv/bin/lint-imports
	@$(PY) -m mypy

coverage: setup       ## measure branches of kernel and rules by the tests of rules; less than 100% fails
	@$(PY) tools/branches.py

methodology: setup    ## print docs/methodology.md anew: definitions in words, worked examples
	@$(PY) tools/methodology.py

bench: setup          ## measure: tables of ratios within one run (QUICK=1 for a look, ONLY="ledger" for one)
	@tools/bench.sh

bundle: setup         ## make an archive that installs with no network
	@$(PY) tools/bundle.py

lock:                 ## write the lock files anew (needs uv): hashes, and no registry's address
	@tools/lock.sh

screenshots: setup    ## picture every page in both languages at three widths
	@$(PY) tools/screenshots.py
