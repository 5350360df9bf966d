#!/bin/sh
# Style, types, import laws and budgets. Each one runs even where another has complained, so one run says everything.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=""

try() { # NAME COMMAND...
    name=$1
    shift
    "$@" || failed="$failed $name"
}

try style $bin/ruff check --quiet .
try format $bin/ruff format --quiet --check .
try types $bin/mypy --no-error-summary
try laws $bin/pytest -q tests/house/test_imports.py tests/house/test_budgets.py

[ -z "$failed" ] && exit 0
echo "check found something in:$failed" >&2
exit 1
