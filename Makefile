# `make run` opens the app, `make test` passes the tests; both make what they need first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help run test test-fast check format bench docs setup browser clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(STAMP)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(STAMP) ## install and unpack the bundled encoder
	$(BIN)/python -m core setup

run: setup ## open the app on localhost:8501
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

# Chromium comes from the system's packages where we may install them; without it the browser tests
# are skipped and say so.
browser:
	@if command -v chromium >/dev/null 2>&1 && command -v apertium >/dev/null 2>&1; then :; \
	elif command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core fonts-noto-cjk apertium apertium-eng-spa apertium-hbs-eng \
			|| echo "Chromium could not be installed: the browser tests will be skipped"; \
	else echo "Chromium is missing and cannot be installed here: the browser tests will be skipped (fix: apt-get install chromium)"; fi

test: $(DEV_STAMP) setup browser ## run all tests
	$(BIN)/python -m pytest

test-fast: $(DEV_STAMP) ## run the tests that need neither encoder nor browser
	$(BIN)/python -m pytest -m "not encoder and not browser and not slow"

check: $(DEV_STAMP) ## lint, types, import contracts
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP) ## format the code
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

bench: $(DEV_STAMP) setup ## measure: aligner and matching speed, alignment error rate
	$(BIN)/python -m core bench align
	$(BIN)/python -m core bench match
	$(BIN)/python -m core bench aer

docs: $(STAMP) ## print the component tables that the docs refer to
	$(BIN)/python -m core components

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
