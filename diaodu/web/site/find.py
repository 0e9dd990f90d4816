"""One box that finds indicators, units and pages, by Chinese or by the initials of its pinyin.

What has a name stands in an index, made once for each version of the rules: the tree of units is
part of it. A character with several readings is found by each of them. Who asks is told of nothing
they may not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from diaodu.engine.ground.period import normal
from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.engine.rules.models import Org
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.board import queries as board
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs import queries as runs
from diaodu.web.shared.access import Access

# Single characters are asked for: the table of whole words costs memory and is not looked into.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin import Style, pinyin

LONGEST = 50  # signs of what is asked
MOST = 8  # of a kind, under the box
MOST_ON_A_PAGE = 100

# label, address, who may (any of these capabilities; none: whoever is signed in), other words
Named = tuple[str, str, tuple[str, ...], tuple[str, ...]]
PAGES: tuple[Named, ...] = (
    ("测算器", "board:calc", ("view",), ("计算器", "完成率", "增速", "月均", "贡献率", "拉动")),
    ("比一比", "board:compare", ("view",), ("对比", "比较", "两次运行")),
    ("地图", "board:maps", ("people",), ("底图", "乡镇地图")),
    ("大屏", "board:wall", ("view",), ("指挥大屏",)),
    ("大屏选指标", "board:wall_choose", ("view",), ("大屏设置", "大屏地图")),
    ("地图和排名", "board:rankings", ("view",), ("排名", "位次", "乡镇排名")),
    ("逐月小图", "board:all_multiples", ("view",), ("小图", "小倍数图")),
    ("我的批注", "board:notes", ("view",), ("批注",)),
    ("我的任务", "tasks", (), ("待办", "今天")),
    ("缺数", "figures:gaps", ("view",), ("数据缺口", "没有数")),
    ("导入数据", "figures:imports", ("import",), ("导入",)),
    ("任务一览", "duties:boards", ("view",), ("督办台账",)),
    ("走访等定期任务", "duties:quotas", ("view",), ("定期任务",)),
    ("用户", "people:users", ("people",), ("人员", "账号")),
    ("我的账号", "people:account", (), ("个人信息",)),
    ("修改密码", "account_change_password", (), ("密码",)),
    ("两步验证", "mfa_index", (), ("动态口令",)),
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that fits: what it is called, where it is, what else tells it apart."""

    kind: str
    name: str
    url: str
    more: str


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    items: Sequence[Found]
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with names, the usual one first."""

    id: str
    names: tuple[str, ...]
    texts: tuple[str, ...] = field(default=())
    initials: tuple[tuple[frozenset[str], ...], ...] = field(default=())

    @classmethod
    def of(cls, id: str, *names: str) -> Entry:
        texts = tuple(loose(one) for one in names)
        return cls(id, names, texts, tuple(tuple(map(_letters, one)) for one in texts))


def search(
    access: Access, menu: Iterable[Named], wanted: str, now: datetime, most: int
) -> list[Group]:
    """What fits, the best first: indicators, units, pages; at most so many of each."""
    text = loose(wanted[:LONGEST])
    if not text:
        return []
    groups = [
        ("指标", _indicators(access, text, now)), ("单位", _orgs(access, text, now)),
        ("页面", _pages(access, (*menu, *PAGES), text)),
    ]  # fmt: skip
    return [Group(kind, found[:most], len(found)) for kind, found in groups if found]


# -- what fits ---------------------------------------------------------------------------------


def fitting(entries: Iterable[Entry], text: str) -> list[tuple[Entry, str]]:
    """The entries a text fits, the best first, each with the name it fits."""
    found = []
    for place, entry in enumerate(entries):
        fits = [(rank, at) for at in range(len(entry.names)) if (rank := _rank(entry, at, text))]
        if fits:
            rank, at = min(fits)
            found.append(((rank, place), entry, entry.names[at]))
    return [(entry, name) for _, entry, name in sorted(found, key=lambda one: one[0])]


def _rank(entry: Entry, at: int, text: str) -> int:
    """1 for the whole of the usual name, more for less; 0 where it does not fit."""
    name, is_other = entry.texts[at], at > 0
    if name == text:
        return 1 + is_other
    if name.startswith(text):
        return 3 + is_other
    if text in name:
        return 5 + is_other
    if not (text.isascii() and text.isalnum()):
        return 0
    initials = entry.initials[at]
    where = _initials_at(initials, text)
    if where is None:
        return 0
    return (11 if where else 7 if len(initials) == len(text) else 9) + is_other


def _initials_at(initials: Sequence[frozenset[str]], text: str) -> int | None:
    """Where the letters of a text are initials that follow each other."""
    for start in range(len(initials) - len(text) + 1):
        if all(letter in initials[start + step] for step, letter in enumerate(text)):
            return start
    return None


def loose(text: str) -> str:
    """As names are compared: half-width, small letters, without spaces."""
    return normal(text).casefold()


@lru_cache(maxsize=8192)
def _letters(character: str) -> frozenset[str]:
    """The initials of all readings of a character; itself where it is no Chinese one."""
    told = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)
    return frozenset(one for readings in told for one in readings)


# -- the things --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Index:
    indicators: tuple[Entry, ...]
    orgs: tuple[Entry, ...]


def _book() -> Rulebook | None:
    return rulebooks.current() if rulebooks.has_rulebook() else None


_kept: dict[str, _Index] = {}


def _index(book: Rulebook) -> _Index:
    """Of the version in force; those before it are forgotten."""
    if book.version not in _kept:
        made = _Index(
            tuple(Entry.of(one.id, one.name, *one.aliases) for one in book.indicators.values()),
            tuple(Entry.of(one.id, one.name, *one.aliases) for one in book.orgs.values()),
        )
        _kept.clear()
        _kept[book.version] = made
    return _kept[book.version]


def _indicators(access: Access, text: str, now: datetime) -> list[Found]:
    """Each leads to the indicator of the reader's usual unit, else of the home unit."""
    book = _book()
    fits = fitting(_index(book).indicators, text) if book is not None else []
    if book is None or not fits or not access.may("view"):
        return []
    run = board.run_of(access, {}, now.date())
    if run is None or not run.is_done:
        return []
    usual = board.chosen(access, run, "").org
    places = [usual.id, *([access.home] if access.home not in (None, usual.id) else [])]
    told = {org: runs.indicators_of(run, access, [org]) for org in places if org is not None}
    found = []
    for entry, name in fits:
        org = next((one for one, known in told.items() if entry.id in known), None)
        if org is not None:
            url = reverse("board:indicator", args=[org, entry.id])
            whose = book.orgs[org].name if org in book.orgs else ""
            found.append(Found("指标", entry.names[0], url, _more(entry, name, whose)))
    return found


def _orgs(access: Access, text: str, now: datetime) -> list[Found]:
    book = _book()
    fits = fitting(_index(book).orgs, text) if book is not None else []
    if book is None or not fits or not access.may("view"):
        return []
    seen = access.orgs("view")
    return [
        Found(
            "单位", entry.names[0], url, _more(entry, name, _what(book.orgs[entry.id], book, now))
        )
        for entry, name in fits
        if entry.id in seen and (url := _org_url(book.orgs[entry.id])) is not None
    ]


def _what(org: Org, book: Rulebook, now: datetime) -> str:
    above = book.orgs.get(org.parent or "")
    ended = "" if org.exists_on(now.date()) else "已撤销或未设立"
    return "　".join(filter(None, (above.name if above else "", LEVEL_NAMES[org.level], ended)))


def _org_url(org: Org) -> str | None:
    """Its own page; 一张表 where there is no such page, which departments have no lines in."""
    if (own := _url("board:org", org.id)) is not None:
        return own
    return None if org.level == "department" else f"{reverse('board:table')}?org={org.id}"


def _pages(access: Access, pages: Iterable[Named], text: str) -> list[Found]:
    allowed = {}
    for label, address, wanted, others in pages:
        if not wanted or any(map(access.may, wanted)):
            allowed[address] = Entry.of(address, label, *others)
    fits = fitting(allowed.values(), text)
    return [
        Found("页面", entry.names[0], url, _more(entry, name, ""))
        for entry, name in fits
        if (url := _url(entry.id)) is not None
    ]


def _url(address: str, *args: str) -> str | None:
    """None for a page that this desk does not have."""
    try:
        return reverse(address, args=args)
    except NoReverseMatch:
        return None


def _more(entry: Entry, name: str, what: str) -> str:
    known = f"又名{name}" if name != entry.names[0] else ""
    return "　".join(one for one in (what, known) if one)
