# make run    the service under ./data           make test   everything that must hold
# make demo   the same with sample invoices       make lint   style, types, import contracts
# make bench  measurements                        make lock   renew the locked dependencies
# make campaign  thousands of invented printings and of damaged files, instead of the few that make test reads
# make campaign-scans  2,000 invented scans, in hours; goes on where it was stopped
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --no-deps --require-hashes

.PHONY: run demo test lint bench campaign campaign-scans lock clean
.DELETE_ON_ERROR:

run: .venv/installed
	@exec $(BIN)/piaoku serve $(ARGS)

demo: .venv/installed
	@exec $(BIN)/piaoku demo $(ARGS)

test: lint .venv/system
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config tests/architecture/importlinter.toml

bench: .venv/tested .venv/system .venv/peers/installed
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only $(ARGS)

campaign-scans: .venv/tested .venv/system
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks.campaign $(ARGS)

campaign: .venv/tested .venv/system
	CAMPAIGN=$${CAMPAIGN:-3000} $(BIN)/python -m pytest tests/golden/test_printings.py tests/golden/test_mutations.py $(ARGS)

# Only headless OpenCV is installed: rapidocr's wish for the windowed build is overridden in pyproject.toml.
lock: .venv/tested
	$(BIN)/uv pip compile pyproject.toml --extra install --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra install --extra test --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --quiet --upgrade -c requirements.lock -o requirements-test.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("票库需要 Python 3.11 或更新版本 / Piaoku needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "安装依赖 / installing dependencies …"
	$(INSTALL) -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/tested: requirements-test.lock .venv/installed
	@echo "安装测试依赖 / installing test dependencies …"
	$(INSTALL) -r requirements-test.lock
	@touch $@

# Programs that measurements compare with; their packages and licences stay apart from ours.
.venv/peers/installed: tests/benchmarks/peers.lock | .venv/bin/python
	$(PYTHON) -m venv .venv/peers
	.venv/peers/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r $<
	@touch $@

.venv/system: tests/system_packages.sh
	tests/system_packages.sh
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
