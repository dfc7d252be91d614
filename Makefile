# Every target sets up what it needs in .venv first; where nothing changed, that costs nothing.
# uv is used where it is present, else venv and pip. Nothing is installed without its hash.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# One more than there are cores: tests wait for servers and timers more than they compute.
JOBS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Clients that the tests drive, each in an environment of its own: they must not meet the product's.
CLIENTS := custodian oras twine
# And those of the soak alone.
SOAKED := prowler ray
# What benchmarks measure beside the product, the same way.
PEERS := bentoml
OTHERS := $(CLIENTS) $(SOAKED) $(PEERS)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak clean lock

help:
	@echo 'make demo    build the example platform and take a model to production, on this machine'
	@echo 'make test    run the tests'
	@echo 'make check   format, lint, types, import contracts, templates, change notes'
	@echo 'make bench   measure apply for 5, 14 and 62 accounts, what the gate costs a call, starts, decisions a second,'
	@echo '             the audit, endpoints, a release, batches of predictions'
	@echo 'make soak    run the tests with larger numbers'
	@echo 'make lock    write requirements/ anew from pyproject.toml (needs uv)'
	@echo 'make clean   remove what was built; .venv and .landrail too'

demo: $(VENV)/.dev
	$(BIN)/landrail demo

test: $(VENV)/.dev $(CLIENTS:%=.venv-%/.done)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/project

bench: $(VENV)/.dev $(PEERS:%=.venv-%/.done) .venv-ray/.done
	$(BIN)/python benchmarks/apply.py 5 14 62
	$(BIN)/python benchmarks/gate.py
	$(BIN)/python benchmarks/restart.py
	$(BIN)/python benchmarks/policy.py
	$(BIN)/python benchmarks/audit.py
	$(BIN)/python benchmarks/endpoint.py --bentoml .venv-bentoml/bin/python
	$(BIN)/python benchmarks/release.py
	$(BIN)/python benchmarks/batch.py --ray .venv-ray/bin/python

soak: $(VENV)/.dev $(CLIENTS:%=.venv-%/.done) $(SOAKED:%=.venv-%/.done)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder -m soak

clean:
	if test -x $(BIN)/landrail; then $(BIN)/landrail local stop || true; fi
	rm -rf $(VENV) $(OTHERS:%=.venv-%) .landrail build dist .pytest_cache .mypy_cache .ruff_cache \
	  .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-emit-index-url --no-annotate

lock:
	$(LOCK) pyproject.toml requirements/build.in --extra local --extra dev -o requirements/dev.txt
	for client in $(OTHERS); do \
	  $(LOCK) requirements/$$client.in -o requirements/$$client.txt \
	    $$(ls requirements/$$client.excludes 2> /dev/null | sed 's/^/--excludes /'); \
	done

$(VENV)/.dev: requirements/dev.txt pyproject.toml
	$(call install,dev)

# The lists are whole, but for what a client's .excludes leaves out on purpose.
.venv-%/.done: requirements/%.txt
	@echo "setting up .venv-$*"
	@test -x .venv-$*/bin/python || $(PYTHON) -m venv .venv-$*
	@if command -v uv > /dev/null; then \
	  uv pip install --quiet --python .venv-$*/bin/python --no-deps --require-hashes -r $<; \
	else \
	  .venv-$*/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<; \
	fi
	@touch $@

define install
	@echo "setting up $(VENV) ($(1))"
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("landrail needs Python 3.11 or newer; set PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv > /dev/null; then \
	  uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$(1).txt; \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@
endef
