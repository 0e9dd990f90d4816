"""Corrections that the rulebook declares, applied beside what came in.

What came in is never edited: it stays, held, and the figure put right is a row of its own on the
track 更正, with file, sheet and cell of the one it stands for. Whoever reads figures reads it on
that one's track (own_tracks.py). A correction whose guard no longer holds is not applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import narwhals as nw

from diaodu.engine.ground.quantity import EXACT, SCALE, show, unit_ratio
from diaodu.engine.ground.records import Finding, Observation, finding
from diaodu.engine.ground.words import CORRECTED
from diaodu.engine.rules.cross_figures import period_of
from diaodu.engine.rules.models import Correction
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import ABSENT_WORDS, Frame, observation_of, scaled_up


@dataclass(frozen=True)
class Corrected:
    """observations: with a row for each figure put right, and those it stands for held.
    ignored: obs_ids that are not used at all."""

    observations: Frame
    findings: tuple[Finding, ...] = ()
    ignored: frozenset[str] = frozenset()


def correct(
    observations: Frame, rulebook: Rulebook, as_of: date, *, is_all: bool = True
) -> Corrected:
    """Apply the corrections to the figures received by `as_of`. Where these are not all there are
    (`is_all` False), a correction that finds no figure is not told."""
    findings: list[Finding] = []
    added: list[Observation] = []
    replaced: set[str] = set()
    ignored: set[str] = set()
    received = _received(observations, rulebook, as_of)
    for one in rulebook.corrections:
        rows = [row for row in received if _is_about(one, row)]
        standing = _standing(rows)
        unfit = _unfit(one, standing, has_rows=bool(rows))
        if standing is None or unfit:
            if rows or (is_all and one.indicator in rulebook.indicators):
                findings.append(_not_applied(one, rulebook, standing, unfit))
            continue
        if one.ignore:
            ignored.add(standing.obs_id)
        else:
            added.append(_put_right(one, standing))
            replaced.add(standing.obs_id)
        findings.append(_applied(one, rulebook, standing, None if one.ignore else added[-1]))
    if not (added or ignored):
        return Corrected(observations, tuple(findings))
    out = nw.col("obs_id").is_in(sorted(replaced | ignored))
    observations = observations.with_columns(held=nw.col("held") | out)
    return Corrected(_with_rows(observations, added), tuple(findings), frozenset(ignored))


# -- which figure ----------------------------------------------------------------------------


def _received(observations: Frame, rulebook: Rulebook, as_of: date) -> list[Observation]:
    """Every vintage of the figures that corrections are about, oldest first."""
    wanted = rulebook.corrections
    if not wanted:
        return []
    periods = {period.id for one in wanted if (period := period_of(one)) is not None}
    rows = observations.filter(
        nw.col("indicator").is_in(sorted({one.indicator for one in wanted}))
        & nw.col("org").is_in(sorted({one.org for one in wanted}))
        & nw.col("period").is_in(sorted(periods))
        & (nw.col("received") <= as_of)
    ).sort("received", "obs_id")
    return [observation_of(row) for row in rows.iter_rows(named=True)]


def _is_about(one: Correction, row: Observation) -> bool:
    period = period_of(one)
    key = (one.indicator, one.org, period.id if period else "", one.facet, one.against, one.track)
    return row.key == key


def _standing(rows: list[Observation]) -> Observation | None:
    """The newest vintage that is used; where all are held, nothing is."""
    told = [row for row in rows if not row.held and row.word not in ABSENT_WORDS]
    return told[-1] if told else None


def _unfit(one: Correction, standing: Observation | None, *, has_rows: bool) -> str:
    """Why the correction cannot be applied; empty where it can."""
    if standing is None:
        return "来数被暂扣或是空格" if has_rows else "没有收到过这个数"
    came = standing.value
    if came is None:
        return "来数已不是数字"
    if came != _in_own_unit(one, one.from_, standing):
        is_mended = not one.ignore and came == _wanted(one, standing)
        same = "，与更正后的数相同" if is_mended else ""
        return f"来数已改为{say.figure(standing)}（{say.place(standing)}）{same}"
    scaled = _wanted(one, standing).scaleb(SCALE, context=EXACT)
    return "" if scaled == scaled.to_integral_value(context=EXACT) else "更正后的小数超过十二位"


def _in_own_unit(one: Correction, number: Decimal, standing: Observation) -> Decimal:
    with localcontext(EXACT):
        return number * _ratio(one, standing)


def _ratio(one: Correction, standing: Observation) -> Decimal:
    return Decimal(1) if one.unit is None else unit_ratio(one.unit, standing.unit)


def _wanted(one: Correction, standing: Observation) -> Decimal:
    if one.to is not None:
        return _in_own_unit(one, one.to, standing)
    assert standing.value is not None
    with localcontext(EXACT):
        return standing.value * (one.unit_factor or Decimal(1))


# -- the figure put right --------------------------------------------------------------------


def _put_right(one: Correction, standing: Observation) -> Observation:
    if one.to is not None:
        decimals = _digits(max(-int(one.to.as_tuple().exponent), 0), _ratio(one, standing))
    else:
        decimals = _digits(standing.decimals or 0, one.unit_factor or Decimal(1))
    return standing._replace(
        obs_id=Observation.make_id(
            standing.indicator, standing.org, standing.period, standing.facet, standing.against,
            CORRECTED, standing.received,
        ),
        track=CORRECTED, value=_wanted(one, standing), decimals=decimals, held=False,
    )  # fmt: skip


def _digits(decimals: int, ratio: Decimal) -> int:
    """What is left of the digits given after a change of unit."""
    if ratio == Decimal(1).scaleb(ratio.adjusted()):
        return decimals - ratio.adjusted()
    return decimals + max(-int(ratio.as_tuple().exponent), 0)


def _with_rows(observations: Frame, added: list[Observation]) -> Frame:
    columns: dict[str, list[Any]] = {
        name: [getattr(one, name) for one in added] for name in observations.columns
    }
    columns["value"] = [None if one.value is None else scaled_up(one.value) for one in added]
    rows = nw.from_dict(
        columns, dict(observations.schema), backend=nw.get_native_namespace(observations)
    )
    return nw.concat([observations, rows])


# -- what is said ----------------------------------------------------------------------------


def _applied(
    one: Correction, rulebook: Rulebook, standing: Observation, right: Observation | None
) -> Finding:
    act = "不采用" if right is None else f"改为{_shown(right)}"
    others = () if right is None else (right,)
    return say.about(
        standing, "corrected", "soft",
        f"{say.subject(rulebook, standing)}来数{say.figure(standing)}，按更正“{one.id}”{act}"
        f"（{one.reason}；依据：{one.source}）。来数仍在册。位置：{say.place(standing)}。",
        f"不用处理；报送单位重报后，请删去规则 {_where(one, rulebook)} 的这一条。",
        expected="不采用" if right is None else _shown(right), found=say.figure(standing),
        others=others, check=one.id,
    )  # fmt: skip


def _shown(one: Observation) -> str:
    assert one.value is not None
    return f"{show(one.value, max(one.decimals or 0, 0))}{one.unit}"


def _not_applied(
    one: Correction, rulebook: Rulebook, standing: Observation | None, why_not: str
) -> Finding:
    """Hard, for somebody must look; it holds nothing: what came in may be right by now."""
    org, indicator = rulebook.names_of([one.org, one.indicator])
    period = period_of(one)
    name = say.period_name(period.id) if period else one.period
    where = _where(one, rulebook)
    return finding(
        "correction_unfit", "hard",
        f"规则 {where} 的更正“{one.id}”没有用上：{org}{indicator}{name}应为来数"
        f"{one.from_:f}{one.unit or ''}，而{why_not}。",
        "来数已对的，请删去这一条；还要更正的，请改 from 和更正后的数；"
        "对象写错的，请改正编号和统计期。",
        file=standing.file if standing else "", sheet=standing.sheet if standing else "",
        cell=standing.cell if standing else "", expected=f"来数{one.from_:f}{one.unit or ''}",
        found=why_not, discriminator=one.id,
    )  # fmt: skip


def _where(one: Correction, rulebook: Rulebook) -> str:
    return rulebook.places.get(f"corrections/{one.id}", "corrections/")
