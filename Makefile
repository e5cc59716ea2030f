# OneCode. `make help` lists the targets. Settings of a run: PORT, HOST, ONECODE_HOME, see .env.example.
PYTHON ?= python3
PYTEST_ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --no-cache-dir --no-compile --disable-pip-version-check --require-hashes
LAUNCHER := $(BIN)/python -m config.launcher
# Of a run of every test, what moves money or codes is measured by branches; a part of the tests can't tell.
MEASURED = $(if $(PYTEST_ARGS),$(BIN)/pytest,$(BIN)/python -m slipcover --out .covered.json -m pytest)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test bench reset contracts lint types fmt lock chromium

help: ## this list
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 11

run: .venv/run.stamp ## the whole site with demo data on http://127.0.0.1:8000/ (PORT, HOST, ONECODE_HOME); Ctrl-C stops it
	@exec $(LAUNCHER) run

test: .venv/dev.stamp chromium ## every test against real servers, then import contracts, types and lint (PYTEST_ARGS)
	$(LAUNCHER) exec --fast -- $(MEASURED) -n 2 --dist worksteal $(PYTEST_ARGS)
	$(if $(PYTEST_ARGS),,$(BIN)/python -m tests.covered .covered.json)
	@$(MAKE) --no-print-directory contracts types lint

bench: .venv/dev.stamp ## the benchmarks: a table, and bench/results.json (LARGE=1: among millions of rows, a quarter of an hour)
	$(LAUNCHER) exec -- $(BIN)/python -m bench $(if $(LARGE),large)

reset: .venv/run.stamp ## removes the data folder
	@$(LAUNCHER) reset

contracts: .venv/dev.stamp ## which room may import which
	$(BIN)/lint-imports

lint: .venv/dev.stamp ## ruff: mistakes and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp ## mypy, strict
	$(BIN)/mypy .

fmt: .venv/dev.stamp ## formats the code and mends what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/dev.stamp ## writes both requirements files anew from pyproject.toml
	$(COMPILE) -o requirements.txt
	$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "OneCode needs Python 3.11 or newer: make PYTHON=…")'
	@$(PYTHON) -m venv --clear .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing the pinned requirements into .venv (a minute or two) …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing the pinned requirements for development into .venv (a minute or two) …"
	@$(PIP) -r requirements-dev.txt
	@touch .venv/run.stamp $@

chromium:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || sh -c ' \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Chromium for the browser tests …"; \
			apt-get update -qq; \
			for name in chromium-headless-shell chromium; do \
				DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
					$$name fonts-wqy-zenhei >/dev/null && exit 0; \
			done; exit 1; \
		else \
			echo "The browser tests need Chromium: install your system'"'"'s package chromium" >&2; exit 1; \
		fi'
