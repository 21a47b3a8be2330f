# Weiquan. `make` lists the targets; `make serve` and `make test` do everything.
# A line `##@` begins a group of the list, `##` beside a target is what the list says of it.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := .venv/bin/python
SOURCES := weiquan actions components channels scripts tests
TYPED := weiquan actions components channels scripts

RUN_STAMP := .venv/.weiquan-run
DEV_STAMP := .venv/.weiquan-dev
WIDGET_STAMP := widget/dist/widget.js
WIDGET_FILES := $(wildcard widget/src/* widget/src/*/* widget/src/*/*/* widget/demo/* widget/*.mjs widget/*.json)
WIDGET_SOURCES := $(filter-out widget/src/essentials.json,$(WIDGET_FILES)) \
	scripts/widget.py scripts/essentials.py knowledge/contacts.yml knowledge/channels.yml

export RASA_TELEMETRY_ENABLED := false
export PYTHONUTF8 := 1

.PHONY: help serve shell encoder adapter train widget test facts check evaluate first-turn experiment lint types format structure screenshots feedback token backup restore purge export erase clean

help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

##@ Run

serve: $(WIDGET_STAMP) train ## install, train if needed, and run the bot until Ctrl-C
	@exec $(PYTHON) -W ignore -m scripts.serve

shell: train ## talk to the bot in the terminal (rasa shell)
	@exec $(PYTHON) -W ignore -m scripts.shell

##@ Write facts and examples

facts: $(DEV_STAMP) ## validate knowledge/ alone: some seconds
	@$(PYTHON) -W ignore -m scripts.check --facts

check: $(DEV_STAMP) ## validate knowledge/ and the training data
	@$(PYTHON) -W ignore -m scripts.check

train: encoder ## train the model, if its inputs changed
	@$(PYTHON) -W ignore -m scripts.train

evaluate: train ## measure the understanding; MESSAGES=folder adds real messages, ARGS=--quick is one fold
	@$(PYTHON) -W ignore -m scripts.evaluate $(if $(MESSAGES),--messages $(MESSAGES)) $(ARGS)

first-turn: train ## score what a shopper gets on the messages kept out of training; ARGS="--errors 20" shows some
	@$(PYTHON) -W ignore -m scripts.first_turn $(ARGS)

##@ Develop

test: $(DEV_STAMP) ## install what tests need and run all checks and tests
	@$(MAKE) --no-print-directory lint types check
	@$(PYTHON) -m scripts.widget test
	@$(MAKE) --no-print-directory widget train
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadgroup

lint: $(DEV_STAMP) ## ruff: lint and format check
	@.venv/bin/ruff check --quiet $(SOURCES)
	@.venv/bin/ruff format --quiet --check $(SOURCES)

types: $(DEV_STAMP) ## mypy --strict
	@.venv/bin/mypy --no-error-summary $(TYPED)

format: $(DEV_STAMP) ## rewrite the sources in the project's format
	@.venv/bin/ruff check --quiet --fix $(SOURCES)
	@.venv/bin/ruff format --quiet $(SOURCES)

widget: $(WIDGET_STAMP) ## build the web chat, if its inputs changed

encoder: $(RUN_STAMP) ## put the sentence encoder in place
	@$(PYTHON) -W ignore -m scripts.encoder

adapter: encoder ## fine-tune the encoder on the examples (half an hour; then make train)
	@$(PYTHON) -W ignore -m scripts.fine_tuning.train $(ARGS)

experiment: encoder ## train and compare other pipelines (hours); MESSAGES and ARGS as above
	@$(PYTHON) -W ignore -m scripts.experiment $(if $(MESSAGES),--messages $(MESSAGES)) $(ARGS)

structure: $(RUN_STAMP) ## count packages, arrows between them, and the work of a turn
	@$(PYTHON) -W ignore -m scripts.structure

screenshots: $(DEV_STAMP) $(WIDGET_STAMP) train ## take the pictures of the README (docs/images)
	@$(PYTHON) -W ignore -m tests.browser.screenshots

clean: ## remove the environment, models and caches (not var/: conversations are there)
	rm -rf .venv .tools models .rasa .pytest_cache .mypy_cache .ruff_cache results widget/dist widget/node_modules

##@ Operate

token: $(RUN_STAMP) ## print the token of Rasa's HTTP API (needed from other machines)
	@$(PYTHON) -c "import os; from weiquan.settings import read_settings; print(read_settings(os.environ).api_token)"

feedback: $(RUN_STAMP) ## list the shoppers' opinions of the bot and the facts that they found wrong
	@$(PYTHON) -W ignore -m scripts.feedback

backup: $(RUN_STAMP) ## copy the database and the secret to a new folder, also while the bot runs: TO=folder
	@$(PYTHON) -m scripts.database backup "$(or $(TO),var/backup/$(shell date +%Y%m%d-%H%M%S))"

restore: $(RUN_STAMP) ## put a back-up in place, while the bot is stopped: FROM=folder
	@$(PYTHON) -m scripts.database restore "$(FROM)"

purge: $(RUN_STAMP) ## delete conversations untouched for WEIQUAN_KEEP_DAYS days (make serve does it daily)
	@$(PYTHON) -m scripts.database purge

export: $(RUN_STAMP) ## print all that is kept of one conversation: SENDER=name
	@$(PYTHON) -m scripts.database export "$(SENDER)"

erase: $(RUN_STAMP) ## delete all that is kept of one conversation: SENDER=name
	@$(PYTHON) -m scripts.database erase "$(SENDER)"

# What the targets stand on.

$(WIDGET_STAMP): $(WIDGET_SOURCES) | $(RUN_STAMP)
	@$(PYTHON) -m scripts.widget build

$(RUN_STAMP): uv.lock pyproject.toml .python-version
	@scripts/sync.sh --no-dev --inexact
	@touch $@

$(DEV_STAMP): uv.lock pyproject.toml .python-version
	@scripts/sync.sh
	@touch $@ $(RUN_STAMP)
