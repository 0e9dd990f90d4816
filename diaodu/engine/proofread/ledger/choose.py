"""Which row of a run a figure of a text is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.ledger.scan import Meant

_TIERS: dict[str, str] = {
    **{name: tier for tier, name in TIER_NAMES.items()},
    "上级": "assigned", "市下达": "assigned", "省下达": "assigned", "本级": "own", "自定": "own",
    "调度": "working",
}  # fmt: skip
# What a single month's words mean of an indicator that is told from January on.
_OF_MONTH: dict[str, tuple[str, ...]] = {
    "value": ("month_value",),
    "growth": ("month_growth_published", "month_growth", "month_growth_solved"),
    "month_value": ("month_value",),
    "month_growth": ("month_growth_published", "month_growth", "month_growth_solved"),
}
_GROWTH_WORDS = ("增速", "增幅")
_AFTER_LEVEL = ("value",)


def fitting(meant: Meant, ledger: Ledger) -> list[Measure]:
    """All rows that the figure may be, those of the first measure that there is; with a number."""
    rows = ledger.measures(meant.indicator, meant.org)
    here, month_only = _of_period(rows, meant.period, ledger)
    wanted = _measures(meant)
    if month_only:
        wanted = _OF_MONTH.get(meant.phrase.name, ())
    for measure in wanted:
        found = [
            row
            for row in here
            if row.measure == measure and row.value is not None and _is_meant(row, meant, ledger)
        ]
        if found:
            return found
    return []


def aims(meant: Meant, ledger: Ledger) -> list[Target]:
    """The targets of the indicator, org and year whose value the figure may be."""
    rows = ledger.measures(meant.indicator, meant.org)
    here, _ = _of_period(rows, meant.period, ledger)
    known = ledger.facts.targets({row.target_id for row in here} - {""})
    tier = _TIERS.get(meant.word("tier"))
    kind = {"ceiling": "ceiling", "growth_aim": "growth"}.get(meant.phrase.name)
    return [
        one
        for one in known.values()
        if one.value is not None and tier in (None, one.tier) and kind in (None, one.kind)
    ]


def _of_period(
    rows: Sequence[Measure], asked: Period | None, ledger: Ledger
) -> tuple[list[Measure], bool]:
    """The rows of the period meant, and whether only what is told of its last month alone fits.
    Without a period: the newest up to the run's."""
    known = {row.period: Period.from_id(row.period) for row in rows}
    if asked is None:
        until = [one for one in known.values() if one.end <= ledger.period.end]
        newest = max(until, key=lambda one: (one.end, one.months), default=None)
        return _rows_at(rows, newest), False
    if asked.id in known:
        return _rows_at(rows, asked), False
    if asked.is_cumulative and asked.last_month().id in known:  # a balance at the end of 1—5月
        return _rows_at(rows, asked.last_month()), False
    if asked.months == 1 and asked.ytd().id in known:
        return _rows_at(rows, asked.ytd()), True
    return [], False


def _rows_at(rows: Sequence[Measure], period: Period | None) -> list[Measure]:
    return [row for row in rows if period is not None and row.period == period.id]


def _measures(meant: Meant) -> tuple[str, ...]:
    name = meant.phrase.name
    if name not in ("rank", "peers", "move"):
        return meant.phrase.measures
    is_back = meant.word("back", "back2")
    ends = ("_reverse",) if is_back else _RANKS[name]
    return tuple(f"rank_{of}{end}" for of in _ranked(meant) for end in ends)


_RANKS = {"rank": ("", "_published"), "peers": ("_n",), "move": ("_move",)}


def _ranked(meant: Meant) -> tuple[str, ...]:
    """By what: as said, else by what was told before; both where that leaves it open."""
    rank: Meant | None = meant
    while rank is not None and rank.phrase.name in ("peers", "move"):
        rank = rank.before
    what = rank.word("what") if rank is not None else ""
    if what:
        return ("growth",) if what in _GROWTH_WORDS else ("level",)
    before = rank.before if rank is not None else None
    if before is None or before.phrase.name in _AFTER_LEVEL:
        return ("growth", "level")
    return ("growth",)


def _is_meant(row: Measure, meant: Meant, ledger: Ledger) -> bool:
    return all(test(row, meant, ledger) for test in _TESTS)


def _base_fits(row: Measure, meant: Meant, ledger: Ledger) -> bool:
    """Compared with the period that is named, as far as one is."""
    name, base = meant.phrase.name, meant.base
    if name in ("since", "since_growth"):
        return row.base[:4] < row.period[:4] and not _is_last_year(row)
    if name == "growth" and row.measure == "growth":
        return _is_last_year(row)
    if name not in ("change", "move"):
        return True
    if base is not None:
        return row.base in (base.id, base.ytd().id, base.last_month().id) or not row.base
    if meant.word("base") in ("上年全年", "去年全年"):
        return row.base.endswith("-01/12") or row.measure == "growth_change_year_pp"
    return row.measure != "growth_change_year_pp"


def _is_last_year(row: Measure) -> bool:
    return row.base in ("", Period.from_id(row.period).last_year().id)


def _who_fits(row: Measure, meant: Meant, ledger: Ledger) -> bool:
    """Compared with, or ranked in, the org that is named."""
    if meant.phrase.name == "gap":
        return row.base == meant.who
    who = meant.who or _inherited_who(meant)
    if not row.peer_group or not who or meant.phrase.name in ("pull", "contribution"):
        return True
    return row.peer_group == who or row.peer_group.startswith(f"{who}/")


def _inherited_who(meant: Meant) -> str:
    """第3位（7个县区参与排名），比上月上升1位 goes on about the same peers."""
    before = meant.before
    while before is not None and meant.phrase.name in ("peers", "move", "next", "behind"):
        if before.who:
            return before.who
        before = before.before
    return ""


def _target_fits(row: Measure, meant: Meant, ledger: Ledger) -> bool:
    """Of the target of the tier that is named."""
    tier = _TIERS.get(_inherited_tier(meant))
    if not row.target_id or tier is None:
        return True
    known = ledger.facts.targets({row.target_id})
    return row.target_id in known and known[row.target_id].tier == tier


def _inherited_tier(meant: Meant) -> str:
    chain: Meant | None = meant
    while chain is not None:
        if chain.word("tier"):
            return chain.word("tier")
        chain = chain.before
    return ""


def _whole_fits(row: Measure, meant: Meant, ledger: Ledger) -> bool:
    """The pull of a part in the whole that is told of."""
    if meant.phrase.name in ("pull", "contribution"):
        return row.base in meant.whole
    if row.measure in ("arrears_gross", "arrears_net"):
        return row.base == _TIERS.get(_inherited_tier(meant))
    return True


_TESTS = (_base_fits, _who_fits, _target_fits, _whole_fits)


def chain(meant: Meant) -> Iterator[Meant]:
    """The figure and those it goes on from, nearest first."""
    one: Meant | None = meant
    while one is not None:
        yield one
        one = one.before
