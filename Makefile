# Everything this project does, by name.  `make` alone prints the list.

PYTHON ?= python3
VENV := .venv
ALL := .venv-all
LINT := .venv-lint
BENCH := .venv-bench
LIVE := .venv-live
DOCS := .venv-docs
LAYER := .venv-layer
PEERS := .venv-peers
MUTANTS := .venv-mutants
RELEASE := .venv-release
LOCKS := .venv-locks
RUN := $(VENV)/bin/python -m

# Without PYTHON=, an environment of any supported Python is kept; with it, one of another Python is made anew.
KEEP := $(if $(filter file,$(origin PYTHON)),--keep)
SUPPORTED = @$(PYTHON) tools/supported.py
ENVIRONMENT = @$(PYTHON) tools/supported.py && $(PYTHON) tools/environment.py $(@D)

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint types fuzz damage peers live live-check live-browser servers load layer layer-record single-file matrix shake
.PHONY: mutants architecture reference completions bench bench-speed bench-cold bench-scale docs docs-check explain-page-check locks release-check clean FORCE

help:  ## print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 15

demo:  ## share a file by presigned URLs, end to end, with nothing installed
	$(SUPPORTED)
	@PYTHONPATH=src $(PYTHON) docs/examples/demo.py

# Counting lines takes as long again as the tests do, so it is for CI, and for whoever asks for it.
COVERAGE ?= $(CI)
PYTEST := $(if $(COVERAGE),coverage run -m pytest,pytest) -n auto --dist worksteal
# Coverage has to be 100 % where its figures do not vary from run to run, and is only reported elsewhere.
JUDGED := (3, 11), (3, 13)

# An absolute path: processes that the tests start elsewhere are measured too.
test: export COVERAGE_FILE := $(CURDIR)/.coverage
test: $(VENV)/.installed  ## the library's tests, with the few packages that they need (two minutes; COVERAGE=yes: five)
	@rm -f .coverage .coverage.*
	$(RUN) $(PYTEST) --write-skipped=.cache/skipped
ifneq ($(COVERAGE),)
	@$(RUN) coverage combine -q
	@$(RUN) coverage report --fail-under=$$($(VENV)/bin/python -c \
	    'import sys; print(100 if sys.version_info[:2] in ($(JUDGED)) else 0)')
endif

# In CI, which has just run `make test`, only the tests that it had to skip.
test-all: $(ALL)/.installed $(LINT)/.installed  ## also with servers, frameworks and AWS's own tools; then lint and types
	$(ALL)/bin/python -m pytest -n auto --dist worksteal $(if $(CI),--nothing-skipped --only-skipped=.cache/skipped)
	@$(MAKE) --no-print-directory lint types

lint: $(LINT)/.installed  ## ruff: rules and formatting
	$(LINT)/bin/python -m ruff check .
	$(LINT)/bin/python -m ruff format --check .

types: $(LINT)/.installed  ## mypy and pyright, both strict, tests included
	$(LINT)/bin/python -m mypy
	$(LINT)/bin/python -m pyright --pythonpath $(LINT)/bin/python

shake: $(VENV)/.installed  ## is a test flaky? 20 runs in random order, each with its own seed (half an hour): docs/evidence.md
	$(VENV)/bin/python tools/shake.py

fuzz: $(VENV)/.installed  ## 200,000 requests against botocore, 1,450,000 changed ones against the readers: docs/evidence.md (half an hour)
	PYTHONPATH=src:tests:tools $(VENV)/bin/python tests/fuzz.py --record

damage: $(VENV)/.installed  ## 5,000 URLs damaged as the world does: does explain name the damage first? docs/evidence.md (two minutes)
	PYTHONPATH=src:tests:tools $(VENV)/bin/python tests/damage.py --record

peers: $(VENV)/.installed $(PEERS)/.installed  ## the same random requests signed by thirteen peers in Python and JavaScript (ten minutes): docs/evidence.md
	PYTHONPATH=src:tests:tools $(VENV)/bin/python -m against_peers --record

$(PEERS)/.installed: tests/against_peers/requirements.txt tests/against_peers/package.json
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install -q --disable-pip-version-check -r tests/against_peers/requirements.txt
	mkdir -p $(PEERS)/node
	cp tests/against_peers/package.json $(PEERS)/node/
	npm install --prefix $(PEERS)/node --silent --no-audit --no-fund
	@touch $@

live: $(LIVE)/swift/.installed $(LIVE)/rclone/.installed $(LIVE)/ministack/.installed $(LIVE)/peers/.installed
live:  ## run the suite at real object stores, clients, nginx and Caddy on this machine (about 45 seconds): docs/compatibility.md
	PYTHONPATH=src:tests $(ALL)/bin/python -m live

live-check: $(LIVE)/swift/.installed $(LIVE)/rclone/.installed $(LIVE)/ministack/.installed $(LIVE)/peers/.installed
	PYTHONPATH=src:tests $(ALL)/bin/python -m live --check

layer:  ## the AWS Lambda layer into dist/, for each Python that is found, with nothing installed (or PYTHON=python3.13)
	$(SUPPORTED)
	$(PYTHON) tools/layer.py $(if $(KEEP),--each)

servers: .venv-servers/.installed  ## attack the guards behind ten real servers (a quarter of an hour): docs/reference/servers.md
	.venv-servers/bin/python tests/servers.py --fuzz 10000 --record

load: .venv-servers/.installed  ## 50 connections at uvicorn and gunicorn, guarded and bare, sent by wrk (three minutes): docs/evidence.md
	PYTHONPATH=src:tools .venv-servers/bin/python tests/load.py --record

.venv-servers/.installed: tools/requirements-servers.txt
	$(PYTHON) -m venv --clear .venv-servers
	.venv-servers/bin/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

single-file:  ## the signing half as one file into dist/, to copy in place of a dependency
	$(SUPPORTED)
	$(PYTHON) tools/single_file.py

layer-record: $(LAYER)/.installed  ## the layer's size, and its cold start beside boto3's: docs/evidence.md
	$(LAYER)/bin/python tools/init_time.py

matrix:  ## make test on each CPython that is found, 3.10 to 3.14, and the core in Pyodide: docs/evidence.md
	$(SUPPORTED)
	$(PYTHON) tools/matrix.py

mutants: $(MUTANTS)/.installed  ## is every change to the core, and 500 elsewhere, noticed by a test? (an hour): docs/evidence.md
	$(MUTANTS)/bin/python tools/mutants.py

architecture: $(VENV)/.installed  ## draw the import table of tests/test_architecture.py: docs/architecture.md
	PYTHONPATH=src:tests $(VENV)/bin/python tools/architecture.py

completions: $(VENV)/.installed  ## completions for bash, zsh and fish: completions/
	PYTHONPATH=src:tools $(VENV)/bin/python tools/completions.py

reference: $(VENV)/.installed  ## write docs/reference from docstrings, annotations and --help
	PYTHONPATH=src $(VENV)/bin/python tools/reference.py
	PYTHONPATH=src $(VENV)/bin/python docs/generate.py

# axe-core comes from npm; Chromium and its driver from the system (Debian: chromium, chromium-driver).
docs-check: docs $(ALL)/.installed build/axe/node_modules/axe-core/axe.min.js  ## every page of the site in Chromium: wide and narrow, light and dark, with axe
	$(ALL)/bin/python -m pytest -q tests/site

build/axe/node_modules/axe-core/axe.min.js: tests/site/package.json
	mkdir -p build/axe
	cp tests/site/package.json build/axe/
	cd build/axe && npm install --silent --no-audit --no-fund

bench: $(BENCH)/.installed  ## speed, cold start, guards and scale, against every peer (about 5 minutes): benchmarks/results.md
	$(BENCH)/bin/python benchmarks/run.py

bench-speed bench-cold bench-scale bench-guards: bench-%: $(BENCH)/.installed
	$(BENCH)/bin/python benchmarks/$*.py

live-browser: $(ALL)/.installed $(LIVE)/ministack/.installed  ## the upload page in headless Chromium, against two stores
	$(ALL)/bin/python -m pytest tests/live/test_browser.py tests/live/test_post_page.py $(if $(CI),--nothing-skipped)

explain-page-check: $(ALL)/.installed  ## the page that explains a URL, in headless Chromium, with axe (two minutes)
	$(ALL)/bin/python -m pytest tests/live/test_explain_page.py $(if $(CI),--nothing-skipped)

# Anew each time: a page that was built before keeps its warnings to itself.  The last check: it can be read offline.
docs: $(DOCS)/.installed  ## build the documentation site into build/docs; a broken link is an error
	rm -rf build/docs
	$(DOCS)/bin/python -m sphinx -W --keep-going -n -q docs build/docs
	$(PYTHON) tools/explain_page.py build/docs/explain
	@! grep -rlE '<(script|link|img)[^>]* (src|href)="https?:' build/docs --include='*.html'
	@echo "$$(find build/docs -name '*.html' ! -name search.html ! -name genindex.html ! -name py-modindex.html | wc -l) pages: open build/docs/index.html"

$(BENCH)/.installed: benchmarks/requirements.txt
	$(SUPPORTED)
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

# Each real server in an environment of its own; its pip is ours.
$(LIVE)/%/.installed: tests/live/requirements/%.txt $(ALL)/.installed
	$(PYTHON) -m venv --clear --without-pip $(LIVE)/$*
	$(ALL)/bin/python -m pip --python $(LIVE)/$*/bin/python install -q --disable-pip-version-check -r $<
	@touch $@

locks: $(LOCKS)/.installed  ## renew requirements/*.txt: the newest versions that pyproject.toml allows, with hashes
	@for group in test all lint layer mutants release locks docs; do \
	    oldest=3.10; if [ $$group = docs ]; then oldest=3.11; fi; \
	    echo "requirements/$$group.txt"; \
	    $(LOCKS)/bin/uv pip compile -q --upgrade --universal --generate-hashes --python-version $$oldest --no-config \
	        --custom-compile-command 'make locks' --group $$group -o requirements/$$group.txt pyproject.toml || exit; \
	done

release-check: $(RELEASE)/.installed  ## everything that a release needs, checked; dist/ is what would be uploaded
	$(RELEASE)/bin/python tools/release_check.py

# Environments: each has what its lock file lists.  Whether it has is looked up every time, which takes a moment.
$(VENV)/.installed: FORCE
	$(ENVIRONMENT) requirements/test.txt $(KEEP)

$(addsuffix /.installed,$(ALL) $(LINT) $(DOCS) $(LAYER) $(MUTANTS) $(RELEASE) $(LOCKS)): .venv-%/.installed: FORCE
	$(ENVIRONMENT) requirements/$*.txt $(KEEP)

clean:  ## remove what the other commands made
	rm -rf $(VENV) .venv-* .cache .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
