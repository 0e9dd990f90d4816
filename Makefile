# The commands of the house. pre-commit and .ci/run call these and nothing else.
BIN := .venv/bin
PORT ?= 8000

.PHONY: setup demo test check bench golden pictures lock

setup:
	@bash scripts/setup.sh

# Serves until Ctrl-C; ONCE=1 prepares everything and ends.
demo: export DIAODU_HOME := build/desk
demo: export DJANGO_SETTINGS_MODULE := diaodu.web.site.settings.base
demo: setup
	@$(BIN)/python -m django demo --port $(PORT) $(if $(ONCE),--once)

# Everything on SQLite, then what stands on the database once more on PostgreSQL (but not the looks
# of pages in a browser: they are the same on both).
test: setup
	@$(BIN)/python -m pytest -n 2 -rs
	@bash scripts/postgres.sh run -- $(BIN)/python -m pytest -n 2 -rs tests/web --ignore tests/web/board/test_in_browser.py

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
