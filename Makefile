# make demo | test | test-thorough | spark-test | check | bench [ONLY=room or row] | words | reference | audit | sbom | lock | smoke [PY=python3.13] | clean
# Everything is installed into .venv, from the locks in requirements/ and with their hashes.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell bash tools/find_python.sh)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
ONLY ?=
UNTIL ?=
PY ?= python3.13
SMOKE := .venv-smoke
SMOKE_TESTS := tests/ground tests/records tests/custody tests/flows/test_from_blocks_to_bundle.py
# For the tests: a worker a core, and a file's tests all by one worker, in their order.
SPREAD := --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder
LOCK := uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
        --generate-hashes --no-annotate --no-header

# Else every process that a test starts would compile all it imports once more.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-thorough test-changed test-ready spark spark-test check bench words reference audit sbom lock smoke install develop clean
.DELETE_ON_ERROR:

KERNELS := $(wildcard $(addprefix src/kancil/bitcoin/,*/*kernels.py compiled/*.py blocks/read.py)) \
	$(addprefix src/kancil/evidence/selectors/,forms.py kernels.py lanes.py)

help:
	@sed -n '1,2p' Makefile

install: $(VENV)/.run-installed $(VENV)/.kernels-compiled
develop: $(VENV)/.dev-installed

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is needed."; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(VENV)

# A stamp, not a file of the environment: it is written only when the whole step went through.
$(VENV)/.run-installed: $(VENV)/pyvenv.cfg requirements/build.txt requirements/run.txt pyproject.toml
	@echo "Installing what Kancil runs on (about 145 MB the first time)"
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m tools.build_words
	@touch $@

# Once, and again when the text of a kernel has changed: nobody waits for it at the first ingest.
$(VENV)/.kernels-compiled: $(VENV)/.run-installed $(KERNELS)
	@$(BIN)/python -m tools.compile_kernels
	@touch $@

$(VENV)/.dev-installed: $(VENV)/.run-installed requirements/dev.txt
	@echo "Installing what tests and checks need (about 115 MB the first time)"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.bench-installed: $(VENV)/.run-installed requirements/bench-build.txt requirements/bench.txt
	@echo "Installing the peers that are measured beside Kancil"
	@$(PIP) --require-hashes -r requirements/bench-build.txt
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r requirements/bench.txt
	@touch $@

# PySpark is published as source; building it needs setuptools, which is locked with the benches'.
$(VENV)/.spark-installed: $(VENV)/.run-installed requirements/bench-build.txt requirements/spark.txt
	@echo "Installing Spark (about 450 MB; it needs Java 17 or newer, which is the system's)"
	@$(PIP) --require-hashes -r requirements/bench-build.txt
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r requirements/spark.txt
	@touch $@

spark: $(VENV)/.spark-installed

demo: install
	@$(BIN)/python -m tools.build_words
	@$(BIN)/python -m tools.demo

words: develop
	@$(BIN)/python -m tools.build_words

reference: develop
	@$(BIN)/python -m tools.build_words
	@$(BIN)/python -m tools.build_reference

test-ready: develop $(VENV)/.kernels-compiled
	@bash tools/test_machine.sh
	@$(BIN)/python -m tools.build_words

# What anybody can wait for; the tests marked `thorough` are left out.
test: test-ready
	@$(BIN)/python -m pytest $(SPREAD) -m "not thorough"

# All tests.
test-thorough: test-ready
	@$(BIN)/python -m pytest $(SPREAD)

# The thorough tests of the rooms that changed, and by turns those of all: tools/thorough.py.
# UNTIL=seconds since 1970: none begins later.
test-changed: test-ready
	@$(BIN)/python -m tools.thorough $(if $(UNTIL),--until $(UNTIL)) $(SPREAD)

# The chain-wide work, by two workers on loopback. Takes minutes; `make test` leaves it out unless
# Spark is installed.
spark-test: develop spark
	@$(BIN)/python -m tools.build_words
	@$(BIN)/python -m pytest -ra tests/bitcoin/export/spark

check: develop
	@$(BIN)/python -m tools.check

# Known vulnerabilities of what is locked; where no list of advisories is reached, a line says so.
audit: install
	@test -f .venv-audit/pyvenv.cfg || "$(PYTHON)" -m venv .venv-audit
	@.venv-audit/bin/python -m pip --disable-pip-version-check install --quiet --retries 1 --require-hashes \
	    -r requirements/audit.txt 2>/dev/null || true
	@$(BIN)/python -m tools.audit .venv-audit/bin/pip-audit

# What a release is made of, from the lock and without network: dist/kancil-VERSION.cdx.json.
sbom: install
	@$(BIN)/python -m tools.build_sbom

bench: $(VENV)/.bench-installed $(VENV)/.kernels-compiled
	@$(BIN)/python -m benchmarks.run $(if $(ONLY),--only "$(ONLY)")

# Python 3.13 (or PY=…): the same locks, a second environment, a short test.
smoke:
	@test -f $(SMOKE)/pyvenv.cfg || "$(PY)" -m venv $(SMOKE)
	@cd $(SMOKE) && for set in build run dev; do \
	    bin/python -m pip --disable-pip-version-check install --quiet --require-hashes \
	        -r ../requirements/$$set.txt; done
	@$(SMOKE)/bin/python -m pip --disable-pip-version-check install --quiet \
	    --no-deps --no-build-isolation --editable .
	@$(SMOKE)/bin/python -m tools.build_words
	@$(SMOKE)/bin/python --version
	@$(SMOKE)/bin/kancil --help > /dev/null
	@$(SMOKE)/bin/python -m pytest -q -m "not browser" $(SPREAD) \
	    $(wildcard $(SMOKE_TESTS))

# Raises every pin to the newest that fits. The locks name no index and no machine.
lock:
	@test -f .venv-lock/pyvenv.cfg || "$(PYTHON)" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install --quiet --require-hashes -r requirements/lock.txt
	@for set in build run dev spark bench-build audit lock; do \
	    .venv-lock/bin/$(LOCK) -o requirements/$$set.txt requirements/$$set.in; done
	@.venv-lock/bin/$(LOCK) --override requirements/bench-without.txt \
	    -o requirements/bench.txt requirements/bench.in

clean:
	rm -rf .venv .venv-smoke .venv-lock .venv-audit build dist demo-out benchmarks/results.json benchmarks/.cache
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
