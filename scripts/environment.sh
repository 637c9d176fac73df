#!/usr/bin/env bash
# Make .venv with exactly the locked packages, and this checkout in it. Says what to install if something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

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
say "installing the packages of requirements.txt (about 75 s the first time)"
# Every package is pinned and hashed; a second pass builds nothing and installs only this checkout.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
.venv/bin/python -m pip check --disable-pip-version-check
