# `make app` and `make test` are all that is needed from a fresh clone; both make their own environment first, the app a lean one.

PYTHON ?= python3
PORT   ?= 8501
HOST   ?= localhost
ARGS   ?=
BIN    := .venv/bin
READY  := .venv/.ready
RUN    := .venv/.run
export PYTHON
# Hundreds of processes of the tests read the same sources: they are compiled once, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help app test soak pythons environment browser lint format types check bench bench-compare screenshots notebooks manual lock fresh clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 20

app: $(RUN) ## Run the app on http://localhost:8501 (make app PORT=8600; for others to see: HOST=0.0.0.0)
	$(BIN)/python -m model app --port $(PORT) --host $(HOST)

test: $(READY) browser ## Run all tests; a skipped test fails (some of them: make test ARGS="tests/unit -k age")
	MILLET_FULL=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: $(READY) ## Ask from 32 threads and 50 sessions of the app at once for two minutes each
	MILLET_SOAK_SECONDS=120 $(BIN)/python -m pytest -s tests/soak $(ARGS)

pythons: $(READY) browser ## Run the tests under the other supported Pythons that are found
	scripts/other_pythons.sh -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

$(RUN): requirements-run.txt scripts/environment.sh
	scripts/environment.sh run
	@touch $@

environment: $(READY) ## Make or renew .venv with everything
$(READY): requirements.txt pyproject.toml scripts/environment.sh
	scripts/environment.sh develop
	@touch $@ $(RUN)

browser: $(READY)
	@scripts/system_packages.sh

lint: $(READY) ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY) ## Check types
	$(BIN)/mypy

check: $(READY) ## List every problem of the tables in priors/
	$(BIN)/python -m priors

bench: $(READY) ## Measure side by side with pgmpy and pyAgrum
	$(BIN)/python -m benchmarks $(ARGS)

bench-compare: $(READY) ## Print what got slower by a fifth since a commit (make bench-compare ARGS=HEAD~5)
	scripts/bench_compare.sh $(ARGS)

screenshots: $(READY) browser ## Take a picture of every screen of the app
	$(BIN)/python -m pytest tests/app -k screenshot $(ARGS)

notebooks: $(READY) ## Run the notebooks and keep their outputs
	$(BIN)/python -m nbconvert --to notebook --execute --inplace notebooks/*.ipynb

manual: $(READY) ## Build the manual into site/, to be opened from there without a server
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "open site/index.html in a browser"

lock: $(READY) ## Resolve requirements.txt and requirements-run.txt anew from pyproject.toml
	scripts/lock.sh $(ARGS)

fresh: ## Clone the last commit elsewhere and run `make app` and `make test` there
	scripts/fresh_install_check.sh

clean: ## Remove the environment and all caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build site
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
