#!/usr/bin/env bash
# Write requirements.txt: every package of every supported Python, pinned and hashed. `--upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
[ -x "$uv" ] || uv=uv
# Addresses of indexes and folders of this machine must not reach the file: none is read, none is written.
env -u PIP_FIND_LINKS -u UV_FIND_LINKS "$uv" pip compile pyproject.toml --extra dev --extra text --quiet \
    --universal --python-version 3.11 --generate-hashes --no-config \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.txt "$@"
notice='# Every package for Python 3.11 and later, pinned and hashed; made by `make lock` from pyproject.toml.'
printf '%s\n' "$notice" | cat - requirements.txt >requirements.txt.new
mv requirements.txt.new requirements.txt
