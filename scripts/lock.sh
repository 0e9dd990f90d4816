#!/usr/bin/env bash
# Resolve pyproject.toml into hashed lock files: run (runtime), dev (adds tools), uv (the installer).
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
compile() { "$uv" pip compile -q --system-certs --generate-hashes --no-header --no-annotate "$@"; }
compile pyproject.toml -o requirements/run.txt
echo "setuptools>=69" | compile --extra dev -c requirements/run.txt pyproject.toml - \
  -o requirements/dev.txt --allow-unsafe
echo "uv==0.13.9" | compile - -o requirements/uv.txt
