#!/bin/sh
# Rewrites the two lock files from pyproject.toml (needs the network). Run it after changing a dependency.
set -eu
cd -- "$(dirname -- "$0")"
compile() { .venv/bin/python -m uv pip compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11 "$@"; }
uv=$(.venv/bin/python -m uv --version | sed 's/^uv \([0-9.]*\).*/\1/')
head='# Written by lock.sh. The line below is the installer that setup.sh brings.'
printf '%s\n# uv==%s\n' "$head" "$uv" > requirements.lock.new
compile pyproject.toml >> requirements.lock.new
printf '%s\n# uv==%s\n' "$head" "$uv" > requirements-dev.lock.new
compile pyproject.toml --group dev -c requirements.lock.new >> requirements-dev.lock.new
mv requirements.lock.new requirements.lock
mv requirements-dev.lock.new requirements-dev.lock
