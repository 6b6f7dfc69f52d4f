# What a developer or an administrator types. `make help` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv

.DEFAULT_GOAL := help
.PHONY: help setup run test bench load drills pytest check types style contracts templates spelling lock clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

.venv/made:
	@sh .ci/prepare-machine venv
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/installed: .venv/made requirements.txt pyproject.toml
	@sh .ci/prepare-machine run
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-for-tests: .venv/installed requirements-test.txt
	@sh .ci/prepare-machine test
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-test.txt
	@touch $@

setup: .venv/installed ## Make .venv with .venv/bin/plumbline

run: .venv/installed ## Set up, load the demonstration on first start, and serve
	$(BIN)/plumbline serve --demonstration

test: .venv/installed-for-tests ## Everything: what `check` does, and every test
	$(MAKE) --no-print-directory --jobs=2 --output-sync style contracts templates spelling
	$(MAKE) --no-print-directory --jobs=2 --output-sync types pytest

# Three processes on two cores: one of them always waits for a browser, a server or PostgreSQL. `+` lets
# each line out as it comes; types are looked at beside, and what is wrong with them fails it all.
pytest: .venv/installed-for-tests
	+$(BIN)/python -m pytest -n 3 --dist loadscope

bench: .venv/installed-for-tests ## What pages and saves cost with 10,000 apprentices, beside a bare view
	$(BIN)/python -m bench

load: .venv/installed-for-tests ## Hundreds of candidates start a test at once, answer and hand in
	$(BIN)/python -m bench.load

drills: .venv/installed-for-tests ## What may go wrong in a test on a screen, many times over, and ten thousand steps in any order
	SITTING_STEPS=10000 DRILL_TURNS=20 $(BIN)/python -m pytest tests/drills tests/question_bank/sittings/test_machine.py -q

check: style types contracts templates spelling ## Style, types and import contracts

style: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-for-tests
	$(BIN)/mypy

contracts: .venv/installed-for-tests
	$(BIN)/lint-imports

templates: .venv/installed-for-tests
	$(BIN)/djlint templates --lint --quiet

spelling: .venv/installed-for-tests
	$(BIN)/codespell

lock: .venv/installed ## Pin every requirement again, with hashes and no addresses
	$(UV) pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --upgrade --output-file requirements.txt
	$(UV) pip compile pyproject.toml --extra build --extra test --constraint requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --upgrade --output-file requirements-test.txt

clean: ## Remove what was made; the data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
