# `make run` opens the app, `make test` passes the tests; both make what they need first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help run test test-thorough test-fast check format bench docs setup programs extras clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV_STAMP): requirements-dev.txt requirements-ray.txt $(STAMP)
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: $(STAMP) ## install and unpack the bundled encoder
	$(BIN)/python -m core setup

run: setup ## open the app on localhost:8501
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

# What some tests run besides Python. It is installed where we may and can; whatever is missing then,
# the tests that need it are skipped and say so.
programs: ## install Chromium, Apertium and PostgreSQL, as root with apt-get
	@wanted=""; \
	command -v chromium >/dev/null 2>&1 || wanted="chromium fonts-noto-core fonts-noto-cjk"; \
	command -v apertium >/dev/null 2>&1 || wanted="$$wanted apertium apertium-eng-spa apertium-hbs-eng"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$$wanted postgresql"; \
	if [ -z "$$wanted" ]; then :; \
	elif command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$wanted; } \
			|| echo "Not installed: $$wanted. The tests that need them will be skipped"; \
	else echo "Missing, and not ours to install: $$wanted. The tests that need them will be skipped"; fi

extras: $(STAMP) ## install the aligner eflomal (GPL-3, needs a C compiler)
	@if [ -x $(BIN)/eflomal-align ] || command -v eflomal-align >/dev/null 2>&1; then :; \
	else $(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-extras.txt \
		|| echo "eflomal could not be built (it needs a C compiler): its tests will be skipped"; fi

test: $(DEV_STAMP) setup programs extras ## run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-thorough: $(DEV_STAMP) setup programs ## run what `make test` leaves out: the parts of the pages, one by one, in Chromium
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile -m thorough

test-fast: $(DEV_STAMP) ## run the tests that need neither encoder nor browser
	$(BIN)/python -m pytest -m "not encoder and not browser and not slow and not thorough"

check: $(DEV_STAMP) ## lint, types, import contracts
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP) ## format the code
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

bench: $(DEV_STAMP) setup ## measure: aligner, matching, error rate, the page, reviewing, training, whole corpora
	$(BIN)/python -m core bench align
	$(BIN)/python -m core bench stages
	$(BIN)/python -m core bench match
	$(BIN)/python -m core bench aer
	$(BIN)/python -m core bench ui
	$(BIN)/python -m core bench review
	$(BIN)/python -m core bench train
	$(BIN)/python -m core bench scale
	$(BIN)/python -m core bench engines

docs: $(STAMP) ## print the component tables that the docs refer to
	$(BIN)/python -m core components

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
