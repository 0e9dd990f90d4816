"""revised, in the mass: a declared break explains it in one finding, else one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, finding
from diaodu.engine.rules.models import Break
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Frame
from diaodu.engine.verify.standard import named_check

KIND_NAMES = {"revision": "数据修订", "scope": "统计范围变动", "method": "统计方法变动"}
# What a check of kind `revised` that leaves them open means.
AT_LEAST = 5  # orgs
SHARE = Decimal(50)  # percent of those that have figures of the indicator
_SEVERAL = 2
_NAMED = 3


def revisions(
    findings: Iterable[Finding], observations: Frame, rulebook: Rulebook
) -> list[Finding]:
    """The findings, those `revised` that one declared break explains replaced by one of the act,
    and one more for every indicator that is revised in the mass without a word. Of several days of
    receipt each is looked at alone."""
    everything = list(findings)
    revised = [one for one in everything if one.code == "revised" and one.obs_ids]
    if not revised:
        return everything
    days = _days(revised, observations)
    acts: dict[tuple[str, date], list[Finding]] = {}
    rest: list[Finding] = []
    for one in revised:
        day = days.get(one.id)
        act = None if day is None else _explained_by(one, day, rulebook.breaks)
        if act is None or day is None:
            rest.append(one)
        else:
            acts.setdefault((act.id, day), []).append(one)
    gone = {one.id for ones in acts.values() if len(ones) >= _SEVERAL for one in ones}
    declared = {one.id: one for one in rulebook.breaks}
    told = [
        _act(declared[name], day, acts[name, day], rulebook)
        for name, day in sorted(acts)
        if len(acts[name, day]) >= _SEVERAL
    ]
    told += _undeclared(rest, days, observations, rulebook)
    return [*(one for one in everything if one.id not in gone), *told]


def _days(revised: Sequence[Finding], observations: Frame) -> dict[str, date]:
    """finding → the day on which the figure came that revised another."""
    ids = sorted({obs for one in revised for obs in one.obs_ids})
    rows = observations.filter(nw.col("obs_id").is_in(ids)).select("obs_id", "received")
    received: dict[str, date] = dict(rows.iter_rows())
    return {
        one.id: max(received[obs] for obs in one.obs_ids)
        for one in revised
        if received.keys() >= set(one.obs_ids)
    }


def _explained_by(one: Finding, day: date, breaks: Iterable[Break]) -> Break | None:
    return next((act for act in breaks if _explains(act, one, day)), None)


def _explains(act: Break, one: Finding, day: date) -> bool:
    """A break that names the day of receipt explains every period; else those from its beginning
    on, and where the base was revised with it, the year before."""
    if not act.covers(one.indicator, one.org):
        return False
    if act.received is not None:
        return act.received == day
    first = act.from_.year - (act.comparable == "revised_base"), act.from_.month
    period = Period.from_id(one.period)
    return (period.end.year, period.end.month) >= first


# -- what is said ----------------------------------------------------------------------------


def named(act: Break) -> str:
    """自2023年1月起统计范围变动：电力企业划出，统函〔2023〕5号"""
    since = f"自{act.from_.year}年{act.from_.month}月起"
    return f"{since}{KIND_NAMES[act.kind]}：{act.reason}，{act.document}"


def _act(act: Break, day: date, ones: list[Finding], rulebook: Rulebook) -> Finding:
    indicators = {one.indicator for one in ones}
    orgs = {one.org for one in ones}
    return finding(
        "revised", "soft",
        f"{day.isoformat()}收到{len(ones)}处修订，涉及{len(indicators)}项指标、{len(orgs)}个单位，"
        f"属于已声明的口径变动“{act.id}”（{named(act)}）。如：{_examples(ones, rulebook)}。",
        "不用逐处核实；以后收到的为准，跨越这次变动的比较都已注明。",
        file=_shared(one.file for one in ones), indicator=_shared(indicators), org=_shared(orgs),
        period=_shared(one.period for one in ones), expected=f"按“{act.id}”修订",
        found=f"{len(ones)}处", obs_ids=tuple({obs for one in ones for obs in one.obs_ids}),
        discriminator=f"break|{act.id}|{day}",
    )  # fmt: skip


def _examples(ones: Sequence[Finding], rulebook: Rulebook) -> str:
    told = []
    for one in ones[:_NAMED]:
        org, indicator = rulebook.names_of([one.org, one.indicator])
        name = f"{org}{indicator}{say.period_name(one.period)}"
        told.append(f"{name}原为{one.expected}，现为{one.found}")
    return "、".join(told) + (f"等{len(ones)}处" if len(ones) > _NAMED else "")


def _undeclared(
    rest: Sequence[Finding], days: dict[str, date], observations: Frame, rulebook: Rulebook
) -> Iterator[Finding]:
    groups: dict[tuple[str, date], list[Finding]] = {}
    for one in rest:
        if one.id in days:
            groups.setdefault((one.indicator, days[one.id]), []).append(one)
    for (indicator, day), ones in sorted(groups.items()):
        check = named_check(rulebook, "revised", indicator, day)
        least = AT_LEAST if check is None else check.at_least or AT_LEAST
        orgs = {one.org for one in ones}
        if len(orgs) < least or (check is not None and check.off):
            continue
        rows = observations.filter((nw.col("indicator") == indicator) & ~nw.col("held"))
        known = rows.get_column("org").n_unique()
        share = SHARE if check is None else check.share or SHARE
        if Fraction(len(orgs) * 100, max(known, len(orgs))) >= Fraction(share):
            yield _asks_for_a_break(ones, day, len(orgs), known, rulebook)


def _asks_for_a_break(
    ones: list[Finding], day: date, orgs: int, known: int, rulebook: Rulebook
) -> Finding:
    indicator = ones[0].indicator
    name = rulebook.names_of([indicator])[0]
    return finding(
        "revised", "soft",
        f"{day.isoformat()}收到的报表改了{orgs}个单位的{name}（在册{known}个单位），共{len(ones)}处，"
        f"像是成批修订，规则 breaks/ 里没有声明。如：{_examples(ones, rulebook)}。",
        "请问明修订的原因和文件，在规则 breaks/ 里写一条："
        f"{{id: …, indicators: [{indicator}], from: …, kind: revision, comparable: revised_base, "
        f"reason: …, document: …, received: {day.isoformat()}}}；不是成批修订的，请逐个单位核实。",
        file=_shared(one.file for one in ones), indicator=indicator,
        period=_shared(one.period for one in ones), expected="成批修订有声明",
        found=f"{orgs}个单位", obs_ids=tuple({obs for one in ones for obs in one.obs_ids}),
        discriminator=f"mass|{day}",
    )  # fmt: skip


def _shared(values: Iterable[str]) -> str:
    """What they all have, empty where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
