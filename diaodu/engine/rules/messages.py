"""What pydantic finds wrong with one entry, said in Chinese, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from diaodu.engine.ground.words import (
    DUTY_SOURCE_NAMES,
    FACET_NAMES,
    LADDER_STEP_NAMES,
    LEVEL_NAMES,
    LIGHT_NAMES,
    SIGNER_NAMES,
    TELLER_NAMES,
    TIER_NAMES,
    TRACK_NAMES,
    WARNING_KIND_NAMES,
)
from diaodu.engine.rules.models import TIME
from diaodu.engine.rules.suggest import suggestion

Path = tuple[str | int, ...]

WHOLE_DAY = "whole_day"  # the type of pydantic's error for what is no day written in full

# A clerk writes 县 where the key wants county.
_CODES = {
    name: code
    for names in (
        LEVEL_NAMES,
        FACET_NAMES,
        TRACK_NAMES,
        TIER_NAMES,
        LIGHT_NAMES,
        SIGNER_NAMES,
        DUTY_SOURCE_NAMES,
        LADDER_STEP_NAMES,
        WARNING_KIND_NAMES,
        TELLER_NAMES,
    )
    for code, name in names.items()
} | {
    "累计": "ytd",
    "当月": "month",
    "期末": "stock",
    "个数": "count",
    "月": "month",
    "季": "quarter",
}


class Said(NamedTuple):
    message: str
    action: str


class Error(NamedTuple):
    """One error of pydantic's, by the parts used here."""

    type: str
    path: Path
    given: Any
    context: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The key nearest to the fault: the last that is no position in a list."""
        return next((str(part) for part in reversed(self.path) if isinstance(part, str)), "")


def say(error: Error, keys: Mapping[str, str]) -> Said:
    """`keys`: the keys that may stand where the error is, with what each means."""
    return _SAYINGS.get(error.type, _other)(error, keys)


def unknown_key(key: str, keys: Mapping[str, str]) -> Said:
    near = suggestion(key, keys)
    message = f"不认识的键‘{key}’" + (f"，是不是‘{near}’？" if near else "")
    return Said(message, "改正键名，或删去它；可用的键：" + "、".join(keys))


def missing_key(key: str, meaning: str) -> Said:
    return Said(f"缺少键‘{key}’" + (f"（{meaning}）" if meaning else ""), f"补上“{key}: ……”")


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "一组“键: 值”"
    if isinstance(value, list | tuple):
        return "一列"
    return f"“{value}”"


def _unknown(error: Error, keys: Mapping[str, str]) -> Said:
    return unknown_key(error.key, keys)


def _missing(error: Error, keys: Mapping[str, str]) -> Said:
    return missing_key(error.key, keys.get(error.key, ""))


def _literal(error: Error, keys: Mapping[str, str]) -> Said:
    # pydantic lists them as “'a', 'b' or 'c'”.
    allowed = str(error.context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
    if error.given is None:
        return _empty(error)
    near = _CODES.get(str(error.given))
    near = near if near in allowed else suggestion(str(error.given), allowed)
    message = f"‘{error.key}’不能是{_shown(error.given)}"
    return Said(
        message + (f"，是不是“{near}”？" if near else ""), "可以写的是：" + "、".join(allowed)
    )


def _empty(error: Error) -> Said:
    return Said(f"‘{error.key}’后面没有写内容", "写上内容，或删去这个键")


def _wanted(words: str, action: str) -> Callable[[Error, Mapping[str, str]], Said]:
    def said(error: Error, keys: Mapping[str, str]) -> Said:
        if error.given is None:
            return _empty(error)
        return Said(f"‘{error.key}’应是{words}，写的是{_shown(error.given)}", action)

    return said


def _pattern(error: Error, keys: Mapping[str, str]) -> Said:
    if error.context.get("pattern") == r"\S":
        return _empty(error)
    if error.context.get("pattern") == TIME:
        return Said(
            f"‘{error.key}’写的{_shown(error.given)}不是时刻",
            "写成两位小时、冒号、两位分钟，冒号用半角，如 09:00；当天24点就不要写这一项",
        )
    return Said(
        f"‘{error.key}’的编号{_shown(error.given)}里有空格或“|”",
        "编号里不能有空格和“|”，换一个写法",
    )


def _bound(word: str, name: str) -> Callable[[Error, Mapping[str, str]], Said]:
    def said(error: Error, keys: Mapping[str, str]) -> Said:
        return Said(
            f"‘{error.key}’不能{word}{error.context[name]}，写的是{_shown(error.given)}",
            "改正这个数",
        )

    return said


def _too_many(error: Error, keys: Mapping[str, str]) -> Said:
    most = error.context["max_length"]
    return Said(f"‘{error.key}’最多{most}项，写了{len(error.given)}项", "删去多出来的")


def _too_many_signs(error: Error, keys: Mapping[str, str]) -> Said:
    most = error.context["max_length"]
    return Said(f"‘{error.key}’最多{most}个字，写了{len(error.given)}个", "写短一些")


def _day(error: Error, keys: Mapping[str, str]) -> Said:
    reason = error.context.get("error")
    return Said(
        f"‘{error.key}’写的{_shown(error.given)}{reason}",
        "写成 2023、2023-05 或 2023-05-01",
    )


def _other(error: Error, keys: Mapping[str, str]) -> Said:
    return Said(f"‘{error.key}’的内容{_shown(error.given)}不合要求", "对照 schema 改正")


_text = _wanted("一段文字", "只写一段文字")
_list = _wanted("一列", "每项一行、前加“- ”，或写成 [甲, 乙]")
_group = _wanted("一组“键: 值”", "按“键: 值”分行写")
_integer = _wanted("整数", "写一个整数")
_number = _wanted("数", "写一个数，不带单位和千分位")
_yes_or_no = _wanted("true 或 false", "写 true 或 false")

_SAYINGS: dict[str, Callable[[Error, Mapping[str, str]], Said]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "literal_error": _literal,
    "string_type": _text,
    "string_too_short": lambda error, keys: _empty(error),
    "string_pattern_mismatch": _pattern,
    "tuple_type": _list,
    "too_short": lambda error, keys: _empty(error),
    "too_long": _too_many,
    "string_too_long": _too_many_signs,
    "model_type": _group,
    "model_attributes_type": _group,
    "dict_type": _group,
    "int_type": _integer,
    "int_parsing": _integer,
    "int_from_float": _integer,
    "int_parsing_size": _integer,
    "decimal_type": _number,
    "decimal_parsing": _number,
    "finite_number": _number,
    "bool_type": _yes_or_no,
    "bool_parsing": _yes_or_no,
    "greater_than": _bound("小于或等于", "gt"),
    "greater_than_equal": _bound("小于", "ge"),
    "less_than_equal": _bound("大于", "le"),
    "value_error": _day,
    WHOLE_DAY: _wanted("日期", "写成 2023-10-20 这样的日期"),
}
