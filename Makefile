# Every target first sets up what the machine lacks (tools/bootstrap.py), which takes no time when all is there.
PYTHON ?= python3
BIN = .venv/bin
BOOTSTRAP = $(PYTHON) tools/bootstrap.py

# Programs and tests start hundreds of processes from the same sources, which are compiled once.
unexport PYTHONDONTWRITEBYTECODE
# Tests wait for servers a good part of their time: one worker more than there are processors, four at most.
WORKERS := $(shell $(PYTHON) -c "import os; print(min(4, (os.cpu_count() or 1) + 1))")
TESTS = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: help demo up down status test test-all check bench chaos record format lock

help: ## 列出可用的命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: ## 启动整套系统，办四件事，打印每一步和证照
	@$(BOOTSTRAP) run
	$(BIN)/onething demo

up: ## 启动整套系统（Ctrl-C 停止）
	@$(BOOTSTRAP) run
	$(BIN)/onething up

down: ## 停止整套系统
	@$(BOOTSTRAP) run
	$(BIN)/onething down

status: ## 看整套系统的状态
	@$(BOOTSTRAP) run
	$(BIN)/onething status

test: ## 全部测试（先快后慢，浏览器里的在最后；同类的抽样，几份同时进行）
	@$(BOOTSTRAP) test
	$(TESTS)

test-all: ## 全部测试，平时只抽样的也一个不落
	@$(BOOTSTRAP) test
	ONETHING_TEST_ALL=1 $(TESTS)

check: ## 格式、静态检查、类型、层次、定义
	@$(BOOTSTRAP) check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/onething definitions check

bench: ## 与最小的 Temporal 工作流比速度；make bench AGAINST=提交 则与那个提交比
	@$(BOOTSTRAP) test
	$(BIN)/python -m bench $(if $(AGAINST),--against "$(AGAINST)")

chaos: ## 在办件途中逐个杀掉进程，再核对结果
	@$(BOOTSTRAP) test
	$(BIN)/python -m chaos

record: ## 重新记录测试用来对照的一切（接口说明、样本、历史等），并说出变了什么
	@$(BOOTSTRAP) test
	$(BIN)/python -m tests.record

format: ## 整理代码格式
	@$(BOOTSTRAP) check
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## 按 pyproject.toml 重新锁定依赖（带摘要，不带软件源地址）
	@$(BOOTSTRAP) check
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
