"""How a form looks: formats made once each, heights, names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diaodu.adapters.forms_excel import layout

RISKY = ("=", "+", "-", "@", "\t", "\r")  # begins of texts that a program might take for formulas

_FONT, _HEAD_FONT = "宋体", "黑体"
_LINE, _INK2, _INK3 = "#8C96A3", "#465160", "#626D7C"
_OPEN, _SHUT, _HEAD = "#FFF6D6", "#F1F3F5", "#E8EDF3"
_HIGHEST_ROW = 409
_BOX = {"border": 1, "border_color": _LINE, "valign": "vcenter"}

_NAMED: dict[str, dict[str, Any]] = {
    "title": {"font_name": _HEAD_FONT, "font_size": 18, "align": "center", "valign": "vcenter"},
    "who": {"font_size": 11, "align": "center", "valign": "vcenter"},
    "how": {"font_size": 10, "font_color": _INK2, "valign": "vcenter", "shrink": True},
    "progress": {"font_size": 10, "font_name": _HEAD_FONT, "valign": "vcenter"},
    "foot": {"font_size": 11, "valign": "vcenter"},
    "head": {
        **_BOX, "font_name": _HEAD_FONT, "font_size": 10, "align": "center", "text_wrap": True,
        "bg_color": _HEAD,
    },
    "closed": {
        **_BOX, "font_size": 9, "font_color": _INK3, "align": "center", "bg_color": _SHUT,
    },
    "to_fill": {"bg_color": _OPEN},
    "none": {"bg_color": "#DFE3E8"},
}  # fmt: skip
_TEXTS: dict[str, dict[str, Any]] = {
    layout.NO: {"align": "center", "font_color": _INK3},
    layout.ORG: {"text_wrap": True},
    layout.NAME: {"text_wrap": True},
    layout.UNIT: {"align": "center", "font_size": 10, "font_color": _INK2, "text_wrap": True},
    layout.NOTE: {"text_wrap": True, "font_size": 10, "locked": False},
    layout.REASON: {"text_wrap": True, "font_size": 10, "locked": False},
}
_NUMBERS: dict[str, dict[str, Any]] = {
    "input": {"locked": False, "font_size": 12},
    "known": {"font_color": _INK2},
    "computed": {"font_color": _INK3, "italic": True, "bg_color": _SHUT},
}


class Looks:
    """The formats of one workbook: it may hold only so many."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def named(self, name: str) -> Any:
        plain = name in ("to_fill", "none")  # a condition changes the colour alone
        return self._once((name,), {**({} if plain else _BASE), **_NAMED[name]})

    def text(self, role: str, text: str, depth: int, *, ruled: bool) -> Any:
        risky = text.startswith(RISKY)
        indent = 0 if role in (layout.NO, layout.UNIT) else 1 + 2 * depth * (role == layout.NAME)
        shape = {**_BASE, **_BOX, **_TEXTS[role], **_rule(ruled)}
        if risky:
            shape["quote_prefix"] = True
        if indent:
            shape["indent"] = indent
        return self._once((role, risky, indent, ruled), shape)

    def number(self, look: str, decimals: int, most: int, *, ruled: bool) -> Any:
        shape = {
            **_BASE, **_BOX, "align": "right", **_NUMBERS[look], **_rule(ruled),
            "num_format": number_format(decimals, most),
        }  # fmt: skip
        return self._once((look, decimals, most, ruled), shape)

    def closed(self, *, ruled: bool) -> Any:
        return self._once(("closed", ruled), {**_BASE, **_NAMED["closed"], **_rule(ruled)})

    def _once(self, key: tuple[Any, ...], shape: dict[str, Any]) -> Any:
        if key not in self._made:
            self._made[key] = self._book.add_format(shape)
        return self._made[key]


_BASE: dict[str, Any] = {"font_name": _FONT, "font_size": 11}


def _rule(ruled: bool) -> dict[str, Any]:
    """A thicker line above: here another org begins."""
    return {"top": 2} if ruled else {}


def number_format(decimals: int, most: int) -> str:
    """As Excel and WPS write 数值 themselves: with a little room at the right. Digits beyond the
    usual ones are shown where there are any: a figure is not rounded for the eye."""
    if most > decimals == 0:
        return "General"  # with optional digits alone 12 would be shown as “12.”
    digits = "0" * decimals + "#" * (most - decimals)
    return "#,##0" + ("." + digits if digits else "") + "_ "


def height(texts: Iterable[tuple[str, float]]) -> float:
    """Points that a row needs for these texts in columns of these widths."""
    lines = max(-(-max(_breadth(text), 1) // max(int(width), 1)) for text, width in texts)
    return min(max(24, 15 * lines + 5), _HIGHEST_ROW)


def _breadth(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
