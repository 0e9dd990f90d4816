"""Looking figures up: by indicator, org, period, facet, track, as of a day; and their export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from diaodu.adapters.long_table import Cell
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import FACET_NAMES, FACETS, OBS_WORD_NAMES, TRACK_NAMES, TRACKS
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.figures.models import ORIGINS, Observation
from diaodu.web.figures.queries.seen import is_early, rank, standing_on, visible
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access

MOST_COUNTED = 10_000  # pages are turned up to here; who wants more narrows the search or exports
_AT_ONCE = 2000
_MOST_PERIODS = 24


@dataclass(frozen=True)
class Search:
    """What is looked for; what is left open is not asked. `ends`: the last day of the period."""

    indicators: frozenset[str] | None = None
    org: str = ""
    ends: date | None = None
    facet: str = ""
    track: str = ""
    as_of: date | None = None
    all_vintages: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "indicators": None if self.indicators is None else sorted(self.indicators),
            "org": self.org, "ends": self.ends and self.ends.isoformat(), "facet": self.facet,
            "track": self.track, "as_of": self.as_of and self.as_of.isoformat(),
            "all_vintages": self.all_vintages,
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Search:
        days = {
            key: date.fromisoformat(told[key]) if told[key] else None for key in ("ends", "as_of")
        }
        chosen = told["indicators"]
        return cls(
            None if chosen is None else frozenset(chosen), told["org"], days["ends"],
            told["facet"], told["track"], days["as_of"], told["all_vintages"],
        )  # fmt: skip


def search(access: Access, now: datetime, wanted: Search) -> QuerySet[Observation]:
    """What this reader may see of what is looked for: newest period first, then in the order of
    the rules."""
    rows = visible(access, now)
    if wanted.indicators is not None:
        rows = rows.filter(indicator__in=sorted(wanted.indicators))
    for column, value in (
        ("org_id", wanted.org), ("ends", wanted.ends), ("facet", wanted.facet),
        ("track", wanted.track),
    ):  # fmt: skip
        if value:
            rows = rows.filter(**{column: value})
    return _vintages(rows, wanted).order_by(
        "-ends", rank("indicator", tuple(_rules().indicators)), "org__place", "org_id", "period",
        rank("facet", FACETS), "against", rank("track", TRACKS), "received", "entry_id", "id",
    )  # fmt: skip


def _vintages(rows: QuerySet[Observation], wanted: Search) -> QuerySet[Observation]:
    if wanted.as_of is None:
        return rows if wanted.all_vintages else rows.filter(standing=True)
    if wanted.all_vintages:
        return rows.filter(received__lte=wanted.as_of)
    return standing_on(rows, wanted.as_of)


def newest_period(access: Access, now: datetime) -> date | None:
    """The last day of the newest period of which this reader may see a figure; None where the
    last two years hold none. Period by period: looking through all rows takes too long."""
    periods = Observation.objects.filter(standing=True)
    seen = visible(access, now).filter(standing=True)
    newest = periods.aggregate(newest=Max("ends"))["newest"]
    for _ in range(_MOST_PERIODS):
        if newest is None or seen.filter(ends=newest).exists():
            return newest
        newest = periods.filter(ends__lt=newest).aggregate(newest=Max("ends"))["newest"]
    return None


def indicators_named(words: str) -> frozenset[str]:
    """Ids of the indicators whose name, alias or id holds the words."""
    wanted = words.strip().lower()
    return frozenset(
        one.id
        for one in _rules().indicators.values()
        if any(wanted in name.lower() for name in (one.id, one.name, *one.aliases))
    )


def _rules() -> Rulebook:
    try:
        return rulebooks.current()
    except rulebooks.NoRulebook:
        return Rulebook("", {}, {})


class CountedTo(Paginator):
    """Counts no further than anybody turns pages: counting millions takes as long as reading."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        return self._counted > MOST_COUNTED

    @cached_property
    def _counted(self) -> int:
        rows = cast("QuerySet[Observation]", self.object_list)
        return rows[: MOST_COUNTED + 1].count()


# -- rows as they are read -----------------------------------------------------------------------


class Told(NamedTuple):
    """A row in words."""

    row: Observation
    indicator: str
    org: str
    period: str
    facet: str
    track: str
    shown: str
    early: bool
    origin: str


class Teller:
    """Names for rows, looked up once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.indicators = {one.id: one.name for one in _rules().indicators.values()}
        self.orgs = people.names()

    def tell(self, row: Observation) -> Told:
        return Told(
            row, self.indicators.get(row.indicator, row.indicator),
            self.orgs.get(row.org_id, row.org_id), print_period(row.when),
            self.facet(row), TRACK_NAMES[row.track],
            f"{row.value:f}" if row.value is not None else OBS_WORD_NAMES.get(row.word or "", ""),
            is_early(row, self.now), ORIGINS[row.entry.origin],
        )  # fmt: skip

    def facet(self, row: Observation) -> str:
        """增速位次（全市，6个单位）."""
        more = [self.orgs.get(row.against, row.against)] if row.against else []
        if row.n is not None:
            more.append(f"{row.n}个单位")
        return FACET_NAMES[row.facet] + (f"（{'，'.join(more)}）" if more else "")


HEADER = (
    "指标", "指标编号", "单位", "单位编号", "统计期", "统计期编号", "面", "相比单位",
    "参加排名个数", "轨", "数值", "词", "计量单位", "收到日期", "录入时间", "录入人", "来源",
    "原因", "依据文件", "文件", "工作表", "单元格", "原样", "暂扣", "现行", "发布时刻", "发布前",
)  # fmt: skip


def export_rows(rows: QuerySet[Observation], now: datetime) -> Iterator[tuple[Cell, ...]]:
    """Row after row of an export, under HEADER."""
    teller = Teller(now)
    periods: dict[str, str] = {}
    found = rows.select_related("place", "entry", "entry__by")
    for row in found.iterator(chunk_size=_AT_ONCE):
        if row.period not in periods:
            periods[row.period] = print_period(Period.from_id(row.period))
        yield (
            teller.indicators.get(row.indicator, row.indicator), row.indicator,
            teller.orgs.get(row.org_id, row.org_id), row.org_id, periods[row.period], row.period,
            FACET_NAMES[row.facet], teller.orgs.get(row.against, row.against), row.n,
            TRACK_NAMES[row.track], row.value,
            OBS_WORD_NAMES.get(row.word, row.word) if row.word else None, row.unit,
            row.received.isoformat(), _moment(row.entered_at), str(row.entry.by or "系统"),
            ORIGINS[row.entry.origin], row.entry.reason, row.entry.document, row.place.file,
            row.place.sheet, row.cell, row.value_given, "暂扣" if row.held else None,
            "现行" if row.standing else None,
            _moment(row.release_at) if row.release_at else None,
            "发布前" if is_early(row, now) else None,
        )  # fmt: skip


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
