# The commands of the house. pre-commit and .ci/run call these and nothing else.
PERIOD := 2023-05
BIN := .venv/bin

.PHONY: setup demo test check bench golden pictures lock

setup:
	@bash scripts/setup.sh

demo: setup
	@rm -rf build/demo
	@$(BIN)/diaodu demo build/demo
	@$(BIN)/diaodu month $(PERIOD) --returns build/demo/returns --rulebook build/demo/rulebook --out build/demo/out
	@echo "看这里："
	@echo "  build/demo/out/bulletin.docx   通报（Word）"
	@echo "  build/demo/out/tables.xlsx     表和图（Excel）"
	@echo "  build/demo/out/findings.xlsx   审核意见：哪些数有问题、怎么办"
	@echo "  build/demo/README              示例县说明；answer-key.json 是埋下的错误"

test: setup
	@$(BIN)/python -m pytest -n 2 -rs

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

pictures: demo
	@bash scripts/pictures.sh

# Resolve the dependencies anew; the only target that looks for newer versions.
lock:
	@bash scripts/lock.sh
