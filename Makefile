# Everything this project does, by name.  `make` alone prints the list.

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
LIVE := .venv-live
DOCS := .venv-docs
LAYER := .venv-layer-$(notdir $(PYTHON))
RUN := $(VENV)/bin/python -m

.DEFAULT_GOAL := help
.PHONY: help demo test lint types check-tests fuzz damage live live-check live-browser layer layer-record matrix
.PHONY: mutants architecture bench bench-speed bench-cold bench-scale docs clean

help:  ## print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo:  ## share a file by presigned URLs, end to end, with nothing installed
	@PYTHONPATH=src $(PYTHON) docs/examples/demo.py

test: lint types check-tests  ## install what the tests need into .venv, then lint, type-check and test

lint: $(VENV)/.installed  ## ruff: rules and formatting
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(VENV)/.installed  ## mypy and pyright, both strict, tests included
	$(RUN) mypy
	$(RUN) pyright --pythonpath $(VENV)/bin/python

# An absolute path: processes that the tests start elsewhere are measured too.
check-tests: export COVERAGE_FILE := $(CURDIR)/.coverage
check-tests: $(VENV)/.installed
	$(RUN) coverage erase
	$(RUN) coverage run -m pytest -n auto --dist worksteal
	$(RUN) coverage combine -q
	$(RUN) coverage report

fuzz: $(VENV)/.installed  ## 200,000 requests against botocore, 1,450,000 changed ones against the readers: docs/evidence.md (half an hour)
	PYTHONPATH=src:tests:tools $(VENV)/bin/python tests/fuzz.py --record

damage: $(VENV)/.installed  ## 5,000 URLs damaged as the world does: does explain name the damage first? docs/evidence.md (two minutes)
	PYTHONPATH=src:tests:tools $(VENV)/bin/python tests/damage.py --record

live: $(LIVE)/swift/.installed $(LIVE)/rclone/.installed $(LIVE)/ministack/.installed $(LIVE)/peers/.installed
live:  ## run the suite at real object stores, clients and nginx on this machine (about 45 seconds): docs/compatibility.md
	PYTHONPATH=src:tests $(VENV)/bin/python -m live

live-check: $(LIVE)/swift/.installed $(LIVE)/rclone/.installed $(LIVE)/ministack/.installed $(LIVE)/peers/.installed
	PYTHONPATH=src:tests $(VENV)/bin/python -m live --check

layer:  ## the AWS Lambda layer into dist/, with nothing installed (PYTHON=python3.13)
	$(PYTHON) tools/layer.py --core
	$(PYTHON) tools/layer.py

layer-record: $(LAYER)/.installed  ## the layer's size, and its cold start beside boto3's: docs/evidence.md
	$(LAYER)/bin/python tools/init_time.py

$(LAYER)/.installed: tools/requirements-layer.txt
	$(PYTHON) -m venv $(LAYER)
	$(LAYER)/bin/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

matrix:  ## all tests on CPython 3.10 to 3.13, the core on 3.14 in Pyodide: docs/evidence.md
	$(PYTHON) tools/matrix.py

mutants: .venv-mutants/.installed  ## is every change to the core noticed by a test? (a quarter of an hour): docs/evidence.md
	.venv-mutants/bin/python tools/mutants.py

.venv-mutants/.installed: pyproject.toml tools/requirements-mutants.txt
	$(PYTHON) -m venv .venv-mutants
	.venv-mutants/bin/python -m pip install -q --disable-pip-version-check -U 'pip>=25.1'
	.venv-mutants/bin/python -m pip install -q --group test -r tools/requirements-mutants.txt
	@touch $@

architecture: $(VENV)/.installed  ## draw the import table of tests/test_architecture.py: docs/architecture.md
	PYTHONPATH=src:tests $(VENV)/bin/python tools/architecture.py

bench: $(BENCH)/.installed  ## speed, cold start and scale against every peer (about 5 minutes): benchmarks/results.md
	$(BENCH)/bin/python benchmarks/run.py

bench-speed bench-cold bench-scale: bench-%: $(BENCH)/.installed
	$(BENCH)/bin/python benchmarks/$*.py

live-browser: $(VENV)/.installed $(LIVE)/ministack/.installed  ## the upload page in headless Chromium, against two stores
	$(RUN) pytest tests/live/test_browser.py

# Anew each time: a page that was built before keeps its warnings to itself.  The last check: it can be read offline.
docs: $(DOCS)/.installed  ## build the documentation site into build/docs; a broken link is an error
	rm -rf build/docs
	$(DOCS)/bin/python -m sphinx -W --keep-going -n -q docs build/docs
	@! grep -rlE '<(script|link|img)[^>]* (src|href)="https?:' build/docs --include='*.html'
	@echo "$$(find build/docs -name '*.html' ! -name search.html ! -name genindex.html ! -name py-modindex.html | wc -l) pages: open build/docs/index.html"

$(DOCS)/.installed: pyproject.toml
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/python -m pip install -q --disable-pip-version-check -U 'pip>=25.1'
	$(DOCS)/bin/python -m pip install -q --group docs
	@touch $@

$(BENCH)/.installed: benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

# Each real server in an environment of its own; its pip is ours.
$(LIVE)/%/.installed: tests/live/requirements/%.txt $(VENV)/.installed
	$(PYTHON) -m venv --without-pip $(LIVE)/$*
	$(RUN) pip --python $(LIVE)/$*/bin/python install -q --disable-pip-version-check -r $<
	@touch $@

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install -q --disable-pip-version-check -U 'pip>=25.1'
	$(RUN) pip install -q --group test --group lint -e .
	@touch $@

clean:  ## remove what the other commands made
	rm -rf $(VENV) .venv-* .cache .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
