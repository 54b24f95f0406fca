# Which commands does a person need? `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.pret
OUT := out
JOBS ?= auto
PORT ?= 8000

.PHONY: help demo build-demo test test-all lint format guide methode bench clean
.DEFAULT_GOAL := help

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): pyproject.toml uv.lock .ci/environment
	@PYTHON="$(PYTHON)" sh .ci/environment

demo: build-demo  ## everything, from an empty machine to the pilot's site: observatory and workspace
	@$(BIN)/terril espace membre lens-lievin demo@exemple.fr --renouveler --nom "Compte de démonstration" --editions $(OUT)/editions
	@TERRIL_SECOND_FACTEUR=propose $(BIN)/terril servir $(OUT)/editions --port $(PORT)

build-demo: $(READY)  ## the pilot's edition, its documents, its contract in the workspace
	@rm -rf $(OUT)/editions
	@$(BIN)/terril construire demo --vers $(OUT)/editions
	@$(BIN)/terril publier $(OUT)/editions --vers $(OUT)
	@$(BIN)/terril espace charger demo/espace --editions $(OUT)/editions

test: $(READY)  ## the tests
	@$(BIN)/pytest -n $(JOBS) -m "not long"

test-all: $(READY)  ## the tests, the long ones too
	@$(BIN)/pytest -n $(JOBS)

lint: $(READY)  ## format, rules, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY)  ## put the code in its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

guide: $(READY)  ## write again the page of the guide that lists the commands
	@$(BIN)/python -m terril.cli.guide > docs/guide/commandes.md.tmp
	@mv docs/guide/commandes.md.tmp docs/guide/commandes.md

methode: $(READY)  ## write again the pages of the public method from the tables of the tests
	@$(BIN)/python tests/methode.py

bench: $(READY)  ## measure, as tables
	@$(BIN)/uv sync --quiet --frozen --inexact --group bench
	@for file in benchmarks/[a-z]*.py; do $(BIN)/python "$$file" || exit 1; done

clean:  ## remove what was made, the environment too
	@rm -rf $(OUT) .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
