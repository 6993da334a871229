.PHONY: setup plan test check bench

setup:           ## a virtual environment with everything in it
	python3 -m venv .venv
	.venv/bin/pip install --quiet -e '.[dev]'

plan: setup      ## the plan of the example
	.venv/bin/accessplan plan examples/access.yaml

test:            ## the tests
	.venv/bin/pytest

check:           ## what CI runs
	bash .ci/run

bench:           ## speed and memory, in one table
	.venv/bin/python benchmarks/run.py
