#!/usr/bin/env bash
# Write both locks: requirements.txt for everything, requirements-run.txt for the app and the commands; each package of
# every supported Python pinned and hashed, and the same version in both. Options of uv: `--upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
[ -x "$uv" ] || uv=uv

lock() {
    local file=$1 notice=$2
    shift 2
    # Addresses of indexes and folders of this machine must not reach the file: none is read, none is written.
    env -u PIP_FIND_LINKS -u UV_FIND_LINKS "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-config --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file "$file" "$@"
    printf '%s\n' "# $notice Pinned and hashed for Python 3.11 and later; made by \`make lock\` from pyproject.toml." |
        cat - "$file" >"$file.new"
    mv "$file.new" "$file"
}

lock requirements.txt "Everything: app, commands, tests, notebooks, benchmarks." \
    pyproject.toml --extra dev --extra text "$@"
lock requirements-run.txt "What the app and the commands need, in the versions of requirements.txt." \
    --group run --constraints requirements.txt
