# Every target sets up what it needs; the second time that costs nothing.
VENV := .venv
PYTHON ?= python3.11
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test test-slow test-vllm check bench clean

setup: $(STAMP)

# torch comes first and alone: its pinned build keeps the resolver from fetching GPU packages.
$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip==26.3
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,evals,ray]'
	touch $@

demo: setup
	$(BIN)/theriac demo

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup check
	$(BIN)/pytest

test-slow: setup
	$(BIN)/pytest -m slow --ignore=tests/agent/server

# Installs a vLLM server of its own (2.5 GB), trains a tiny model and drives the agent with it.
# Where that cannot be installed, the tests say why and are left out.
test-vllm: setup
	-$(BIN)/theriac llm install --cpu
	$(BIN)/pytest -m slow tests/agent/server

bench: setup
	$(BIN)/theriac eval run startup
	$(BIN)/theriac eval run ingestion
	$(BIN)/theriac eval run latency
	$(BIN)/theriac eval run turn_latency
	$(BIN)/theriac eval run batch_extraction

clean:
	rm -rf $(VENV) theriac-workspace
