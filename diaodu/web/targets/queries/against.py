"""What a target of places, a mean or a relative one is held against (对照), as people write it and
as the engine reads it: 增速|示例市各县, 示例市, 地区生产总值|示例市."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.html import escape

from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook
from diaodu.web.rulebooks import queries as rulebooks

COMPARED = ("rank", "not_bottom", "mean", "relative")
HELP = {
    "rank": "按什么、在哪一组排：总量或增速、分组，两样都写用“|”隔开，如“总量|{group}”；"
    "不写就按增速、在同级单位里排",
    "mean": "高于谁的平均：上级单位或分组，如“{group}”；不写就是直接上级",
    "relative": "与谁比：指标、单位，或“指标|单位”；不写的一边就是自己的",
}  # fmt: skip
HELP["not_bottom"] = HELP["rank"]
_SORTS = {"总量": "level", "增速": "growth"}
_BAR = "|"


class AgainstError(ValueError):
    """What was written says nothing that this target can be held against; in words."""


def written(against: str, kind: str) -> str:
    """As it stands in its field, to be read back."""
    rules = rulebooks.current()
    if kind == "relative":
        return _BAR.join(rules.names_of([one])[0] if one else "" for one in against.split(_BAR))
    words = {code: word for word, code in _SORTS.items()}
    names = {one.id: group_name(one, rules) for one in _groups(rules)}
    return _BAR.join(
        words.get(one) or names.get(one) or rules.names_of([one])[0]
        for one in against.split(_BAR)
    ) if against else ""  # fmt: skip


def help_for(kind: str, org: str) -> str:
    rules = rulebooks.current()
    groups = [group_name(one, rules) for one in _groups(rules) if org in one.members]
    return HELP[kind].format(group=escape(groups[0] if groups else "示例市各县"))


def read_against(text: str, *, kind: str, indicator: str, org: str) -> str:
    """The engine's ids. Raises AgainstError."""
    said = text.replace("｜", _BAR).strip()
    if not said:
        return ""
    if kind not in COMPARED:
        raise AgainstError("这一类目标不用写对照；请清空")
    rules = rulebooks.current()
    if kind == "relative":
        return _reference(said, rules, indicator, org)
    if kind == "mean":
        return _mean(said, rules, org)
    return _place(said, rules, org)


def _reference(said: str, rules: Rulebook, indicator: str, org: str) -> str:
    what, bar, who = (one.strip() for one in said.partition(_BAR))
    if not bar and (found := _of(_names(rules.orgs.values()), what)) is not None:
        what, who = "", found
    elif who:
        who = _named(_names(rules.orgs.values()), who, "单位")
    if what:
        what = _named(_names(rules.indicators.values()), what, "指标")
    if (what or indicator, who or org) == (indicator, org):
        raise AgainstError("对照就是它自己，没有可比的；请写另一个指标或另一个单位")
    return f"{what}{_BAR}{who}" if who else what


def _mean(said: str, rules: Rulebook, org: str) -> str:
    above = _above(rules, org)
    if (found := _of(_names(rules.orgs.values()), said)) is not None:
        if found not in above:
            told = "、".join(rules.names_of(above)) or "没有"
            raise AgainstError(f"“{said}”不是它的上级；可写的上级：{told}，或写分组")
        return found
    return _group(said, rules, org)


def _place(said: str, rules: Rulebook, org: str) -> str:
    first, bar, rest = (one.strip() for one in said.partition(_BAR))
    if first in _SORTS:
        return f"{_SORTS[first]}{_BAR}{_group(rest, rules, org)}" if rest else _SORTS[first]
    if bar:
        raise AgainstError(f"“{first}”不是总量也不是增速；请照“总量|分组”这样写")
    return _group(first, rules, org)


def _group(said: str, rules: Rulebook, org: str) -> str:
    own = {group_name(one, rules): one.id for one in _groups(rules) if org in one.members}
    ids = {id: id for id in own.values()}
    found = (own | ids).get(said)
    if found is None:
        told = "、".join(own) or "没有"
        raise AgainstError(f"“{said}”不是它在的分组；它在的分组：{told}")
    return found


def _groups(rules: Rulebook) -> Sequence[PeerGroup]:
    return rules.peer_groups(date.max)


def group_name(group: PeerGroup, rules: Rulebook) -> str:
    """示例市各县 for the siblings of one level; a named group as it is called."""
    parent, slash, level = group.id.rpartition("/")
    if not slash or parent not in rules.orgs or level not in LEVEL_NAMES:
        return group.name
    return f"{group.name}各{LEVEL_NAMES[level]}"


def _above(rules: Rulebook, org: str) -> list[str]:
    found: list[str] = []
    at = rules.orgs[org].parent if org in rules.orgs else None
    while at is not None:
        found.append(at)
        at = rules.orgs[at].parent
    return found


def _names(things: Iterable[Indicator | Org]) -> dict[str, str]:
    """Names and other names → ids."""
    found: dict[str, str] = {}
    for one in things:
        for name in (one.name, *one.aliases, one.id):
            found.setdefault("".join(name.split()), one.id)
    return found


def _of(names: Mapping[str, str], said: str) -> str | None:
    return names.get("".join(said.split()))


def _named(names: Mapping[str, str], said: str, what: str) -> str:
    found = _of(names, said)
    if found is None:
        near = difflib.get_close_matches(said, names, 1)
        hint = f"，是不是“{near[0]}”" if near else ""
        raise AgainstError(f"规则里没有叫“{said}”的{what}{hint}；请写规则里的名称")
    return found
