#!/usr/bin/env bash
# Free fonts that stand in for the 公文 fonts when documents are turned into pages.
# The Word file keeps naming 方正小标宋, 仿宋_GB2312, 楷体_GB2312, 黑体; only PDF making needs these.
# Idempotent; never fails the set-up: without them pages are set in Noto Sans CJK.
set -euo pipefail
cd "$(dirname "$0")/.."

fonts=build/fonts
wanted=(FandolFang-Regular.otf FandolKai-Regular.otf FandolSong-Regular.otf FandolTitle.otf)

write_conf() {
  mkdir -p "$fonts"
  cat > "$fonts/fonts.conf" <<CONF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>$PWD/$fonts</dir>
  <alias binding="same"><family>仿宋_GB2312</family><prefer><family>FandolFang</family></prefer></alias>
  <alias binding="same"><family>仿宋</family><prefer><family>FandolFang</family></prefer></alias>
  <alias binding="same"><family>楷体_GB2312</family><prefer><family>FandolKai</family></prefer></alias>
  <alias binding="same"><family>楷体</family><prefer><family>FandolKai</family></prefer></alias>
  <alias binding="same"><family>方正小标宋简体</family><prefer><family>FandolTitle</family></prefer></alias>
  <alias binding="same"><family>宋体</family><prefer><family>FandolSong</family></prefer></alias>
  <alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
  <alias binding="same"><family>Times New Roman</family><prefer><family>Liberation Serif</family></prefer></alias>
</fontconfig>
CONF
}

have_all() {
  local font
  for font in "${wanted[@]}"; do [ -s "$fonts/$font" ] || return 1; done
}

download() {
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download texlive-lang-chinese >/dev/null 2>&1)
}

fetch() {
  local work
  work=$(mktemp -d)
  trap 'rm -rf "$work"' RETURN
  # The package lists may be missing or old on a machine where nothing had to be installed.
  download "$work" || { apt-get update -qq && download "$work"; } || return 1
  dpkg-deb --fsys-tarfile "$work"/texlive-lang-chinese_*.deb |
    tar -x -C "$work" --wildcards '*/opentype/public/fandol/*.otf' || return 1
  local from
  from=$(dirname "$(find "$work" -name FandolFang-Regular.otf)")
  cp "$from"/Fandol{Fang,Kai,Song}-Regular.otf "$fonts/" || return 1
  python3 scripts/rename_font.py "$from/FandolSong-Bold.otf" "$fonts/FandolTitle.otf" FandolTitle
}

write_conf
if ! have_all; then
  if [ "$(id -u)" -ne 0 ] || ! fetch; then
    echo "未能取得仿宋、楷体等代用字体，转换成页面时改用 Noto 字体；Word 文件本身不受影响。"
  fi
fi
