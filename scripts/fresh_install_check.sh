#!/usr/bin/env bash
# Does a stranger get from `git clone` to a running app? Clone the last commit into a temporary folder and try.
set -euo pipefail
cd "$(dirname "$0")/.."

repository=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

git clone --quiet --no-hardlinks "$repository" "$folder/millet"
cd "$folder/millet"
start=$SECONDS
make --no-print-directory environment
echo "fresh install: environment after $((SECONDS - start)) s"
.venv/bin/python -m priors >/dev/null
.venv/bin/millet check >/dev/null
(cd / && "$folder/millet/.venv/bin/python" -c 'import model, priors; priors.load_knowledge_base()')
scripts/app_health.sh
[ -z "$(git status --porcelain)" ] || { echo "fresh install: files are left behind:" >&2; git status --short >&2; exit 1; }
echo "fresh install: done after $((SECONDS - start)) s"
