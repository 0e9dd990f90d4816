#!/usr/bin/env bash
# Resolve pyproject.toml into hashed lock files: run (runtime), dev (adds tools), uv (the installer);
# and package.json into package-lock.json, which names no address: `npm ci` uses the registry set.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
compile() { "$uv" pip compile -q --system-certs --generate-hashes --no-header --no-annotate "$@"; }
compile pyproject.toml -o requirements/run.txt
echo "setuptools>=69" | compile --extra dev -c requirements/run.txt pyproject.toml - \
  -o requirements/dev.txt --allow-unsafe
echo "uv==0.13.9" | compile - -o requirements/uv.txt

npm install --silent --package-lock-only --ignore-scripts
node -e '
  const fs = require("fs"), lock = JSON.parse(fs.readFileSync("package-lock.json"));
  for (const entry of Object.values(lock.packages)) delete entry.funding;
  fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n");'
