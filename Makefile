# Two commands for newcomers: `make demo` and `make test`. Each installs what it needs into ./.venv.
PYTHON ?= python3
BIN := .venv/bin
ATTACKS := --llm-suite agency,bias,consumption,exfiltration,injection,privacy,retrieval,toxicity,unsafe-output --llm-target support_assistant.under_attack:answer
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test lint wheel-test picture clean

demo: .venv/demo.stamp
	@$(BIN)/python -m pytest example_suites $(ATTACKS) --llm-report; status=$$?; \
	echo "report: $(CURDIR)/llm-report/report.json"; exit $$status

test: .venv/test.stamp .venv-litellm/stamp
	$(BIN)/python -m pytest -n auto
	.venv-litellm/bin/python -m pytest tests/sdk/test_litellm_matrix.py

lint: .venv/lint.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

picture: .venv/lint.stamp
	$(BIN)/python docs/picture.py

# The wheel as users get it, on the oldest pytest that is promised.
wheel-test: .venv/lint.stamp
	rm -rf dist .venv-wheel
	$(BIN)/python -m build --outdir dist . >/dev/null
	$(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip --disable-pip-version-check install --quiet dist/*.whl 'pytest==8.0.2' 'openai>=3'
	.venv-wheel/bin/python -m pytest example_suites
	.venv-wheel/bin/litmus schema report >/dev/null
	.venv-wheel/bin/litmus schema call >/dev/null
	.venv-wheel/bin/litmus suites --taxonomy >/dev/null
	.venv-wheel/bin/litmus check example_suites

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pytest-litmus needs Python 3.11 or newer; try: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/demo.stamp: pyproject.toml | .venv/bin/python
	$(PIP) --editable '.[demo]'
	@touch $@

.venv/test.stamp: pyproject.toml | .venv/bin/python
	$(PIP) --editable '.[test]'
	@touch $@ .venv/demo.stamp

.venv/lint.stamp: pyproject.toml | .venv/bin/python
	$(PIP) --editable '.[test,lint]'
	@touch $@ .venv/test.stamp .venv/demo.stamp

.venv-litellm/stamp: pyproject.toml | .venv/bin/python
	$(PYTHON) -m venv .venv-litellm
	.venv-litellm/bin/python -m pip --disable-pip-version-check install --quiet --editable '.[test-litellm]'
	@touch $@

clean:
	rm -rf .venv .venv-litellm .venv-wheel .venv-node dist build llm-report .mypy_cache .ruff_cache .pytest_cache
