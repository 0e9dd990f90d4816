#!/usr/bin/env bash
# Turn the demo month's bulletin and workbook into the pictures of the README.
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/pictures
rm -rf "$out" && mkdir -p "$out" docs/img
[ -f build/fonts/fonts.conf ] && export FONTCONFIG_FILE="$PWD/build/fonts/fonts.conf"
for name in bulletin.docx tables.xlsx findings.xlsx; do
  soffice "-env:UserInstallation=file://$PWD/$out/profile" --headless --convert-to pdf \
    --outdir "$out" "build/demo/out/$name" >/dev/null 2>&1
done
pdftoppm -r 60 -png -f 1 -l 2 "$out/bulletin.pdf" "$out/bulletin"
pdftoppm -r 70 -png "$out/tables.pdf" "$out/tables"
pdftoppm -r 70 -png -f 1 -l 1 "$out/findings.pdf" "$out/findings"
ls "$out"
