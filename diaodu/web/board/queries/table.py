"""一张表: one line for each headline indicator of an org, every cell as it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.words import COMPARATOR_NAMES
from diaodu.engine.report.absent import RATE_ONLY
from diaodu.engine.report.material import whole
from diaodu.engine.rules.models import Indicator, Org
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.runs.queries import Figure, RankView, RowView, TargetView
from diaodu.web.shared.templatetags.figures import (
    figure,
    is_zero,
    light,
    owed,
    signed,
    sparkline,
)

BOTTOM = 3
_YEAR_OF_POINTS = 13  # monthly points of twelve months, both ends
_LOOKS = {"behind": "behind", "watch": "watch"}


@dataclass(frozen=True, slots=True)
class Move:
    """A rank's movement: ▲2, ▼1, 平, 不可比. `by` in places, positive nearer to the first."""

    text: str
    look: str = ""
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """3/7 ▲1 among the siblings, by growth (or by level where growth has no place)."""

    place: int
    n: int
    is_bottom: bool
    move: Move | None
    of: str

    @property
    def before(self) -> int:
        """The place it moved from; its own where it did not move, or that cannot be told."""
        by = self.move.by if self.move is not None else None
        return self.place + (by or 0)


@dataclass(frozen=True, slots=True)
class Goal:
    """The columns of the year's target. `all_word` stands across them all, `word` across target,
    completion and pace gap; `owed` is the arrears in points with its look."""

    all_word: str = ""
    word: str = ""
    target: str = ""
    completion: str = ""
    gap: str = ""
    gap_word: str = ""
    growth: str = ""
    owed: str = ""
    owed_look: str = ""

    @property
    def owed_said(self) -> str:
        return in_points(self.owed)

    @property
    def gap_said(self) -> str:
        return in_points(signed(self.gap))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table. `absent` stands across the columns of the period where there is no
    figure; `why` tells more on hover and under the table."""

    row: RowView
    indicator: Indicator
    url: str
    field: str
    name: str
    short: str
    unit: str
    owner: str
    owner_name: str
    owner_short: str
    light: str
    light_word: str
    look: str
    tag: str
    absent: str
    why: str
    level: str
    level_word: str
    growth: str
    is_computed: bool
    change: str
    goal: Goal
    standing: Standing | None
    gaps: tuple[str, ...]
    spark: SafeString
    lamp: SafeString
    field_rows: int = 0
    ends_field: bool = True
    notes: int = 0

    @property
    def change_said(self) -> str:
        return in_points(self.change)


def in_points(told: str) -> str:
    """欠0.6点; a word stays alone."""
    return f"{told}点" if told[-1:].isdigit() else told


def growths(row: RowView) -> list[tuple[str, str | None]]:
    """Period and growth as shown, oldest first."""
    return [(point.period, point.growth) for point in row.series]


def lines(chosen: Chosen, rows: Iterable[RowView]) -> list[Line]:
    """Lines in the order of the rows."""
    return [_line(chosen, row, row.indicator) for row in rows if row.indicator is not None]


def in_fields(found: Sequence[Line]) -> list[Line]:
    """Lines that follow each other in one field share its cell."""
    told: list[Line] = []
    start = 0
    for place, line in enumerate(found):
        last = place + 1 == len(found) or found[place + 1].field != line.field
        if place and found[place - 1].field != line.field:
            start = place
        told.append(replace(line, ends_field=last))
        if last:
            told[start] = replace(told[start], field_rows=place - start + 1)
    return told


def _line(chosen: Chosen, row: RowView, indicator: Indicator) -> Line:
    owner = chosen.rulebook.orgs.get(indicator.owner or "")
    growth = row.growth
    return Line(
        row=row, indicator=indicator, url=indicator_url(chosen, indicator.id),
        field=indicator.field or "其他", name=indicator.name, short=short_name(indicator),
        unit="" if indicator.is_rate_only else indicator.unit,
        owner=indicator.owner or "", owner_name=owner.name if owner else "",
        owner_short=short_name(owner) if owner else "",
        light="not_released" if row.embargoed else row.light,
        light_word="未发布" if row.embargoed else row.light_name,
        look=_LOOKS.get(row.light, ""), tag=period_tag(chosen, row, indicator),
        absent=row.missing, why=why_absent(row),
        level=_number(row.level), level_word=_level_word(row, indicator),
        growth=figure(growth.shown) if growth is not None else "无数据",
        is_computed=growth is not None and growth.is_number and not row.growth_is_published,
        change=signed(row.growth_change.shown) if row.growth_change is not None else "无上期数",
        goal=_goal(row, indicator), standing=standing(row),
        gaps=tuple(_gap(row, ancestor.id) for ancestor in chosen.ancestors),
        spark=sparkline(growths(row)[-_YEAR_OF_POINTS:], "近12个月累计增速"),
        lamp=light("not_released", "未发布") if row.embargoed else light(row.light, row.light_name),
    )  # fmt: skip


def indicator_url(chosen: Chosen, indicator: str, org: str = "") -> str:
    return f"{_path(org or chosen.org.id, indicator)}?{chosen.link}"


@lru_cache(maxsize=4096)
def _path(org: str, indicator: str) -> str:
    return reverse("board:indicator", args=[org, indicator])


def short_name(thing: Indicator | Org) -> str:
    """固投 for 固定资产投资: the shortest alias in Chinese where that is shorter."""
    chinese = [one for one in thing.aliases if not any(letter.isascii() for letter in one)]
    return min((thing.name, *chinese), key=len)


def period_tag(chosen: Chosen, row: RowView, indicator: Indicator) -> str:
    """What the figure covers, where that is not what the page says: 1—8月, 期末, 8月末, 9月."""
    own = Period.from_id(row.period)
    if indicator.basis == "stock":
        return "期末" if own.end == chosen.period.end else f"{own.end.month}月末"
    if own == chosen.period:
        return ""
    return print_period(own, with_year=own.year != chosen.period.year)


def why_absent(row: RowView) -> str:
    if row.embargoed and row.release_at is not None:
        return f"{told_time(row.release_at)}发布"
    if row.missing:
        return "；".join(row.reasons) or row.missing
    return ""


def told_time(moment: datetime) -> str:
    """6月18日 10:00; midnight goes without saying."""
    local = timezone.localtime(moment)
    day = f"{local.month}月{local.day}日"
    return day if (local.hour, local.minute) == (0, 0) else f"{day} {local:%H:%M}"


def _number(one: Figure | None) -> str:
    return figure(one.shown) if one is not None and one.is_number else ""


def _level_word(row: RowView, indicator: Indicator) -> str:
    if indicator.is_rate_only:
        return RATE_ONLY
    return row.level.shown if row.level is not None else row.missing or "无数据"


def _gap(row: RowView, ancestor: str) -> str:
    found = row.get("gap_parent", base=ancestor)
    return signed(found.shown) if found is not None else ""


# -- the target --------------------------------------------------------------------------------


def _goal(row: RowView, indicator: Indicator) -> Goal:
    growth, level = goal_of(row, "growth"), goal_of(row, "level", "ceiling")
    if growth is None and level is None:
        return Goal(all_word="未下达目标，不判达标")
    arrears = growth.get("arrears_growth") if growth is not None else None
    told = Goal(
        growth=target_digits(growth, indicator) if growth is not None else "",
        owed=owed(arrears.shown) if arrears is not None else _no_arrears(row, growth),
        owed_look=_owed_look(row, arrears),
    )
    if level is None:
        assert growth is not None
        return replace(told, word=f"只有增速目标：{target_text(growth, indicator)}")
    if level.kind == "ceiling":
        return replace(told, word=_ceiling(level, indicator))
    return replace(
        told, target=target_digits(level, indicator),
        completion=figure(level.completion.shown) if level.completion is not None else "",
        gap=level.pace_gap.shown if level.pace_gap is not None else "",
        gap_word="" if level.pace_gap is not None else _no_pace(row, indicator),
    )  # fmt: skip


def goal_of(row: RowView, *kinds: str) -> TargetView | None:
    """The target of those kinds that the light was decided on; else the first that has a number,
    whatever its tier."""
    given = [one for one in (*row.judged, *row.targets) if one.value is not None]
    return next((one for one in given if one.kind in kinds), None)


def _no_arrears(row: RowView, growth: TargetView | None) -> str:
    return "无增速目标" if growth is None else (row.missing or "未判")


def _no_pace(row: RowView, indicator: Indicator) -> str:
    if row.missing:
        return row.missing
    return "期末数，不比序时" if indicator.basis == "stock" else "不比序时"


def _owed_look(row: RowView, arrears: Figure | None) -> str:
    if arrears is None or not arrears.is_number:
        return ""
    is_owed = not arrears.shown.startswith("-") and not is_zero(arrears.shown)
    return _LOOKS.get(row.light, "") if is_owed else ""


def _ceiling(target: TargetView, indicator: Indicator) -> str:
    left = target.allowance
    bound = f"上限{target_digits(target, indicator)}{target.unit}"
    if left is None or not left.is_number:
        return bound
    if left.shown.startswith("-"):
        return f"{bound}，超出{figure(left.shown[1:])}{left.unit}"
    return f"{bound}，余量{figure(left.shown)}{left.unit}"


def target_digits(target: TargetView, indicator: Indicator) -> str:
    """141.00, 8.0: a level with the indicator's decimals, as the figure beside it, also where it
    was issued in a smaller unit (62615万元); a growth with all digits it was issued with."""
    value = Decimal(target.value or 0)
    if target.kind != "growth":
        return figure(show(value, indicator.decimals))
    exponent = value.as_tuple().exponent
    own = -exponent if isinstance(exponent, int) else 0
    return figure(show(value, max(own, indicator.growth_decimals)))


def target_text(target: TargetView, indicator: Indicator) -> str:
    """8.0%以上: with its comparator; 达到 goes without saying."""
    asked = f"{target_digits(target, indicator)}{target.unit}"
    if target.comparator in ("exceed", "hold"):
        return f"{COMPARATOR_NAMES[target.comparator]}{asked}"
    return asked + ("" if target.comparator == "reach" else COMPARATOR_NAMES[target.comparator])


# -- the place ---------------------------------------------------------------------------------


def standing(row: RowView) -> Standing | None:
    """The place among the siblings, by growth, else by level."""
    own = f"{row.org.parent}/{row.org.level}"
    found = row.rank("growth", own) or row.rank("level", own)
    if found is None or found.place.number is None or found.n is None or found.n.number is None:
        return None
    n = int(found.n.number)
    bottom = found.reverse is not None and (found.reverse.number or 0) <= BOTTOM < n
    return Standing(int(found.place.number), n, bottom, _move(found), found.of)


def _move(rank: RankView) -> Move | None:
    if rank.move is None:
        return None
    if rank.move.number is None:
        return Move("不可比")
    by = int(rank.move.number)
    if by == 0:
        return Move("平", by=0)
    return Move(f"▲{by}", by=by) if by > 0 else Move(f"▼{-by}", "down", by)


# -- choosing and ordering lines ---------------------------------------------------------------

SORTS = ("level", "growth", "change", "completion", "gap", "owed", "rank", "upper")


def filtered(found: Iterable[Line], *, field: str, owner: str, light: str) -> list[Line]:
    return [
        line
        for line in found
        if field in ("", line.field) and owner in ("", line.owner) and light in ("", line.light)
    ]


def ordered(found: Sequence[Line], sort: str) -> list[Line]:
    """By a column, rows without a number last in either direction; unknown columns keep the
    order of the list."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        return list(found)
    told = [(line, _sort_number(line, name)) for line in found]
    with_number = [(line, number) for line, number in told if number is not None]
    with_number.sort(key=lambda pair: pair[1], reverse=sort.startswith("-"))
    return [line for line, _ in with_number] + [line for line, number in told if number is None]


def _sort_number(line: Line, name: str) -> Decimal | None:
    if name == "rank":
        return None if line.standing is None else Decimal(line.standing.place)
    found = _figure_of(line, name)
    return None if found is None or found.number is None else Decimal(found.shown)


def _figure_of(line: Line, name: str) -> Figure | None:
    row = line.row
    if name in ("level", "growth", "change"):
        return {"level": row.level, "growth": row.growth, "change": row.growth_change}[name]
    if name == "upper":
        return row.gaps[0] if row.gaps else None
    measure = {"completion": "completion", "gap": "pace_gap", "owed": "arrears_growth"}[name]
    target = goal_of(row, "growth") if name == "owed" else goal_of(row, "level")
    return target.get(measure) if target is not None else None


def widest_gap(found: Iterable[Line]) -> Decimal:
    """The size that fills half the bar: the same in the whole column."""
    sizes = [abs(Decimal(line.goal.gap)) for line in found if _is_number(line.goal.gap)]
    return max(sizes, default=Decimal(1))


def _is_number(shown: str) -> bool:
    return bool(shown) and shown.lstrip("-")[:1].isdigit()


def upper_heads(chosen: Chosen) -> list[str]:
    """比全市, 比全省, 比全国."""
    return [f"比{whole(one)}" for one in chosen.ancestors]
