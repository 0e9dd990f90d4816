"""Two periods, two orgs or two runs side by side: what differs between the printed figures, and
why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from diaodu.engine.compute.apart import difference
from diaodu.engine.ground.period import Period
from diaodu.engine.report.absent import RATE_ONLY
from diaodu.engine.report.spans import is_numeric
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries import choosing
from diaodu.web.board.queries.aims import asked_text
from diaodu.web.board.queries.choosing import Chosen, chosen, run_of
from diaodu.web.board.queries.revised import Received, received_between
from diaodu.web.board.queries.table import Standing, indicator_url, standing
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Figure, RowView, Run
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure, signed

PERIODS, ORGS, RUNS = "period", "org", "run"
KINDS = {PERIODS: "两期", ORGS: "两个单位", RUNS: "两次运行"}

REVISED, RULE, NEW, CALENDAR, PEERS, UNKNOWN = (
    "revised", "rule", "new", "calendar", "peers", "unknown"
)  # fmt: skip
WHY = {
    REVISED: "数据修订", RULE: "规则改动", NEW: "新到的数", CALENDAR: "统计期不同",
    PEERS: "同级单位的数变了", UNKNOWN: "没有找到原因",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """What is printed on one side and the other, and what lies between; `apart` empty where that
    is no number. `differs` also between words."""

    one: str
    other: str
    apart: str = ""

    @property
    def differs(self) -> bool:
        return self.one != self.other

    @property
    def one_is_word(self) -> bool:
        return not self.one[-1:].isdigit()

    @property
    def other_is_word(self) -> bool:
        return not self.other[-1:].isdigit()


@dataclass(frozen=True, slots=True)
class Reason:
    kind: str
    text: str

    @property
    def word(self) -> str:
        return WHY[self.kind]


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on both sides; `lights`: kind and word of each."""

    indicator: Indicator
    unit: str
    urls: tuple[str, str]
    level: Pair
    growth: Pair
    place: Pair
    lights: tuple[tuple[str, str], tuple[str, str]]
    reasons: tuple[Reason, ...]

    @property
    def light(self) -> Pair:
        return Pair(self.lights[0][1], self.lights[1][1])

    @property
    def differs(self) -> bool:
        return any(one.differs for one in (self.level, self.growth, self.place, self.light))


@dataclass(frozen=True, slots=True)
class Counted:
    word: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """`sides`: what the two are called. `counts`: the lines that differ, by the reasons told."""

    kind: str
    sides: tuple[str, str]
    one: Chosen
    other: Chosen
    lines: Sequence[Line]
    differing: Sequence[Line]
    counts: Sequence[Counted]

    @property
    def heading(self) -> str:
        return f"{self.sides[0]}与{self.sides[1]}"

    @property
    def is_same(self) -> bool:
        return self.sides[0] == self.sides[1]


# -- what is compared ------------------------------------------------------------------------------


def sides_of(
    access: Access, kind: str, asked: Mapping[str, str], today: date
) -> tuple[Chosen, Chosen] | None:
    """The two that an address names, else the nearest there are to compare; None where there is
    only one. Raises Http404 for what the reader may not see."""
    now = run_of(access, {**asked, "run": asked.get("run", "")}, today)
    if now is None or not now.is_done:
        return None
    at = chosen(access, now, asked.get("org", ""))
    if kind == ORGS:
        return _two_orgs(access, at, asked)
    find = _period if kind == PERIODS else _run
    names = _periods(access, at) if kind == PERIODS else _runs(access, at)
    one = asked.get("a") or (names[1] if len(names) > 1 else "")
    other = asked.get("b") or (names[0] if names else "")
    if not one or not other:
        return None
    found = [find(access, name, at, today) for name in (one, other)]
    return found[0], found[1]


def without_run(access: Access, kind: str, asked: Mapping[str, str]) -> list[Period]:
    """The months an address names that no run is of, for this reader."""
    named = [] if asked.get("run", "").isdigit() else [asked.get("period", "")]
    if kind == PERIODS:
        named += [asked.get("a", ""), asked.get("b", "")]
    told = [one for one in dict.fromkeys(named) if one]
    known = runs.periods(access) if told else []
    months = (choosing.month_of({"period": one}) for one in told if one not in known)
    return [month for month in months if month is not None]


def _two_orgs(
    access: Access, at: Chosen, asked: Mapping[str, str]
) -> tuple[Chosen, Chosen] | None:  # fmt: skip
    one = chosen(access, at.run, asked.get("a", "") or at.org.id)
    beside = asked.get("b") or _neighbour(access, one)
    return (one, chosen(access, at.run, beside)) if beside else None


def _neighbour(access: Access, at: Chosen) -> str:
    """The next org of the same kind that the reader may see."""
    seen = choosing.choices(access, at).orgs
    same = [one.id for one in seen if (one.parent, one.level) == (at.org.parent, at.org.level)]
    return next((one for one in same if one != at.org.id), "")


def _periods(access: Access, at: Chosen) -> list[str]:
    """The months there are runs of, from the page's own on back."""
    return [one for one in runs.periods(access) if one <= at.run.period]


def _runs(access: Access, at: Chosen) -> list[str]:
    return [name for name, _ in choosing.choices(access, at, orgs=False).runs]


def _period(access: Access, name: str, at: Chosen, today: date) -> Chosen:
    if name not in runs.periods(access):
        raise Http404("没有这一期的运行")
    return _done(access, run_of(access, {"period": name}, today), at)


def _run(access: Access, name: str, at: Chosen, today: date) -> Chosen:
    return _done(access, run_of(access, {"run": name, "period": at.run.period}, today), at)


def _done(access: Access, run: Run | None, at: Chosen) -> Chosen:
    if run is None or not run.is_done:
        raise Http404("这次运行还没有结果")
    return chosen(access, run, at.org.id)


def options(access: Access, kind: str, at: Chosen) -> list[tuple[str, str]]:
    """What may be chosen on either side."""
    found = choosing.choices(access, at)
    if kind == ORGS:
        return [(one.id, one.name) for one in found.orgs]
    return found.periods if kind == PERIODS else found.runs


def picked(kind: str, one: Chosen, other: Chosen) -> tuple[str, str]:
    """How the two stand in an address."""

    def name(side: Chosen) -> str:
        if kind == ORGS:
            return side.org.id
        return side.run.period if kind == PERIODS else side.run_value

    return name(one), name(other)


# -- comparing -------------------------------------------------------------------------------------


def compared(
    kind: str, one: Chosen, other: Chosen, access: Access, now: datetime,
    indicators: Collection[str] = (),
) -> Comparison:  # fmt: skip
    """`indicators`: those compared; the headline ones of either side where none is named."""
    names = list(indicators) or _headlines(one, other)
    left, right = (_rows(side, access, now, names) for side in (one, other))
    listed = [name for name in names if name in left or name in right]
    came: dict[str, list[Received]] = {}
    if kind == RUNS:
        came = received_between(one.run, other.run, access, now, one.org.id, listed)
    lines = []
    for name in listed:
        indicator = other.rulebook.indicators.get(name) or one.rulebook.indicators[name]
        pair = left.get(name), right.get(name)
        lines.append(_line(kind, one, other, indicator, pair, came.get(name, [])))
    differing = [line for line in lines if line.differs]
    return Comparison(
        kind, _called(kind, one, other), one, other, lines, differing, _counts(differing)
    )


def _headlines(one: Chosen, other: Chosen) -> list[str]:
    return list(dict.fromkeys(i.id for side in (other, one) for i in side.rulebook.headlines))


def _rows(
    side: Chosen, access: Access, now: datetime, names: Iterable[str]
) -> dict[str, RowView]:  # fmt: skip
    rows = runs.rows(side.run, access, now, org=side.org.id, indicators=names)
    return {row.indicator_id: row for row in rows}


def _called(kind: str, one: Chosen, other: Chosen) -> tuple[str, str]:
    def name(side: Chosen) -> str:
        if kind == ORGS:
            return side.org.name
        return str(side.period) if kind == PERIODS else side.run.name

    return name(one), name(other)


def _line(
    kind: str, one: Chosen, other: Chosen, indicator: Indicator,
    rows: tuple[RowView | None, RowView | None], came: Sequence[Received],
) -> Line:  # fmt: skip
    left, right = rows
    line = Line(
        indicator=indicator, unit="" if indicator.is_rate_only else indicator.unit,
        urls=(indicator_url(one, indicator.id), indicator_url(other, indicator.id)),
        level=_figures(_level(left, indicator), _level(right, indicator)),
        growth=_figures(_growth(left), _growth(right)), place=_places(left, right, kind),
        lights=(_light(left), _light(right)), reasons=(),
    )  # fmt: skip
    if not line.differs:
        return line
    return Line(
        line.indicator,
        line.unit,
        line.urls,
        line.level,
        line.growth,
        line.place,
        line.lights,
        tuple(_reasons(kind, one, other, line, rows, came)),
    )


def _level(row: RowView | None, indicator: Indicator) -> str:
    if row is None:
        return "没有这一项"
    if indicator.is_rate_only and not row.embargoed:
        return RATE_ONLY
    return _shown(row, row.level)


def _growth(row: RowView | None) -> str:
    return "没有这一项" if row is None else _shown(row, row.growth)


def _shown(row: RowView, one: Figure | None) -> str:
    return row.missing or (one.shown if one is not None else "无数据")


def _figures(one: str, other: str) -> Pair:
    apart = difference(other, one) if is_numeric(one) and is_numeric(other) else ""
    return Pair(figure(one), figure(other), signed(apart) if apart else "")


def _places(left: RowView | None, right: RowView | None, kind: str) -> Pair:
    one, other = (standing(row) if row is not None else None for row in (left, right))
    moved = ""
    if kind != ORGS and one and other and (one.n, one.of) == (other.n, other.of):
        by = one.place - other.place
        moved = f"▲{by}" if by > 0 else f"▼{-by}" if by < 0 else "平"
    return Pair(_place(one), _place(other), moved)


def _place(one: Standing | None) -> str:
    return f"{one.place}/{one.n}" if one is not None else "无排名"


def _light(row: RowView | None) -> tuple[str, str]:
    if row is None:
        return "no_target", "没有这一项"
    return ("not_released", "未发布") if row.embargoed else (row.light, row.light_name)


def _counts(lines: Iterable[Line]) -> list[Counted]:
    found: dict[str, list[str]] = {}
    for line in lines:
        for word in dict.fromkeys(one.word for one in line.reasons):
            found.setdefault(word, []).append(line.indicator.name)
    return [Counted(word, tuple(names)) for word, names in found.items()]


# -- why -------------------------------------------------------------------------------------------


def _reasons(
    kind: str, one: Chosen, other: Chosen, line: Line,
    rows: tuple[RowView | None, RowView | None], came: Sequence[Received],
) -> list[Reason]:  # fmt: skip
    left, right = rows
    if kind == ORGS:
        return []
    found = [
        *_calendar(kind, left, right), *_news(kind, line, rows), *_since_revised(kind, rows),
        *(Reason(NEW if _had_nothing(left) else REVISED, came_in.text) for came_in in came),
        *_rules(one, other, line, rows),
    ]  # fmt: skip
    if not found and line.place.differs and not (line.level.differs or line.growth.differs):
        found.append(Reason(PEERS, "本单位的数没有变"))
    if not found and kind == RUNS:
        found.append(Reason(UNKNOWN, "请在两边打开“为什么是这个数”比对"))
    return list(dict.fromkeys(found))


def _had_nothing(row: RowView | None) -> bool:
    return row is None or not row.has_figure


def _calendar(kind: str, left: RowView | None, right: RowView | None) -> Iterable[Reason]:
    """The newest figure due may be of another period than the run's."""
    if left is None or right is None or kind == PERIODS:
        return
    if left.period != right.period:
        spans = (str(Period.from_id(row.period)) for row in (left, right))
        yield Reason(CALENDAR, "，后为".join(spans))


def _news(
    kind: str, line: Line, rows: tuple[RowView | None, RowView | None]
) -> Iterable[Reason]:  # fmt: skip
    left, right = rows
    if kind == PERIODS and left is not None and right is not None and left.period == right.period:
        yield Reason(CALENDAR, f"两期都列{Period.from_id(right.period)}")
    if _had_nothing(left) and not _had_nothing(right) and left is not None and kind == RUNS:
        yield Reason(NEW, f"原为{left.missing}")


def _since_revised(
    kind: str, rows: tuple[RowView | None, RowView | None]
) -> Iterable[Reason]:  # fmt: skip
    """Of two periods: whether the later run tells the earlier period's figure otherwise."""
    left, right = rows
    if kind != PERIODS or left is None or right is None or left.period == right.period:
        return
    now = next((point for point in right.series if point.period == left.period), None)
    if now is None or left.embargoed or right.embargoed:
        return
    span = Period.from_id(left.period)
    for name, was, became in (
        ("总量", left.level, now.level), ("增速", left.growth, now.growth),
    ):  # fmt: skip
        if was is not None and became is not None and was.shown != became:
            yield Reason(
                REVISED, f"{span}{name}后来由{figure(was.shown)}改为{figure(became)}"
            )  # fmt: skip


def _rules(
    one: Chosen, other: Chosen, line: Line, rows: tuple[RowView | None, RowView | None]
) -> Iterable[Reason]:
    """What of the rules bears on this line; targets too, which are issued beside them."""
    left, right = rows
    if left is None or right is None or left.embargoed or right.embargoed:
        return
    was, became = _targets(left), _targets(right)
    if was != became:
        told = f"{'、'.join(was) or '没有目标'}，后为{'、'.join(became) or '没有目标'}"
        yield Reason(RULE, f"目标：{told}")
    if one.run.version_id == other.run.version_id:
        return
    name = line.indicator.id
    numbers = f"第{one.run.version.number}版规则，后为第{other.run.version.number}版"
    if one.rulebook.indicators.get(name) != other.rulebook.indicators.get(name):
        yield Reason(RULE, f"指标定义：{numbers}")
    day = Period.from_id(right.period).end
    if one.rulebook.light_table(name, day) != other.rulebook.light_table(name, day):
        yield Reason(RULE, f"亮灯办法：{numbers}")


def _targets(row: RowView) -> list[str]:
    assert row.indicator is not None
    return [
        f"{target.tier_name}{asked_text(target, row.indicator)}"
        for target in row.targets
        if target.value is not None
    ]
