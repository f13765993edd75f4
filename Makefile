# What people type in a checkout. It needs CPython 3.11 to 3.14 and make, and nothing else.
#
#   make serve                      set up, start the database, migrate, make a demo account, serve
#   make test                       set up what tests need, and run them
#   make check                      every check but the tests
#   make bench                      measurements (Linux), written to bench/RESULTS.md
#   make serve PYTHON=python3.12    with another Python
#   make serve ARGS="--port 9000"   ARGS goes to the command that is run: here to serve, in make test to pytest

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all:
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --only-binary :all:

.PHONY: help serve test check bench schema tree reference format setup setup-dev venv lock

help:
	@sed -n 's/^#   //p' Makefile

serve: setup
	@exec $(BIN)/python -m server serve $(ARGS)

test: setup-dev
	@exec $(BIN)/pytest -n 2 $(ARGS)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m server print-schema | diff -u schema/schema.graphql -
	$(BIN)/pytest -q tests/architecture tests/server/test_migrating.py

bench: setup-dev
	@exec $(BIN)/python -m bench $(ARGS)

# The contract, to be reviewed and committed when the schema has changed.
schema: setup
	$(BIN)/python -m server print-schema > .venv/schema.graphql
	mv .venv/schema.graphql schema/schema.graphql

# The tree in ARCHITECTURE.md.
tree: setup-dev
	@$(BIN)/python -m tests.architecture.tree

# The pages of docs/reference/.
reference: setup-dev
	@$(BIN)/python -m tests.architecture.reference

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

setup: venv
	@$(call install,requirements.txt)

setup-dev: setup
	@$(call install,requirements-dev.txt)

# A copy of the lock that was installed last lies in .venv: nothing is done as long as it is the same.
define install
cmp -s $(1) .venv/$(1) || { echo "Installing $(1) into .venv …"; $(INSTALL) -r $(1) && cp $(1) .venv/$(1); }
endef

# .venv is made anew when another Python is asked for, and when making it was cut short.
venv:
	@made_by=$$($(PYTHON) -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 14) and print(sys.version_info[:2], sys.base_prefix)' 2>/dev/null); \
	if test -z "$$made_by"; then \
		echo "Sluicegate needs CPython 3.11 to 3.14, and $(PYTHON) is $$($(PYTHON) --version 2>&1 | grep '^Python [0-9]' || echo not there): name one, as in: make serve PYTHON=python3.12" >&2; exit 1; \
	elif test "$$made_by" != "$$(cat .venv/made-by 2>/dev/null)"; then \
		$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
			echo "$(PYTHON) cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
		echo "Making .venv with $(PYTHON) …"; \
		$(PYTHON) -m venv --clear .venv && echo "$$made_by" > .venv/made-by; \
	fi

lock:
	@command -v uv > /dev/null || { echo "make lock needs uv on the path (pip install uv)." >&2; exit 1; }
	$(COMPILE) $(ARGS) requirements.in -o requirements.txt
	$(COMPILE) $(ARGS) requirements-dev.in -c requirements.txt -o requirements-dev.txt
