"""What others wrote comes by lock files, is checked by hash and is never in the repository."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = runpy.run_path(str(ROOT / "scripts" / "vendor.py"))
TEMPLATES = sorted((ROOT / "diaodu" / "web").rglob("templates/**/*.html"))


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


def _addresses(text: str) -> list[str]:
    """What a browser would fetch from elsewhere."""
    return re.findall(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//[^"']*""", text)


def test_the_front_end_lock_names_no_address_and_every_hash():
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert "http" not in text
    assert "resolved" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_front_end_packages_are_pinned_exactly():
    declared = json.loads((ROOT / "package.json").read_text("utf-8"))
    pins = declared["dependencies"] | declared["devDependencies"]
    assert [pin for pin in pins.values() if not re.fullmatch(r"\d+\.\d+\.\d+", pin)] == []


def test_every_python_pin_has_a_hash_and_the_tools_run_on_the_same_versions():
    assert set(_pins("run.txt").items()) <= set(_pins("dev.txt").items())
    for lock in ("run.txt", "dev.txt", "uv.txt"):
        text = (ROOT / "requirements" / lock).read_text("utf-8")
        assert len(re.findall(r"==\S+ \\\n    --hash=sha256:", text)) == len(_pins(lock))


@pytest.mark.parametrize("folder", VENDOR["FOLDERS"], ids=lambda folder: folder.name)
def test_vendored_files_are_those_listed_without_source_maps(folder: Path):
    contents = VENDOR["present"](folder)
    assert set(contents) == set(VENDOR["FOLDERS"][folder])
    assert [name for name, text in contents.items() if "sourceMappingURL" in text] == []
    assert [name for name, text in contents.items() if len(text) < 10_000] == []


def test_third_party_files_are_ignored_by_git():
    places = [folder / name for folder, files in VENDOR["FOLDERS"].items() for name in files]
    places.append(VENDOR["MODULES"] / "echarts" / "package.json")
    asked = [str(place) for place in places]
    done = subprocess.run(
        ["git", "check-ignore", *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == asked


def test_pages_link_the_vendored_files_and_no_others():
    linked = {
        name
        for page in TEMPLATES
        for name in re.findall(r"vendor/([\w.-]+)", page.read_text("utf-8"))
    }
    assert linked == set(VENDOR["SERVED"])


def test_pages_fetch_nothing_from_elsewhere():
    found = {page.name: _addresses(page.read_text("utf-8")) for page in TEMPLATES}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def test_an_address_of_elsewhere_would_be_seen():
    assert _addresses('<script src="https://cdn.example/x.js">') != []
    assert _addresses("<link href='//cdn.example/x.css'>") != []
    assert _addresses('<a href="/board/">') == []


@pytest.mark.slow
def test_the_private_postgres_answers_and_leaves_nothing_behind(tmp_path: Path):
    ask = (
        "import os, pathlib, psycopg, sys\n"
        "url = os.environ['DIAODU_DATABASE_URL']\n"
        f"pathlib.Path({str(tmp_path / 'url')!r}).write_text(url)\n"
        "encoding = psycopg.connect(url).execute('show server_encoding').fetchone()\n"
        "sys.exit(7 if encoding == ('UTF8',) else 1)\n"
    )
    done = subprocess.run(
        ["bash", "scripts/postgres.sh", "run", "--", sys.executable, "-c", ask],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 7, done.stderr
    folder = (tmp_path / "url").read_text().partition("host=")[2]
    assert not Path(folder).exists()
