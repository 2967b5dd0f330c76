# Lintel's commands; `make` alone lists them. POSIX sh and any Python 3.11 to 3.13 are enough.

.PHONY: help setup setup-dev run test test-quick check browser bench bench-docs lock clean
.DEFAULT_GOAL := help

# A Python of your choice: make setup PYTHON=/usr/bin/python3.12
PYTHON =
# The first that fits is taken. 3.13 comes after 3.12 because no wheel brings Redis for it.
PYTHONS = .venv/bin/python python3.12 python3.11 python3 python3.13
# More arguments for pytest: make test PYTEST="-k kiosk"
PYTEST =

help:
	@echo 'make run         set up if needed, start everything with demo people (Ctrl-C ends it)'
	@echo 'make test        set up if needed, check the code, run all tests'
	@echo 'make test-quick  all tests but those with browsers, whole processes, long input'
	@echo 'make check       lint, format, types, imports, migrations'
	@echo 'make bench       side-by-side benchmark; BENCH_JSON=path writes it as JSON'
	@echo 'make bench-docs  the same, and its figures and plots into docs/benchmarks.md'
	@echo 'make setup       .venv, packages, networks, database, static files'
	@echo 'make lock        resolve the packages anew after a change of pyproject.toml'
	@echo 'make clean       remove .venv and caches; var/, with all data, stays'
	@echo
	@echo 'DEMO=0 make run             without demo people and without the demo kiosk'
	@echo 'CAMERA=0 make run           with a camera (number, file or address) at the demo kiosk'
	@echo 'LINTEL_PORT=8080 make run   on another port'

setup:
	@$(find_python); exec "$$python" -m config.setup

setup-dev:
	@$(find_python); exec "$$python" -m config.setup --dev

# `exec` hands Ctrl-C and SIGTERM to the supervisor; MAKEFLAGS is none of its children's business.
run: setup
	@unset MAKEFLAGS MAKELEVEL; exec .venv/bin/python -m config --with-parent

test: check browser
	@.venv/bin/python -m pytest --numprocesses auto $(PYTEST)

test-quick: setup-dev
	@.venv/bin/python -m pytest --numprocesses auto -m 'not slow' $(PYTEST)

check: setup-dev
	@.venv/bin/python -m ruff check
	@.venv/bin/python -m ruff format --check
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/python manage.py makemigrations --check --dry-run

bench: setup-dev
	@.venv/bin/python -m benchmarks

bench-docs: setup-dev
	@.venv/bin/python -m benchmarks --docs

lock: setup-dev
	@set -- .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url \
		--override requirements/overrides.txt; \
	"$$@" pyproject.toml --output-file requirements.txt && \
	"$$@" pyproject.toml --group dev --output-file requirements-dev.txt

# The browser tests need Chromium; they are skipped, by name, where there is none.
browser:
	@for name in chromium chromium-browser google-chrome; do \
		if command -v $$name >/dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update && apt-get -qq install --yes --no-install-recommends chromium; \
	fi; \
	command -v chromium >/dev/null || \
		echo 'lintel: NO BROWSER: the browser tests will be skipped (apt install chromium)' >&2

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

# Sets `python` to the Python to set up with, or ends with one line that says what is missing.
define find_python
python=; fits='import os, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) or \
	sys.prefix == os.path.abspath(".venv") and __import__("pip") is None)'; \
for candidate in $(or $(PYTHON),$(PYTHONS)); do \
	if "$$candidate" -c "$$fits; import ensurepip" 2>/dev/null; then python=$$candidate; break; fi; \
done; \
if [ -z "$$python" ]; then for candidate in $(or $(PYTHON),$(PYTHONS)); do \
	if "$$candidate" -c "$$fits" 2>/dev/null; then python=$$candidate; break; fi; \
done; fi; \
if [ -z "$$python" ]; then \
	found=$$($(or $(PYTHON),python3) --version 2>&1) || found='none'; \
	echo "lintel: Python 3.11, 3.12 or 3.13 is needed, found: $$found; install one," \
		"or name it: make setup PYTHON=/path/to/python3.12" >&2; \
	exit 1; \
fi
endef
