"""What the documents say of the code is so, as far as a machine can tell."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from diaodu import cli
from diaodu.engine.rules.models import (
    Break,
    CalendarEntry,
    Correction,
    DayAfter,
    Reconciled,
    Signature,
)
from diaodu.engine.verify import heaped, history, matched
from diaodu.web.intake.models import STATES
from diaodu.web.intake.queries.obligations import STATE_WORDS
from diaodu.web.shared.roles import ALLOWED, CAPABILITIES, DESK_WIDE, MAY_READ_EARLY, ROLES
from diaodu.web.site.context import MENU

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MANUAL = DOCS / "用户手册"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
SETTINGS = ROOT / "diaodu" / "web" / "site" / "settings" / "base.py"


def _manual(page: str) -> str:
    return (MANUAL / page).read_text("utf-8")


def _desk_commands() -> dict[str, argparse.ArgumentParser]:
    return _parts(_parts(cli._parser())["desk"])


def _parts(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (parts,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return dict(parts.choices)


def _key(name: str, model: type[BaseModel]) -> str:
    return model.model_fields[name].alias or name


# -- the manual ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", _desk_commands())
def test_every_command_of_the_desk_is_in_the_manual_with_its_options(name: str):
    (line,) = (
        line
        for line in _manual("安装与运行.md").splitlines()
        if line.startswith(f"| `diaodu desk {name}`")
    )
    options = [text for one in _desk_commands()[name]._actions for text in one.option_strings]
    assert [one for one in options if one.startswith("--") and one not in (line + " --help")] == []


def test_every_variable_of_the_environment_is_in_the_manual():
    """The demo's clock is set by the demo itself."""
    named = set(re.findall(r'environ\.get\("(\w+)"', SETTINGS.read_text("utf-8")))
    told = set(re.findall(r"^\| `(DIAODU_\w+)`", _manual("安装与运行.md"), flags=re.MULTILINE))
    assert told == {one for one in named if not one.startswith("DIAODU_CLOCK_")}


@pytest.mark.parametrize("model", [CalendarEntry, DayAfter, Signature, Reconciled])
def test_every_key_of_the_calendar_is_in_the_manual(model: type[BaseModel]):
    page = _manual("规则怎么写.md")
    keys = [_key(name, model) for name in model.model_fields]
    assert [key for key in keys if f"`{key}`" not in page] == []


@pytest.mark.parametrize("model", [Break, Correction])
def test_every_key_of_breaks_and_corrections_is_in_the_manual(model: type[BaseModel]):
    page = _manual("口径变动和更正.md")
    keys = [_key(name, model) for name in model.model_fields]
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_manual_tells_what_statistical_checks_mean_where_they_are_silent():
    page = _manual("统计性提示.md")
    told = {
        f"不写，总量为{history.BAND['ratio']}，增速和占比为{history.BAND['points']}",
        f"才提；不写为{history.TIMES}\n", f"历史变动；不写为{history.AT_LEAST}\n",
        f"历史变动不足{history.AT_LEAST}次的不判", f"就提；不写为{matched.OPPOSITE}\n",
    }  # fmt: skip
    assert [text for text in told if text not in page] == []
    assert [name for name in heaped.LEAST if name not in page] == []


def test_the_roles_in_the_manual_are_those_of_the_table():
    page = _manual("单位与人员.md")
    rows = dict(re.findall(r"^\| (\S+) \| (\S+) \|$", page.partition("<!-- roles -->")[2], re.M))
    del rows["角色"]
    assert rows == {
        called: "、".join(name for key, name in CAPABILITIES.items() if key in ALLOWED[role])
        for role, called in ROLES.items()
    }


def test_the_manual_says_what_is_about_the_whole_desk_and_who_may_read_early():
    page = _manual("单位与人员.md")
    wide = "、".join(name for key, name in CAPABILITIES.items() if key in DESK_WIDE)
    early = "、".join(name for role, name in ROLES.items() if role in MAY_READ_EARLY)
    assert f"- {wide}是全站的事" in page
    assert f"只有{early}三种角色可以给" in page


def test_every_state_of_a_return_is_in_the_manual():
    page = _manual("报送.md")
    words = {*STATE_WORDS.values(), *STATES.values()}
    assert [word for word in sorted(words) if word not in page] == []


def test_every_entry_of_the_menu_has_a_page_in_the_manual():
    index = _manual("README.md")
    pages = {"一张表": "一张表和指标页", "文稿": "文稿校核"}
    assert [label for label, _, _ in MENU if f"[{pages.get(label, label)}]" not in index] == []


def test_the_index_names_every_page_of_the_manual():
    index = _manual("README.md")
    pages = [page.name for page in MANUAL.glob("*.md") if page.name != "README.md"]
    assert [name for name in pages if f"]({name})" not in index] == []


def test_the_manual_neither_shouts_nor_coaxes():
    found = {
        page.name: word
        for page in MANUAL.glob("*.md")
        for word in ("！", "温馨", "亲")
        if word in page.read_text("utf-8")
    }
    assert found == {}


# -- the map, the terms, the links ---------------------------------------------------------------


def _drawn() -> Iterator[str]:
    """The paths of the tree drawn in map.md."""
    text = (DOCS / "map.md").read_text("utf-8").partition("```\n")[2].partition("```")[0]
    above: list[str] = []
    for line in text.splitlines():
        found = re.match(r"((?:[│ ]  )*[├└]─ )?([\w./]+)(?: |$)", line)
        if found is not None:  # else the line goes on with the words of the one above
            above[len(found[1] or "") // 3 :] = [found[2].rstrip("/")]
            yield "/".join(above)


def test_everything_on_the_map_is_there():
    drawn = list(_drawn())
    assert len(drawn) > 30
    assert [path for path in drawn if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("floor", ["web", "adapters", "engine"])
def test_every_room_has_its_line_on_the_map(floor: str):
    here = ROOT / "diaodu" / floor
    rooms = {
        one.name
        for one in here.iterdir()
        if not one.name.startswith(("_", ".")) and (one.suffix == ".py" or one.is_dir())
    }
    drawn = {path.rpartition("/")[2] for path in _drawn() if path.startswith(f"diaodu/{floor}/")}
    assert rooms == drawn


def test_every_capability_has_its_term():
    terms = (DOCS / "terms.md").read_text("utf-8")
    cells = " ".join(
        line.split("|")[2] for line in terms.splitlines() if line.endswith("| capabilities |")
        or "capabilities, the table" in line
    )  # fmt: skip
    assert set(CAPABILITIES) == set(cells.split())


def _links(page: Path) -> Iterator[str]:
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            yield target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path):
    assert [one for one in _links(page) if not (page.parent / one).exists()] == []


def test_decisions_are_numbered_one_after_another():
    numbers = [int(one.name[:4]) for one in sorted((DOCS / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in (DOCS / "decisions").glob("*.md"):
        assert page.read_text("utf-8").startswith(f"# {int(page.name[:4])}. ")
