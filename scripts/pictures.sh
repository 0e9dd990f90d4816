#!/usr/bin/env bash
# Run the invented county's month, turn its documents into pages (build/pictures) and take the README's
# pictures of them; then open the demo's desk and take those of its pages.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/pictures
month=build/month
rm -rf "$month"
.venv/bin/diaodu demo "$month"
.venv/bin/diaodu month 2023-05 --returns "$month/returns" --rulebook "$month/rulebook" --out "$month/out"
rm -rf "$out" && mkdir -p "$out" docs/img
[ -f build/fonts/fonts.conf ] && export FONTCONFIG_FILE="$PWD/build/fonts/fonts.conf"
for name in bulletin.docx tables.xlsx findings.xlsx; do
  soffice "-env:UserInstallation=file://$PWD/$out/profile" --headless --convert-to pdf \
    --outdir "$out" "$month/out/$name" >/dev/null 2>&1
done

# picture NAME PDF PAGE [pdftoppm options]
picture() {
  local name=$1 pdf=$2 page=$3
  shift 3
  pdftoppm -png -singlefile -f "$page" -l "$page" "$@" "$out/$pdf.pdf" "docs/img/$name"
}

# The page of a PDF on which a text first stands.
page_of() {
  local pages
  pages=$(pdfinfo "$out/$1.pdf" | sed -n 's/^Pages: *//p')
  for page in $(seq "$pages"); do
    if pdftotext -f "$page" -l "$page" "$out/$1.pdf" - | grep -q "$2"; then echo "$page" && return; fi
  done
  return 1
}

picture bulletin-1 bulletin 1 -r 85 -gray
picture bulletin-2 bulletin 2 -r 85 -gray
picture tables-1 tables 1 -r 125 -x 0 -y 40 -W 1462 -H 420
picture charts tables "$(page_of tables 统计期截至月份)" -r 90 -x 34 -y 50 -W 900 -H 485

export DIAODU_HOME=$PWD/$out/desk DJANGO_SETTINGS_MODULE=diaodu.web.site.settings.base
port=${PORT:-8017}
mkfifo "$out/served"
.venv/bin/python -m django demo --port "$port" --told "$out/demo.json" >"$out/served" &
served=$!
trap 'kill "$served" 2>/dev/null; wait "$served" || true' EXIT
# It goes on printing to the pipe for as long as it serves.
exec 3<"$out/served"
while read -r line <&3; do
  echo "$line"
  [ "${line%% *}" != ready ] || break
done
kill -0 "$served"
.venv/bin/python scripts/desk_pictures.py "$out/demo.json" docs/img
ls docs/img
