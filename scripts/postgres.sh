#!/usr/bin/env bash
# A throw-away PostgreSQL for tests: a private cluster, reached by unix socket only, not durable.
#
#   scripts/postgres.sh run -- COMMAND…   COMMAND with DIAODU_DATABASE_URL set; gone afterwards
#   scripts/postgres.sh start             leaves it running and prints its address
#   scripts/postgres.sh stop              ends what start began
set -euo pipefail
cd "$(dirname "$0")/.."

started=build/postgres  # names the folder of the cluster that `start` left running

programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$programs" ]; then
  echo "没有找到 PostgreSQL，请先执行 make setup" >&2
  exit 2
fi

# PostgreSQL refuses to run as root.
as_owner() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
  else
    "$@"
  fi
}

# Not under build/: its owner must be able to reach it, and a socket's path may have 107 bytes.
create() {
  local folder
  folder=$(mktemp -d --tmpdir diaodu-postgres.XXXXXX)
  [ "$(id -u)" -ne 0 ] || chown postgres: "$folder"
  echo "$folder"
}

launch() {
  local folder=$1
  local settings="-c listen_addresses= -c unix_socket_directories=$folder
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  cd "$folder"  # the owner may have no access to the repository
  as_owner "$programs/initdb" -D "$folder/data" -U diaodu -A trust --locale=C.UTF-8 -E UTF8 \
    --no-sync >"$folder/initdb.log"
  as_owner "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -o "${settings//$'\n'/}" \
    start >/dev/null
  as_owner "$programs/createdb" -h "$folder" -U diaodu diaodu
  cd "$OLDPWD"
}

remove() {
  (cd / && as_owner "$programs/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1) || true
  rm -rf "$1"
}

address() { echo "postgresql://diaodu@/diaodu?host=$1"; }

case "${1:-} ${2:-}" in
  "run --")
    folder=$(create)
    trap 'remove "$folder"' EXIT
    launch "$folder"
    DIAODU_DATABASE_URL=$(address "$folder") "${@:3}"
    ;;
  "start ")
    mkdir -p "$(dirname "$started")"
    if [ ! -S "$(cat "$started" 2>/dev/null)/.s.PGSQL.5432" ]; then
      create > "$started"
      launch "$(cat "$started")"
    fi
    address "$(cat "$started")"
    ;;
  "stop ")
    [ ! -f "$started" ] || remove "$(cat "$started")"
    rm -f "$started"
    ;;
  *)
    sed -n 2,6p "$0" >&2
    exit 2
    ;;
esac
