# `make demo` draws the bundled samples, `make test` checks the code; each sets up what it needs on a fresh clone.

PYTHON ?= $(firstword $(foreach python,python3 python3.13 python3.12 python3.11,\
	$(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(python))))
PYTEST_FLAGS ?=
BIN := .venv/bin

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

# Tests and benchmarks on real data run where there is some; without it they are skipped, and say so.
ifeq ($(origin DOOD_DATA),undefined)
ifneq ($(wildcard ../shared/data),)
export DOOD_DATA := $(abspath ../shared/data)
endif
endif

.PHONY: demo test lint docs bench robustness mutants clean

demo: .venv/.ready
	@$(BIN)/python -m dood demo --out out

test: lint
	@$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist worksteal $(PYTEST_FLAGS)

lint: .venv/.ready
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . ; exit 1; }
	@$(BIN)/pyright --pythonpath $(BIN)/python

docs: .venv/.ready
	@$(BIN)/mkdocs build --strict --quiet

bench: .venv/.ready
	@$(BIN)/python -m benchmarks

# Kills and odd files (results/robustness.csv); changes of the code that tests must notice (results/mutants.csv).
robustness: .venv/.ready
	@PYTHONPATH=. $(BIN)/python -m scripts.robustness

SAMPLE ?= 200
SEED ?= 0
mutants: .venv/.ready
	@PYTHONPATH=. $(BIN)/python -m scripts.mutants --sample $(SAMPLE) --seed $(SEED)

clean:
	@rm -rf .venv out site build dist .pytest_cache .ruff_cache .hypothesis
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "dood needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "setting up .venv, once (some minutes)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq -c requirements.lock torch
	@$(BIN)/pip install -qq -r requirements.lock
	@$(BIN)/pip install -qq --no-deps --no-build-isolation -e .
	@touch $@
