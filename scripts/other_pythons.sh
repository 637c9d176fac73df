#!/usr/bin/env bash
# Run the tests under every other supported Python that is found here: OPTIONS are those of pytest.
#   scripts/other_pythons.sh [OPTIONS]          such as: scripts/other_pythons.sh tests/unit -q
# PYTHONS names the versions (default: 3.11 3.12 3.13), KEEP a folder for the environments (default: a temporary one).
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'other Pythons: %s\n' "$*" >&2; }
main=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
keep=${KEEP:-$(mktemp -d)}
[ -n "${KEEP:-}" ] || trap 'rm -rf "$keep"' EXIT

# An interpreter of a version: on the path, or among those of a version manager.
interpreter() {
    local version=$1 candidate
    for candidate in "python$version" "$HOME"/.pyenv/versions/"$version".*/bin/python "$HOME"/.local/share/uv/python/cpython-"$version".*/bin/python3; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

failed=()
for version in ${PYTHONS:-3.11 3.12 3.13}; do
    [ "$version" != "$main" ] || { say "$version is that of .venv; its tests are those of make test"; continue; }
    python=$(interpreter "$version") || { say "$version is not here"; continue; }
    start=$SECONDS
    .venv/bin/uv venv --quiet --allow-existing --python "$python" "$keep/$version"
    env -u PIP_FIND_LINKS -u UV_FIND_LINKS .venv/bin/uv pip install --quiet --no-config --python "$keep/$version/bin/python" \
        --require-hashes -r requirements.txt
    .venv/bin/uv pip install --quiet --no-config --python "$keep/$version/bin/python" --no-deps --no-build-isolation --editable .
    say "$version: environment after $((SECONDS - start)) s"
    if env -u PYTHONPATH -u PYTHONDONTWRITEBYTECODE MILLET_FULL=1 "$keep/$version/bin/python" -m pytest -p no:cacheprovider "$@"; then
        say "$version: passed after $((SECONDS - start)) s"
    else
        say "$version: FAILED after $((SECONDS - start)) s"
        failed+=("$version")
    fi
done
[ ${#failed[@]} -eq 0 ] || { say "failed: ${failed[*]}"; exit 1; }
