# Every command of the project; `make help` lists them. Paths are relative, so that the project runs
# from any folder; programs are started with `python -m`, as their own launchers break in a long path
# or one with a space.

PYTHON ?= python3.11
PORT ?= 8000
FRESH ?=
FUZZ_REQUESTS ?= 20000
# Another seed, other requests; so many events are there when they come.
FUZZ_SEED ?= 1
FUZZ_EVENTS ?= 2000
# A file of failed requests, to be made again.
FUZZ_REPLAY ?=

VENV_PYTHON := .venv/bin/python
RUNTIME := .venv/.runtime-installed
DEVELOPMENT := .venv/.development-installed
PIP_INSTALL := -m pip install --quiet --no-input --disable-pip-version-check --require-hashes
CHROMIUM := /usr/bin/chromium
# What a production server sets, for `check --deploy`; nothing connects to these addresses.
PRODUCTION := DATABASE_URL=postgresql://semaine@db.example.org/semaine \
	REDIS_URL=redis://redis.example.org/0 \
	SECRET_KEY="$$($(VENV_PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	ALLOWED_HOSTS=semaine.example.org SITE_URL=https://semaine.example.org

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo code test lint style imports migrations deployment tests browser proxy bench faults fuzz vulnerabilities sbom audit vendor lock venv

help: ## Affiche cette aide
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: $(RUNTIME) ## Lance le site de démonstration (PORT=8010 : autre port ; FRESH=1 : repart de zéro)
	@$(VENV_PYTHON) manage.py demo --port $(PORT) $(if $(filter-out 0,$(FRESH)),--fresh)

code: $(RUNTIME) ## Affiche le code que les référents de la démonstration donnent après leur mot de passe
	@$(VENV_PYTHON) manage.py demo_code

test: lint tests ## Vérifie tout, comme l'intégration continue

lint: style imports migrations deployment ## Vérifie le code sans lancer les tests

style: $(DEVELOPMENT)
	@echo "→ Style du code et des gabarits"
	@$(VENV_PYTHON) -m ruff check --quiet --output-format concise .
	@$(VENV_PYTHON) -m ruff format --check .
	@find templates -type f -name '*.html' -print0 | xargs -0 -r .venv/bin/djade --target-version 5.2 --check

imports: $(DEVELOPMENT)
	@echo "→ Sens des imports"
	@$(VENV_PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo --no-cache

migrations: $(DEVELOPMENT)
	@echo "→ Migrations"
	@SEMAINE_DATA=.data/test $(VENV_PYTHON) -m semaine.embedded \
		$(VENV_PYTHON) manage.py makemigrations --check --dry-run

deployment: $(DEVELOPMENT)
	@echo "→ Réglages de production"
	@$(PRODUCTION) $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

tests: $(DEVELOPMENT) browser proxy
	@echo "→ Tests"
	@$(VENV_PYTHON) -m pytest -n auto

# The tests decide what a missing browser means (CI: a failure); this only tries to provide it.
browser:
	@if [ -x $(CHROMIUM) ]; then \
		:; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "→ Installation de Chromium, le navigateur des tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends chromium fonts-liberation > /dev/null \
			|| echo "Chromium n'a pas pu être installé : les tests dans un navigateur ne seront pas lancés."; \
	else \
		echo "Chromium manque, les tests dans un navigateur ne seront pas lancés : apt install chromium"; \
	fi

# The same for the proxy of production.
proxy:
	@if [ -x /usr/sbin/nginx ]; then \
		:; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "→ Installation de nginx, le serveur mandataire des tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends nginx-light > /dev/null \
			|| echo "nginx n'a pas pu être installé : ses tests ne seront pas lancés."; \
	else \
		echo "nginx manque, ses tests ne seront pas lancés : apt install nginx-light"; \
	fi

bench: $(DEVELOPMENT) proxy ## Mesure le site avec 7 400 puis 100 000 événements (il faut wrk ; BENCH_EVENTS=1000000)
	@$(VENV_PYTHON) -m tests.bench

faults: $(DEVELOPMENT) ## Casse un site qui travaille et compte ce qui serait perdu (une dizaine de minutes)
	@$(VENV_PYTHON) -m tests.faults

fuzz: $(DEVELOPMENT) ## Envoie 20 000 requêtes hostiles au site : aucune erreur, aucune lenteur (FUZZ_SEED=2 : d’autres)
	@FUZZ_REQUESTS=$(FUZZ_REQUESTS) FUZZ_SEED=$(FUZZ_SEED) FUZZ_EVENTS=$(FUZZ_EVENTS) FUZZ_REPLAY=$(FUZZ_REPLAY) \
		$(VENV_PYTHON) -m pytest -n auto tests/hostile $(if $(FUZZ_REPLAY),-k replayed)

vulnerabilities: $(DEVELOPMENT) ## Cherche les failles publiées des versions figées (il faut un accès à OSV, ou OSV_URL)
	@$(VENV_PYTHON) -m tests.vulnerabilities

sbom: $(DEVELOPMENT) ## Écrit la liste des composants dans .data/sbom.cdx.json (CycloneDX 1.6)
	@$(VENV_PYTHON) -m tests.bill_of_materials

audit: $(DEVELOPMENT) ## Vérifie le HTML et les scores Lighthouse de « make demo » (il faut Java et Node)
	@$(VENV_PYTHON) tests/audit.py http://127.0.0.1:$(PORT) .data/audit

vendor: $(DEVELOPMENT) ## Copie dans static/vendor les polices épinglées (il faut npm)
	@$(VENV_PYTHON) static/vendor/update.py

lock: $(DEVELOPMENT) ## Fige les versions des dépendances de pyproject.toml
	@echo "→ Versions des dépendances"
	@$(VENV_PYTHON) -m uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml -o requirements.txt
	@$(VENV_PYTHON) -m uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

# The virtual environment. A stamp is written last: what was interrupted is done again.

$(RUNTIME): requirements.txt
	@$(MAKE) --no-print-directory venv
	@echo "→ Installation des dépendances (une à deux minutes la première fois)"
	@$(VENV_PYTHON) $(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt
	@$(MAKE) --no-print-directory venv
	@echo "→ Installation des dépendances et des outils de test (une à deux minutes la première fois)"
	@$(VENV_PYTHON) $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# Called, not depended on: what depends on a phony target is never up to date.
venv:
	@if ! command -v $(PYTHON) > /dev/null; then \
		echo "Python 3.11 manque : apt install python3.11 python3.11-venv"; exit 1; \
	elif ! $(PYTHON) -c 'import ensurepip, venv' 2> /dev/null; then \
		echo "Le module venv de Python manque : apt install python3.11-venv"; exit 1; \
	elif ! $(VENV_PYTHON) -m pip --version > /dev/null 2>&1; then \
		echo "→ Environnement Python dans .venv"; \
		$(PYTHON) -m venv --clear .venv; \
	fi
