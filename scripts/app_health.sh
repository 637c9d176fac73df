#!/usr/bin/env bash
# Run `make app`, which makes the environment if there is none; exits 0 if the app answers within five minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
log=$(mktemp)
setsid make --no-print-directory app PORT="$port" >"$log" 2>&1 &
server=$!
trap 'kill -- "-$server" 2>/dev/null || true; rm -f "$log"' EXIT

answers() {
    "$python" - "$1" <<'PYTHON' 2>/dev/null
import sys, urllib.request
sys.exit(urllib.request.urlopen(sys.argv[1], timeout=2).status != 200)
PYTHON
}

for _ in $(seq 600); do
    if answers "http://127.0.0.1:$port/_stcore/health" && answers "http://127.0.0.1:$port/"; then
        echo "app: answers on port $port after $SECONDS s"
        exit 0
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.5
done
echo "app: no answer; what it printed:" >&2
cat "$log" >&2
exit 1
