#!/bin/sh
# setup.sh LOCK STAMP: makes .venv with exactly the packages in LOCK (hash-checked), then writes STAMP as its copy.
# Called by ./run and ./test; safe to interrupt and to call twice at once.
set -eu
cd -- "$(dirname -- "$0")"
lock=$1 stamp=.venv/$2

say() { printf 'retropace: %s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }

find_python() {
    for candidate in "${RETROPACE_PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"; return
        fi
    done
    fail "needs Python 3.11 or newer and found none. Install it, or name one: RETROPACE_PYTHON=/path/to/python3 ./run"
}

take_turn() { # one setup at a time; a lock left by a killed setup (its process gone) is taken over
    tries=0
    until mkdir .setup.lock 2>/dev/null; do
        owner=$(cat .setup.lock/pid 2>/dev/null || echo 0)
        if [ "$owner" != 0 ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf .setup.lock; continue; fi
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || fail "another setup is still running here; if not, remove the folder .setup.lock and start again."
        sleep 1
    done
    echo $$ > .setup.lock/pid
    trap 'rm -rf .setup.lock' EXIT
    trap 'exit 130' INT TERM
}

take_turn
cmp -s "$lock" "$stamp" && exit 0
python=$(find_python)
say "setting up (once, about 10 seconds) ..."
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    rm -rf .venv
    "$python" -m venv .venv || fail "could not make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv"
fi
rm -f "$stamp"
uv=$(sed -n 's/^# uv==/uv==/p' "$lock")
export UV_SYSTEM_CERTS=1 # trust what the machine trusts, as pip does
if .venv/bin/python -m pip install --quiet --disable-pip-version-check "$uv" &&
    .venv/bin/python -m uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"; then
    :
else # no uv for this platform or network: pip does the same, slower
    say "installing with pip instead ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" ||
        fail "could not install the packages in $lock. Check the network and start again."
fi
cp "$lock" "$stamp"
say "ready."
