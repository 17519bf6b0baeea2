# Everything a newcomer types. ARGS="…" is passed on: make demo ARGS="--no-traffic --port 8123", make test ARGS="-k routing".
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-faults test-telephony lint types lock sbom clean
ARGS ?=

# Python finds its modules in .venv and in the checkout, and keeps what it has compiled, whatever the shell says.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONDONTWRITEBYTECODE

# Recipes begin in the checkout, also under `make -f`, and with spaces in its path (which make's own functions split).
HERE := cd "$$(dirname '$(strip $(MAKEFILE_LIST))')" &&
PY := .venv/bin/python

help:  ## this list
	@$(HERE) sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

setup:  ## install what the hotline needs into .venv
	@$(HERE) sh deploy/python -m deploy.setup run

demo: setup  ## the whole hotline on this machine; Ctrl-C stops it
	@$(HERE) exec .venv/bin/hotline demo $(ARGS)

test:  ## set up, lint, check types, run every test
	@$(HERE) sh deploy/python -m deploy.setup test
	@$(HERE) $(PY) -m deploy.check $(ARGS)

test-faults:  ## kill every kind of process in mid-day, let it hang, look for what was lost, and run what takes long; some minutes
	@$(HERE) sh deploy/python -m deploy.setup test
	@$(HERE) $(PY) -m pytest tests/faults $(ARGS)
	@$(HERE) $(PY) -m pytest -m thorough tests $(ARGS)

test-telephony:  ## ring through a real Asterisk, where one can be had; some minutes
	@$(HERE) sh deploy/python -m deploy.setup test
	@$(HERE) $(PY) -m pytest tests/telephony -rs -s -o faulthandler_timeout=0 $(ARGS)

lint:  ## ruff alone
	@$(HERE) sh deploy/python -m deploy.setup test
	@$(HERE) $(PY) -m ruff check . && $(PY) -m ruff format --check .

types:  ## mypy alone
	@$(HERE) sh deploy/python -m deploy.setup test
	@$(HERE) $(PY) -m mypy

lock:  ## pin the dependencies of pyproject.toml anew; ARGS=--upgrade takes the newest
	@$(HERE) sh deploy/python -m deploy.setup pins
	@$(HERE) $(PY) -m deploy.pins $(ARGS)

sbom:  ## list what production runs on as CycloneDX, in build/sbom.json
	@$(HERE) sh deploy/python -m deploy.sbom $(ARGS)

clean:  ## remove what set-up made, so that the next one starts afresh
	@$(HERE) rm -rf .venv build hotline/static/vendor
