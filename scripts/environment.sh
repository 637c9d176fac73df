#!/usr/bin/env bash
# Make or complete .venv from one of the locks; says what to install if something is missing.
#   scripts/environment.sh run         what the app and the commands need, to be run from the checkout: python -m model
#   scripts/environment.sh develop     and what tests, notebooks and benchmarks need, and the command .venv/bin/millet
set -euo pipefail
cd "$(dirname "$0")/.."
kind=$1

say() { printf 'environment: %s\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    say "no Python found; 3.11 or newer is needed; install python3, or name one: make PYTHON=/path/to/python3.12"
    return 1
}

make_venv() {
    local python=$1
    if "$python" -c 'import ensurepip' 2>/dev/null && "$python" -m venv --clear .venv; then return; fi
    rm -rf .venv # half made
    if command -v uv >/dev/null; then uv venv --quiet --seed --python "$python" .venv && return; fi
    if "$python" -m virtualenv --version >/dev/null 2>&1; then "$python" -m virtualenv --quiet .venv && return; fi
    if may_install; then
        say "this Python cannot make environments; installing Debian's python3-venv"
        as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
        if "$python" -m venv --clear .venv; then return; fi
    fi
    rm -rf .venv
    say "this Python cannot make environments (ensurepip is missing); run: sudo apt-get install python3-venv"
    return 1
}

python=$(find_python)
if ! [ -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1 || ! is_new_enough .venv/bin/python; then
    say "making .venv with $("$python" --version)"
    make_venv "$python"
fi
pip() { .venv/bin/python -m pip "$@" --disable-pip-version-check; }

# uv, pinned and hashed like every other package, does in a quarter of a minute what pip does in two; from a folder of its own,
# for it is no part of what the app needs.
uv_is_here() {
    aside=$(mktemp -d)
    trap 'rm -rf "$aside"' EXIT
    awk '/^uv==/ { found = 1 } found { print } found && !/\\$/ { exit }' requirements.txt >"$aside/uv.txt"
    pip install --quiet --no-compile --target "$aside" --require-hashes -r "$aside/uv.txt" 2>/dev/null
}

# Where uv does not come or does not find what pip finds (a mirror that only pip is told of), pip does it all.
locked() {
    local lock=$1 for_uv=$2 for_pip=$3
    # shellcheck disable=SC2086 # no option is no word
    if uv_is_here && "$aside/bin/uv" pip install --quiet $for_uv --python .venv/bin/python --require-hashes -r "$lock"; then
        return
    fi
    say "uv could not; pip does, which takes longer"
    # shellcheck disable=SC2086
    pip install --quiet $for_pip --require-hashes -r "$lock"
}

# Every package is pinned and hashed. To compile all of them costs as much as to unpack them: here only what the app
# imports is compiled, once, even where the environment tells Python to keep no compiled files.
run_set() {
    say "installing the packages of requirements-run.txt (some seconds the first time)"
    locked requirements-run.txt "" --no-compile
    env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -c "from app_pages.shared import server; server.read_ahead()"
}

# A second pass builds nothing and installs only this checkout.
develop_set() {
    say "installing the packages of requirements.txt (about a minute the first time)"
    locked requirements.txt --compile-bytecode ""
    pip install --quiet --no-deps --no-build-isolation --editable .
    pip check
}

case $kind in
    run) run_set ;;
    develop) develop_set ;;
    *) say "found $kind; allowed are run, develop" && exit 2 ;;
esac
