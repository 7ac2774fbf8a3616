# make demo: try it.  make test: prove it.  make check: before every commit.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-slow check browser office format benchmark clean

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("reformsim needs Python 3.11 or newer; name one with: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(VENV)/installed
	$(BIN)/reformsim compare construction_permit --report demo

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m "not very_slow" -n 2

test-slow: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m very_slow

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not slow and not very_slow" -n 2 -q

# Chromium for the tests that look at pages; only these need it, and without it they are skipped.
browser:
	apt-get update
	apt-get install --yes --no-install-recommends chromium

# LibreOffice for the very slow tests that count the pages of the brief; without it they are skipped.
office:
	apt-get update
	apt-get install --yes --no-install-recommends libreoffice-writer

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
