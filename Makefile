# make run and make test are all the set-up there is.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install run rehearse lint check test acceptance docs lighthouse bench soak clean requirements

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The newest pip takes a third of the time of an old one; Python compiles what it imports.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

$(VENV)/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade pip
	touch $@

$(VENV)/installed: pyproject.toml $(VENV)/pip
	$(PIP) --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml $(VENV)/pip
	$(PIP) --editable '.[test]'
	touch $(VENV)/installed $@

$(VENV)/installed-docs: pyproject.toml $(VENV)/pip
	$(PIP) --editable '.[docs]'
	touch $(VENV)/installed $@

install: $(VENV)/installed ## set up, start nothing

run: install ## serve the day on http://localhost:8000 (PORT= changes it)
	PORT=$(PORT) exec $(BIN)/agenda serve

rehearse: install ## serve the workshop's morning, 60 times as fast
	PORT=$(PORT) exec $(BIN)/agenda serve --at "2025-07-18 08:55" --speed 60

lint: $(VENV)/installed-test ## style, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

SPREAD := --dist worksteal --numprocesses
check: lint ## lint, and the quick tests that need no browser, database server or network: after each change
	$(BIN)/pytest $(SPREAD) 2 --ignore tests/browser -m "not acceptance and not postgresql and not process and not slow"

test: $(VENV)/installed-test ## install what tests need, then lint and every test; the full matrices are in acceptance
	.ci/tools
	$(MAKE) lint
	$(BIN)/pytest $(SPREAD) 3

acceptance: $(VENV)/installed-test $(VENV)/installed-docs ## full matrices, long runs and deployments, at most 30 minutes
	.ci/tools acceptance
	$(BIN)/pytest $(SPREAD) 3 -m "acceptance or hypothesis" --hypothesis-profile=acceptance --ignore tests/deploy
# By themselves: Chromium gives up what it loads when containers add networks to the machine.
	$(BIN)/pytest $(SPREAD) 3 -m acceptance tests/deploy

docs: $(VENV)/installed-docs ## make the site of the docs in docs/_build; a link that leads nowhere is an error
	$(BIN)/sphinx-build --quiet --fail-on-warning --fresh-env --conf-dir docs . docs/_build

lighthouse: install ## score the main pages with npm's lighthouse, in the local Chromium
	$(BIN)/python benchmarks/lighthouse.py

# ONLY="growth idle" runs these parts and writes nothing; WRITE=1 writes them.
bench: $(VENV)/installed-test ## measure all that has a limit (ONLY=growth runs one part); writes docs/bench.json and docs/bench.svg
	$(BIN)/python -m benchmarks $(foreach part,$(ONLY),--only $(part)) $(if $(WRITE),--write)

SECONDS_OF_SOAK ?= 600
soak: $(VENV)/installed-test ## ten minutes of edits, readers and streams (SECONDS_OF_SOAK= changes it), then 1,000 publishes amid kill -9, and attacks
	$(BIN)/python -m benchmarks.soak --seconds $(SECONDS_OF_SOAK)
	AGENDA_SERVER_PUBLISHES=1000 $(BIN)/pytest --timeout 0 tests/commands/test_killed_server.py
	$(BIN)/pytest -rP --show-capture=stdout -m soak

requirements: $(VENV)/installed ## pin what deployment installs, from pyproject.toml, with the hash of each file
	$(PIP) pip-tools
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file $@.txt pyproject.toml

clean: ## remove what was made, but the database
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis docs/_build
