#!/bin/sh
# Sends generated requests to a service that this script starts on a free port with a data directory of its own, and
# checks every answer against the OpenAPI document: no 5xx, no status, content type or body outside the document.
# usage: ./engram fuzz [SEED]        the seed repeats a run
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
version=4.32.5
seed=${1:-$(date +%s)}
venv=$home/.cache/schemathesis-$version
work=$(mktemp -d "${TMPDIR:-/tmp}/engram-fuzz.XXXXXX")
service=
trap 'if [ -n "$service" ]; then kill "$service" 2>/dev/null || :; wait "$service" 2>/dev/null || :; fi; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

if [ ! -x "$venv/bin/schemathesis" ]; then
    echo "fuzz: fetching schemathesis $version once, into .cache/" >&2
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version" >&2
fi

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
ENGRAM_ENCODER_TRAIN_AFTER=0 "$home/engram" serve --port "$port" --data-dir "$work/data" >"$work/service.log" 2>&1 &
service=$!

python3 - "$url" "$service" <<'PYTHON' || { cat "$work/service.log" >&2; exit 1; }
import json, os, sys, time, urllib.error, urllib.request

url, service = sys.argv[1], int(sys.argv[2])
until = time.monotonic() + 600
while True:
    try:
        urllib.request.urlopen(url + "/q/health/ready", timeout=5)
        break
    except (OSError, urllib.error.URLError):
        if time.monotonic() > until:
            sys.exit("fuzz: the service does not become ready")
        os.kill(service, 0)
        time.sleep(0.3)


def send(method, path, body):
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
    urllib.request.urlopen(request, timeout=30).read()


send("PUT", "/v1/spaces/fuzz", {})
send("POST", "/v1/spaces/fuzz/memories/batch", {"memories": [
    {"id": f"m{i}", "agent": f"a{i % 3}", "step": i, "state": {"health": i, "energy": 100 - i}, "tags": {"n": i}} for i in range(60)
] + [{"id": "t1", "agent": "a1", "text": "The well ran dry at noon."}]})
PYTHON

# Once with every part of the path generated, and once inside a space that has memories. The change feed is left out
# because it never ends, and making keys because from the first one on every request would need it.
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance
status=0
run() {
    name=$1
    shift
    "$venv/bin/schemathesis" --config-file "$work/$name.toml" run "$url/q/openapi" --checks "$checks" \
        --exclude-operation-id watchChanges --exclude-operation-id createKey --workers 1 --request-timeout 30 --seed "$seed" --continue-on-failure \
        --suppress-health-check all --warnings off --report-dir "$work/report" --report ndjson "$@" ||
        status=1
}

: >"$work/anywhere.toml"
cat >"$work/inside.toml" <<'TOML'
[parameters]
"path.space" = "fuzz"
TOML

run anywhere --max-examples 40 --report-ndjson-path "$work/anywhere.ndjson"
run inside --max-examples 60 --report-ndjson-path "$work/inside.ndjson" --exclude-operation-id deleteSpace \
    --exclude-operation-id clearMemories

if ! kill -0 "$service" 2>/dev/null; then
    echo "fuzz: the service ended by itself" >&2
    status=1
fi
if grep -q ' ERROR ' "$work/service.log"; then
    echo "fuzz: the service logged errors:" >&2
    grep -A 3 ' ERROR ' "$work/service.log" | head -40 >&2
    status=1
fi
echo "fuzz: seed $seed; repeat it with ./engram fuzz $seed"
exit $status
