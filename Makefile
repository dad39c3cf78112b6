# Each target does its own set-up. Needs Linux with Python >= 3.11 and its venv module; nothing else beforehand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.synced

.PHONY: setup demo test slow prior calibration decisions protocol-tables endpoint-tables pharmacology-tables mutants check format screenshots clean
.DEFAULT_GOAL := setup

setup: $(STAMP)

$(STAMP): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Sextant needs Python 3.11 or newer; $(PYTHON) is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
	@$(BIN)/uv sync --quiet --frozen --all-extras --compile-bytecode
	@touch $@

demo: setup
	$(BIN)/sextant demo

# Compiled modules are kept, whatever the shell says: the tests start some forty processes that would each compile anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup
	$(BIN)/python -m pytest -n auto -m 'not slow'

slow: setup
	$(BIN)/python -m pytest -m slow

# The prior that ships, from the tables of published studies: about two minutes. Calibration and decisions follow from it.
PRIOR := src/sextant/response
prior: setup
	$(BIN)/sextant evidence prior --json --out $(PRIOR)/population.json > $(PRIOR)/prior.json.new
	mv $(PRIOR)/prior.json.new $(PRIOR)/prior.json

# Figures of docs/calibration.md, about half an hour on two cores. NIMH names the folder of OpenNeuro ds005917's ratings.
NIMH ?= ../shared/data/nimh_ketamine
calibration: setup
	$(BIN)/python benchmarks/calibrate.py --nimh $(NIMH)

# Figures of docs/decisions.md, about half an hour on two cores.
decisions: setup
	$(BIN)/python benchmarks/decisions.py

# How many changes of a rule the vignettes notice, about a minute.
mutants: setup
	@$(BIN)/uv sync --quiet --frozen --all-extras --group mutants
	$(BIN)/python tests/mutants.py

# Tables of docs/protocol.md, from the rules, the limits and what became of each row.
protocol-tables: setup
	$(BIN)/python docs/protocol_tables.py

# Tables of docs/endpoints.md, from the endpoints.
endpoint-tables: setup
	$(BIN)/python docs/endpoint_tables.py

# Tables of docs/pharmacology.md, from the models.
pharmacology-tables: setup
	$(BIN)/python docs/pharmacology_tables.py

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

screenshots: setup
	$(BIN)/python docs/screenshots.py

format: setup
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis demo-data
