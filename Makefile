# Two commands matter: `make demo` and `make test`. Each works alone on a fresh clone.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# What is compiled is kept (.gitignore and `make clean` know it): tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test test-postgres check check-style check-types check-imports check-frontend format bench bench-roadmap pictures messages lock clean clean-demo

PYTHON ?= python3
CITY ?= sample
DATA ?=
PORT ?= 8750
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
HOME_DIR := .demo/$(CITY)
FRONTEND := $(shell find frontend -type f 2>/dev/null)
SOURCES := $(shell find src -name '*.py' 2>/dev/null)
CATALOGUES := $(shell find src/rasad/locale -name '*.po' 2>/dev/null)
DIST := src/rasad/web/theme/static/dist/.built

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Rasad needs Python 3.11 or newer; say which: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'On Debian: apt-get install python3-venv' >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: requirements/base.txt pyproject.toml | $(STAMPS)/venv
	@echo '· Python packages (locked by hash)'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/base
	@echo '· Python packages for tests and checks'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/base
	@echo '· Python packages for benchmarks'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo 'Rasad needs Node 20 or newer (on Debian: apt-get install nodejs npm)' >&2; exit 1; }
	@echo '· Front-end packages (locked by hash)'
	@npm ci --silent --no-fund --no-audit
	@touch $@

$(DIST): node_modules/.installed $(FRONTEND) package.json
	@echo '· Front-end build'
	@npm run --silent build
	@touch $@

$(STAMPS)/messages: $(CATALOGUES) $(STAMPS)/base
	@echo '· Translations'
	@$(BIN)/pybabel --quiet compile --directory src/rasad/locale --domain django
	@touch $@

# As pip does with what it installs: where the environment forbids Python to write bytecode, every start would compile all of Rasad anew.
$(STAMPS)/compiled: $(SOURCES) $(STAMPS)/base
	@echo '· Bytecode'
	@$(BIN)/python -m compileall -q -j 0 src/rasad
	@touch $@

READY := $(STAMPS)/base $(DIST) $(STAMPS)/messages $(STAMPS)/compiled

demo: $(READY) ## set everything up, load the sample city (or CITY=madrid DATA=…) and open the portal
	@$(BIN)/rasad demo --city '$(CITY)' --home '$(HOME_DIR)' --port $(PORT) $(if $(DATA),--data '$(DATA)')

test: $(READY) $(STAMPS)/dev ## set everything up and run every test
	@$(BIN)/pytest -n auto --dist worksteal
	@RASAD_SITE=workbench RASAD_DEBUG=1 $(BIN)/pytest -n auto --dist worksteal

POSTGRES_TESTS ?= tests

test-postgres: $(READY) $(STAMPS)/dev ## run all that the workspace does on PostgreSQL too (needs its programs, not a running server)
	@scripts/with_postgres.sh env RASAD_SITE=workbench RASAD_DEBUG=1 $(BIN)/pytest -n auto --dist worksteal $(POSTGRES_TESTS)

check: check-style check-types check-imports check-frontend ## format, lint, types, import contracts, front-end types

check-style: $(STAMPS)/dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

check-types: $(STAMPS)/dev
	@RASAD_SITE=workbench RASAD_DEBUG=1 $(BIN)/mypy

check-imports: $(STAMPS)/dev
	@$(BIN)/lint-imports

check-frontend: node_modules/.installed $(DIST)
	@npm run --silent check

format: $(STAMPS)/dev ## put the code in its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(READY) $(STAMPS)/dev $(STAMPS)/bench ## measure speed against named peers
	@$(BIN)/python -m benchmarks

bench-roadmap: $(STAMPS)/base ## measure the roadmap's engine (three quarters of an hour)
	@$(BIN)/python -m benchmarks.roadmap

pictures: $(READY) $(STAMPS)/dev ## take the README's pictures anew
	@$(BIN)/python scripts/pictures.py

messages: $(STAMPS)/base ## collect new texts into the catalogues
	@$(BIN)/python -m rasad.web.messages

lock: ## renew the locks (needs uv)
	@for set in base dev bench; do \
	  extra=$$([ $$set = base ] || echo --extra $$set --constraint requirements/base.txt); \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url \
	    pyproject.toml requirements/build.in $$extra -o requirements/$$set.txt >/dev/null; done
	@npm install --package-lock-only --silent

clean: ## remove everything that was built or loaded
	@rm -rf $(VENV) node_modules .demo build src/rasad/web/theme/static/dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find src -name '*.mo' -delete
	@find src tests scripts benchmarks -name __pycache__ -prune -exec rm -r {} +
