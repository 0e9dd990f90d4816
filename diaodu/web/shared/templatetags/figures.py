"""How figures are printed and drawn on pages. Rounding is the engine's: `shown` texts come in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import LIGHT_NAMES
from diaodu.engine.report.spans import grouped, is_numeric, minus

register = template.Library()

FLAT = "持平"
ABSENT = "无数据"

# What a light or a state looks like; greys are never a verdict.
_LOOKS = {
    "good": "good", "watch": "watch", "behind": "behind",
    "late": "behind", "overdue": "behind", "soon": "watch", "done": "good",
}  # fmt: skip


def _text(value: object) -> str:
    if value is None or value == "":
        return ABSENT
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@register.filter
def figure(value: object) -> str:
    """−1,234.50. A word stays a word; nothing at all is 无数据."""
    text = _text(value)
    return minus(grouped(text)) if is_numeric(text) else text


@register.filter
def signed(value: object) -> str:
    """+0.3, −5.9, 持平: for differences alone."""
    text = _text(value)
    if not is_numeric(text):
        return text
    if is_zero(text):
        return FLAT
    return figure(text) if text.startswith("-") else f"+{grouped(text)}"


@register.filter
def points(value: object) -> str:
    """5.9个百分点, −5.9个百分点."""
    text = _text(value)
    return f"{figure(text)}个百分点" if is_numeric(text) else text


@register.filter
def owed(value: object) -> str:
    """欠5.9, 超0.2, 持平: an arrears whose sign nobody has to guess."""
    text = _text(value)
    if not is_numeric(text):
        return text
    if is_zero(text):
        return FLAT
    return f"超{grouped(text[1:])}" if text.startswith("-") else f"欠{grouped(text)}"


def is_zero(shown: str) -> bool:
    return not shown.strip("-0.")


@register.filter
def period(identity: str) -> str:
    """2023-01..2023-05 → 1—5月."""
    return _printed(identity, False)


@register.filter
def year_period(identity: str) -> str:
    """2023-01..2023-05 → 2023年1—5月."""
    return _printed(identity, True)


_MONTHS = re.compile(r"(?:\d{4}年)?\d{1,2}—\d{1,2}月")


@register.filter
def unbroken(title: str) -> SafeString:
    """A heading whose periods do not break at the dash."""
    return mark_safe(_MONTHS.sub(r'<span class="nw">\g<0></span>', escape(title)))


@lru_cache(maxsize=4096)
def _printed(identity: str, with_year: bool) -> str:
    return print_period(Period.from_id(identity), with_year=with_year)


@register.simple_tag
@lru_cache(maxsize=256)
def light(kind: str, word: str = "") -> SafeString:
    """A verdict or state: word, shape and colour. `kind` is a light, or late overdue soon done."""
    look = _LOOKS.get(kind, "none")
    return format_html('<span class="lt {}">{}</span>', look, word or LIGHT_NAMES[kind])


# -- drawings ----------------------------------------------------------------------------------


class Point(NamedTuple):
    """`at` counts months; where on the paper it lies is all it decides."""

    at: int
    value: float | None


_SPAN = 11  # months between the first and the last point of a year
_MARGIN = 3
_PER_QUARTER = 3


@register.simple_tag
def sparkline(
    series: Iterable[Sequence[str | None]], label: str, width: int = 96, height: int = 24
) -> SafeString:
    """The last twelve months of (period, shown) pairs as a line; a gap in it is a gap.

    1—2月 lies on February. Series with a figure a quarter or less show each as a dot.
    """
    year = _last_year(series)
    step = _step(year)
    runs = _runs(year, step)
    if not runs:
        return format_html('<span class="word">{}</span>', "近12个月无数据")
    drawn = [point for run in runs for point in run]
    place = _placing(drawn, width, height)
    paths = "".join(f'<path d="{_path(run, place)}"/>' for run in runs if len(run) > 1)
    lone = drawn[:-1] if step >= _PER_QUARTER else [r[0] for r in runs if len(r) == 1]
    dots = "".join(_dot(one, place, "1.6") for one in lone if one is not drawn[-1])
    values = _values(drawn)
    zero = ""
    if min(values) < 0 < max(values):
        level = place(Point(drawn[0].at, 0.0))[1]
        zero = f'<line x1="0" x2="{width}" y1="{level:.1f}" y2="{level:.1f}"/>'
    body = zero + paths + dots + _dot(drawn[-1], place, "2.6", "now")
    return mark_safe(
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' role="img" aria-label="{escape(label)}">{body}</svg>'
    )


@lru_cache(maxsize=4096)
def _month(identity: str) -> int:
    end: date = Period.from_id(identity).end
    return end.year * 12 + end.month


def _last_year(series: Iterable[Sequence[str | None]]) -> list[Point]:
    """Up to the newest figure; a period without one stays, as a gap."""
    found = [
        Point(_month(identity), float(shown) if shown and is_numeric(shown) else None)
        for identity, shown, *_ in series
        if identity
    ]
    found.sort(key=lambda point: point.at)
    while found and found[-1].value is None:
        found.pop()
    return [point for point in found if point.at >= found[-1].at - _SPAN]


def _step(drawn: Sequence[Point]) -> int:
    return min((b.at - a.at for a, b in pairwise(drawn)), default=1)


def _runs(points: Sequence[Point], step: int) -> list[list[Point]]:
    """Cut where a period between two points is missing; January may be part of 1—2月."""
    runs: list[list[Point]] = []
    for point in points:
        if point.value is None:
            continue
        reach = max(step, 2) if point.at % 12 == 2 else step
        if runs and point.at - runs[-1][-1].at <= reach:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _values(drawn: Iterable[Point]) -> list[float]:
    return [point.value for point in drawn if point.value is not None]


class _Placing(NamedTuple):
    first: int
    across: float
    low: float
    up: float
    height: int

    def __call__(self, point: Point) -> tuple[float, float]:
        x = _MARGIN + (point.at - self.first) * self.across
        return x, self.height - _MARGIN - 1 - ((point.value or 0.0) - self.low) * self.up


def _placing(drawn: Sequence[Point], width: int, height: int) -> _Placing:
    """All rows of a table share the months across: the newest month is at the right edge."""
    values = _values(drawn)
    low, high = min(values), max(values)
    across = (width - 2 * _MARGIN - 2) / _SPAN
    room = height - 2 * (_MARGIN + 1)
    return _Placing(drawn[-1].at - _SPAN, across, low, room / ((high - low) or 1), height)


def _path(run: Sequence[Point], place: _Placing) -> str:
    places = [place(point) for point in run]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _dot(point: Point, place: _Placing, radius: str, name: str = "") -> str:
    x, y = place(point)
    shade = f' class="{name}"' if name else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}"{shade}/>'


@register.simple_tag
def gap_bar(
    shown: str | None, widest: Decimal | str, look: str = "", width: int = 92, height: int = 18
) -> SafeString:
    """A bar from a shared zero in the middle; `widest` is the largest size in the column. Only a
    shortfall takes the look of its light."""
    if shown is None or not is_numeric(shown):
        return SafeString("")
    value, middle = float(shown), width / 2
    share = min(abs(value) / (float(widest) or 1), 1.0)
    length = max(share * (middle - 2), 1.0)
    start = middle - length if value < 0 else middle
    shade = f' class="{look}"' if value < 0 and look in ("watch", "behind") else ""
    return mark_safe(
        f'<svg class="gap" width="{width}" height="{height}" aria-hidden="true">'
        f'<rect x="{start:.1f}" y="{height / 2 - 5:.0f}" width="{length:.1f}" height="10"{shade}/>'
        f'<line x1="{middle:.0f}" x2="{middle:.0f}" y1="0" y2="{height}"/></svg>'
    )
