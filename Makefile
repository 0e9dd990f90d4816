# The commands of the house. pre-commit and .ci/run call these and nothing else.
BIN := .venv/bin
PORT ?= 8000

.PHONY: setup demo test nightly check bench golden pictures lock

setup:
	@bash scripts/setup.sh

# Serves until Ctrl-C; ONCE=1 prepares everything and ends.
demo: export DIAODU_HOME := build/desk
demo: export DJANGO_SETTINGS_MODULE := diaodu.web.site.settings.base
demo: setup
	@$(BIN)/python -m django demo --port $(PORT) $(if $(ONCE),--once)

# Everything on SQLite, then what stands on the database once more on PostgreSQL: not the looks of
# pages in a browser, nor who may ask for which address, which are the same on both.
# One more than there are processors: browsers, servers and databases keep tests waiting.
AT_ONCE := -n 3 --dist worksteal
ON_BOTH_ALIKE := --ignore-glob '*_in_browser.py' --ignore tests/web/site/test_every_route.py
test: setup
	@$(BIN)/python -m pytest $(AT_ONCE) -rs
	@bash scripts/postgres.sh run -- $(BIN)/python -m pytest $(AT_ONCE) -rs tests/web $(ON_BOTH_ALIKE)

# All of tests/web and the journeys on PostgreSQL, what is alike included: an hour.
nightly: setup
	@bash scripts/postgres.sh run -- $(BIN)/python -m pytest -n 2 -rs tests/web tests/journeys/desk

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m bench

golden: setup
	@DIAODU_GOLDEN=1 $(BIN)/python -m pytest tests/engine/report -k golden
	@git --no-pager diff --stat -- tests/golden

pictures: setup
	@bash scripts/pictures.sh

# Resolve the dependencies anew; the only target that looks for newer versions.
lock:
	@bash scripts/lock.sh
