#!/usr/bin/env bash
# Measure an earlier commit and this checkout in turn, and print what got slower by more than a fifth; the status is then 1.
#   scripts/bench_compare.sh [COMMIT]      the commit before the last one by default
# ROUNDS (3) runs of each, the least of which counts.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'git worktree remove --force "$folder/before" 2>/dev/null || true; rm -rf "$folder"' EXIT
git worktree add --quiet --detach "$folder/before" "${1:-HEAD~1}"
for _ in $(seq "${ROUNDS:-3}"); do
    PYTHONPATH="$folder/before" .venv/bin/python benchmarks/guard.py >>"$folder/before.json"
    PYTHONPATH="$PWD" .venv/bin/python benchmarks/guard.py >>"$folder/after.json"
done
.venv/bin/python -m benchmarks.compare "$folder/before.json" "$folder/after.json"
