"""Who works at the demo county's desk. All people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diaodu.engine.rules.rulebook import Rulebook

HOME = "shilixian"

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章苏潘葛范彭鲁韦"
)
_GIVEN = (
    "建国", "晓燕", "志强", "丽娟", "海涛", "春梅", "文斌", "秀兰", "永刚", "雪琴", "立新", "玉珍",
    "国庆", "小红", "宏伟", "金花", "振华", "爱玲", "德明", "淑芬", "光辉", "桂英", "长青", "素云",
    "学军", "凤霞", "少华", "月娥", "伟民", "冬梅", "正阳", "彩霞", "新民", "翠萍", "家辉", "银珠",
    "子明", "秋菊", "耀东", "芳芳", "大勇",
)  # fmt: skip
# suffix of the user name, post, role
_AT_A_UNIT = (
    ("", "填报员", "clerk"),
    ("_tongji", "统计站站长", "statistics"),
    ("_fenguan", "分管领导", "vice"),
    ("_lingdao", "主要领导", "leader"),
)


@dataclass(frozen=True)
class Part:
    """One role over one org; `indicators` empty means all."""

    role: str
    org: str
    indicators: tuple[str, ...] = ()
    early: bool = False


@dataclass(frozen=True)
class Person:
    """`told`: a password is made and printed for them; the others have none."""

    username: str
    post: str
    parts: tuple[Part, ...]
    told: bool = True
    name: str = ""


def cast(rulebook: Rulebook) -> list[Person]:
    """Everyone, with a name of their own."""
    people = [*_county(rulebook), *_owners(rulebook), *_units(rulebook)]
    named: list[Person] = []
    for number, one in enumerate(people):
        surname = _SURNAMES[number * 5 % len(_SURNAMES)]
        given = _GIVEN[number * 7 % len(_GIVEN)]
        named.append(
            Person(one.username, one.post, one.parts, one.told, one.name or surname + given)
        )
    return named


def _county(rulebook: Rulebook) -> Iterator[Person]:
    industry = tuple(
        one.id for one in rulebook.indicators.values() if one.field in ("工业", "投资")
    )
    yield Person("xianzhang", "县长", (Part("leader", HOME),), name="周明远")
    yield Person("fuxianzhang", "分管工业的副县长", (Part("vice", HOME, industry),))
    yield Person("diaodu", "县发改局调度科科长", (Part("dispatch", HOME),))
    yield Person("tongji", "县统计局综合科科长", (Part("statistics", HOME, early=True),))
    yield Person("shenhe", "县统计局审核员", (Part("statistics", HOME, early=True),))
    yield Person("ducha", "县政府督查室主任", (Part("supervision", HOME),))
    yield Person("kaohe", "县考核办主任", (Part("assessment", HOME),))
    yield Person("guanli", "系统管理员", (Part("admin", HOME),))
    yield Person("zhidu", "县政府办公室秘书", (Part("reader", HOME),))


def _owners(rulebook: Rulebook) -> Iterator[Person]:
    """Each owner department: who fills its form and who signs it."""
    owned: dict[str, list[str]] = {}
    for one in rulebook.indicators.values():
        if one.owner in rulebook.orgs:
            owned.setdefault(str(one.owner), []).append(one.id)
    for org, indicators in owned.items():
        name = rulebook.orgs[org].name
        told = org in ("caizhengju", "gongxinju", "shangwuju")
        seen = Part("owner", HOME, tuple(indicators), early=True)
        yield Person(org, f"{name}统计员", (Part("owner", org), seen), told)
        yield Person(f"{org}_juzhang", f"{name}负责人", (Part("leader", org), seen), told)


def _units(rulebook: Rulebook) -> Iterator[Person]:
    """Townships and the park: a clerk and the three who sign."""
    for org in rulebook.orgs.values():
        if org.parent != HOME or org.level not in ("township", "park"):
            continue
        told = org.id in ("qingshi", "yunling", "yuewan")
        for suffix, post, role in _AT_A_UNIT:
            part = Part(role, org.id)
            yield Person(f"{org.id}{suffix}", f"{org.name}{post}", (part,), told)
