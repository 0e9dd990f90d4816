#!/usr/bin/env bash
# Make a bare Debian 12 machine ready: system packages, fonts, .venv, locked dependencies.
# Idempotent: every step looks first and does nothing when its result is already there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(python3-venv fontconfig fonts-noto-cjk fonts-liberation poppler-utils
          libreoffice-writer-nogui libreoffice-calc-nogui)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "缺少系统软件包，请先用管理员身份执行：" >&2
    echo "  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  echo "安装系统软件包：${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

bash scripts/fonts.sh

lock=requirements/dev.txt
stamp=.venv/.installed
wanted=$(cat requirements/*.txt pyproject.toml | sha256sum | cut -c1-64)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  echo "安装 Python 依赖（按锁定版本，校验哈希）"
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
  .venv/bin/uv pip sync -q --system-certs --require-hashes --python .venv/bin/python "$lock" requirements/uv.txt
  .venv/bin/uv pip install -q --system-certs --python .venv/bin/python --no-deps --no-build-isolation -e .
  .venv/bin/python -m compileall -q -j 2 .venv/lib >/dev/null 2>&1 || true
  echo "$wanted" > "$stamp"
fi

# Where PYTHONDONTWRITEBYTECODE is set every start would compile the program anew.
.venv/bin/python -m compileall -q diaodu >/dev/null 2>&1 || true
