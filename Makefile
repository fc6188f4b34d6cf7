# The words a person types. `make` alone lists them.

SHELL := /bin/sh
.SUFFIXES:
.DEFAULT_GOAL := help
.PHONY: help run test check bench seeds

# Options for heard demo: make run ARGS="--data-dir /tmp/demo"
ARGS ?=

help:
	@echo 'make run     build Heard and open a demonstration at http://127.0.0.1:8080 (ARGS= adds options)'
	@echo 'make test    every test: style, rules, both databases, the interface for programs, the browser'
	@echo 'make check   the quick part of it: style and the rules, no database server, no browser'
	@echo 'make bench   how long imports take, in a release build, beside a bare sqlite3 .import'
	@echo 'make seeds   count the example data against the printed figures'

run:
	@echo 'Building Heard (the first time takes some minutes), then starting a demonstration.'
	@cargo run -- demo $(ARGS)

test:
	@echo 'Looking for what the tests need.'
	@scripts/prepare
	@echo 'Checking how the code is laid out.'
	@cargo fmt --check
	@echo 'Checking the code with clippy.'
	@cargo clippy --all-targets -- -D warnings
	@echo 'Running the tests, with SQLite and with a PostgreSQL server of their own.'
	@HEARD_TEST_ALL=1 FUZZ_SECONDS=60 scripts/with-postgres cargo test
	@echo 'Asking the interface for other programs all that its description allows, and more.'
	@tests/api/run
	@echo 'Running the tests in a browser.'
	@node tests/browser/run.mjs

check:
	@echo 'Checking how the code is laid out.'
	@cargo fmt --check
	@echo 'Checking the code with clippy.'
	@cargo clippy --all-targets -- -D warnings
	@echo 'Running the tests that stand beside the code.'
	@cargo test --lib

bench:
	@cargo build --release
	@node benches/import.mjs

seeds:
	@echo 'Counting the example data against the printed figures.'
	@node seeds/generate.mjs --check
