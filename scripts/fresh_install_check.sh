#!/usr/bin/env bash
# Does a stranger get from `git clone` to a running app and running tests? Clone the last commit elsewhere and try.
set -euo pipefail
cd "$(dirname "$0")/.."

repository=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

git clone --quiet --no-hardlinks "$repository" "$folder/millet"
cd "$folder/millet"
start=$SECONDS
scripts/app_health.sh # make app
echo "fresh install: make app answered after $((SECONDS - start)) s"
make --no-print-directory test ARGS="-q tests/unit/test_package.py tests/unit/commands/test_cli.py"
echo "fresh install: make test has run after $((SECONDS - start)) s"
.venv/bin/millet check >/dev/null
(cd / && "$folder/millet/.venv/bin/python" -c 'import model, priors; priors.load_knowledge_base()')
[ -z "$(git status --porcelain)" ] || { echo "fresh install: files are left behind:" >&2; git status --short >&2; exit 1; }
echo "fresh install: done after $((SECONDS - start)) s"
