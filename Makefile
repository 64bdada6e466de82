# Two commands do everything:  make run   and   make test   (make test T=tests/workflow runs a part)
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
ADDRESS ?= 127.0.0.1:8000
T ?=

SCALE ?= small

.PHONY: help run test bench chaos lint format messages lock clean

help:
	@echo "make run            the portal on http://$(ADDRESS), with demo data"
	@echo "make test           the whole suite; make test T=path runs a part"
	@echo "make bench          the figures of speed; make bench SCALE=full for the record"
	@echo "make chaos          the long form of all tests under fire"
	@echo "make lint           style, types, floors and translations only"
	@echo "make format         put the code in order"
	@echo "make messages       add new interface strings to the catalogues"
	@echo "make lock           pin the dependencies of pyproject.toml again (needs uv)"
	@echo "make clean          remove the virtual environment and the embedded database"

run:
	@tools/system_packages.sh run || true
	@PYTHON=$(PYTHON) tools/venv.sh run
	@exec $(PY) -m tools.run $(ADDRESS)

test:
	@tools/system_packages.sh test || true
	@PYTHON=$(PYTHON) tools/venv.sh dev
	@exec $(PY) -m tools.test $(T)

bench:
	@tools/system_packages.sh test || true
	@PYTHON=$(PYTHON) tools/venv.sh dev
	@PYTHON=$(PYTHON) tools/venv.sh bench || echo "Without the peers: their packages do not install here."
	@exec $(PY) -m benchmarks $(SCALE)

chaos:
	@tools/system_packages.sh test || true
	@PYTHON=$(PYTHON) tools/venv.sh dev
	@exec $(PY) -m benchmarks.chaos

lint:
	@PYTHON=$(PYTHON) tools/venv.sh dev
	@exec $(PY) -m tools.test --lint

format:
	@PYTHON=$(PYTHON) tools/venv.sh dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

messages:
	@PYTHON=$(PYTHON) tools/venv.sh dev
	@$(PY) -m tools.messages update

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		-o requirements/run.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--group test --group lint -c requirements/run.txt -o requirements/dev.txt
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--group bench -c requirements/run.txt -o requirements/bench.txt

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find locale -name '*.mo' -delete
