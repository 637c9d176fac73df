#!/usr/bin/env bash
# See to what pip cannot bring: Chromium for the browser tests, and a C++ compiler with Python's headers for pymc 5.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'system packages: %s\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
has_chromium() {
    local name
    for name in "${MILLET_CHROMIUM:-chromium}" chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then return 0; fi
    done
    return 1
}
python=.venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}
compiles_in_c() { "$python" -c 'import sys; sys.exit(sys.version_info >= (3, 12))'; } # pymc 6 compiles with numba
has_headers() {
    "$python" -c 'import os, sys, sysconfig as s; sys.exit(not os.path.exists(s.get_path("include") + "/Python.h"))'
}

missing=()
has_chromium || missing+=(chromium)
if compiles_in_c; then
    command -v g++ >/dev/null || missing+=(g++)
    has_headers || missing+=(python3-dev)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    say "installing ${missing[*]}"
    as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
    say "missing: ${missing[*]}; run: sudo apt-get install ${missing[*]}"
    exit 1
fi
has_chromium || { say "Chromium is still missing; set MILLET_CHROMIUM to its path"; exit 1; }
