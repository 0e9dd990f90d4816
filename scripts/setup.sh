#!/usr/bin/env bash
# Make a bare Debian 12 machine ready: system packages, fonts, .venv, front-end files, all locked.
# Idempotent: every step looks first and does nothing when its result is already there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(python3-venv fontconfig fonts-noto-cjk fonts-liberation poppler-utils
          libreoffice-writer-nogui libreoffice-calc-nogui postgresql
          chromium libatomic1)  # Playwright's own node wants libatomic
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)

installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qx "$package installed" <<<"$installed" || missing+=("$package")
done

# Tests start a private cluster; the package's own would run for nothing and hold port 5432.
no_own_cluster=/etc/postgresql-common/createcluster.d/diaodu.conf
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "缺少系统软件包，请先用管理员身份执行：" >&2
    echo "  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  echo "安装系统软件包：${missing[*]}"
  trap 'rm -f "$no_own_cluster"' EXIT
  mkdir -p "$(dirname "$no_own_cluster")"
  echo "create_main_cluster = false" > "$no_own_cluster"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

bash scripts/fonts.sh

digest() { cat "$@" | sha256sum | cut -c1-64; }

# outdated STAMP DIGEST: whether the step's result was made from something else.
outdated() { [ "$(cat "$1" 2>/dev/null || true)" != "$2" ]; }

lock=requirements/dev.txt
stamp=.venv/.installed
wanted=$(digest requirements/*.txt)
if outdated "$stamp" "$wanted"; then
  echo "安装 Python 依赖（按锁定版本，校验哈希）"
  rm -f .venv/.installed-diaodu  # the step below puts back what the sync takes away
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
  .venv/bin/uv pip sync -q --system-certs --require-hashes --python .venv/bin/python "$lock" requirements/uv.txt
  .venv/bin/python -m compileall -q -j 2 .venv/lib >/dev/null 2>&1 || true
  echo "$wanted" > "$stamp"
fi

stamp=.venv/.installed-diaodu
wanted=$(digest requirements/*.txt pyproject.toml)
if outdated "$stamp" "$wanted"; then
  .venv/bin/uv pip install -q --system-certs --python .venv/bin/python --no-deps --no-build-isolation -e .
  echo "$wanted" > "$stamp"
fi

stamp=node_modules/.installed
wanted=$(digest package.json package-lock.json)
if outdated "$stamp" "$wanted"; then
  echo "安装前端依赖（按锁定版本，校验哈希）"
  npm ci --ignore-scripts --loglevel=error >/dev/null
  echo "$wanted" > "$stamp"
fi
.venv/bin/python scripts/vendor.py

# Where PYTHONDONTWRITEBYTECODE is set every start would compile the program anew.
.venv/bin/python -m compileall -q diaodu >/dev/null 2>&1 || true
