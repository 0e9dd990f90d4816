"""What is still needed for each month (剩余3个月，月均需完成7亿元), and means: 平均每个项目0.8亿元.

Means over years too: 两年平均增长4.5%, 年均增长8%.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.ground.interval import Interval
from diaodu.engine.proofread.arithmetic import (
    Attempt,
    computed,
    factor,
    judged,
    plain,
    unverifiable,
)
from diaodu.engine.proofread.claims import Claim, Kind
from diaodu.engine.proofread.nearby import (
    Paragraphs,
    Spot,
    amounts_before,
    last_moment,
    listed,
    spots,
)
from diaodu.engine.proofread.numerals import NUMERAL, whole
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    POINTS,
    TIME,
    Figure,
    Reading,
    Sentence,
)
from diaodu.engine.proofread.share import as_percent

_LIGHT = (
    r"(?:了|约|近|达到?|为|仅|只|至少|还|均|要|需要?|须|必须|完成|实现|新增|净增|投资|产值|确保|"
    r"达|入库)*"
)
_EACH = re.compile(
    r"(?:(?:平均)?每个?(?P<unit>月|天|日|周|旬|季度|个月)|(?P<short>月均|日均|周均|季均|旬均|年均))"
    rf"(?:{_LIGHT}|(?:还|均)?(?:需要?|须|要|必须)[^，；。¤占比较]{{1,6}})$"
)
# 后三个月, 五年累计: how many, in words.
_SPELLED_SPANS = re.compile(
    rf"(?:[后余剩]下?的?|剩余的?)(?P<left>{NUMERAL})个?(?P<unit>月|季度|周|天|旬)"
    rf"|(?<![\d第])(?P<gone>{NUMERAL})年(?:来|间|累计|共|总共|合计)"
)
_STILL_TO_DO = re.compile(
    r"(?:[还仍尚]|剩余[^，；。]*|后[^，；。]*)(?:需要?|要|须)[^，；。¤]{0,6}$"
)
_NEEDED = re.compile(r"需|要|须|必须|确保|应")
_SPANS = {"月": {"月", "个月"}, "个月": {"月", "个月"}, "天": {"天"}, "日": {"天"}, "周": {"周"},
          "季度": {"个季度"}, "旬": {"旬"}}  # fmt: skip
_GAP = re.compile(
    r"(?:差|[还仍尚](?:需要?|要|须)(?:完成|实现|新增|投入|入库)?|缺口|缺额|缺|短缺|剩余|还剩|剩下|未完成|任务还有|不足)[^，；。¤]{0,6}$"
)


def checks(reading: Reading) -> Iterator[Claim]:
    for sentence, around in Paragraphs(reading).walk():
        for spot in spots(sentence, AMOUNT):
            claim = _each(spot, around) or _mean(spot) or _remaining(spot)
            if claim is not None:
                yield claim
        for spot in spots(sentence, PERCENT + POINTS):
            claim = _yearly(spot)
            if claim is not None:
                yield claim


# -- for each month ------------------------------------------------------------------------------


def _each(spot: Spot, around: Sequence[Sentence]) -> Claim | None:
    match = _EACH.search(spot.clause)
    if match is None:
        return None
    unit = match["unit"] or match["short"][:1]
    here = amounts_before(spot, spot.figure)
    to_do = bool(here) and _STILL_TO_DO.search(here[0].clause) is not None
    needed = to_do or _NEEDED.search(spot.clause) is not None
    spans = _spans(spot, unit, around, needed=needed)
    attempts = [
        attempt
        for periods in spans
        for attempt in (_wanted(spot, here, periods) if needed else _had(spot, here, periods))
    ]
    kind: Kind = "required" if needed else "average"
    if needed and spot.figure.hedge in ("at_least", "over"):
        attempts = [one for one in attempts if not _is_beyond(spot.figure, one)]
    claim = judged(spot.sentence, kind, spot.figure, attempts)
    if claim is None and needed and spot.figure.hedge is None:
        return unverifiable(spot.sentence, kind, spot.figure, "还差多少或余下的期数")
    return claim


def _is_beyond(printed: Figure, attempt: Attempt) -> bool:
    """每月8亿元以上, where 7亿元 would do: more may be wanted than is needed."""
    return Fraction(printed.value) > attempt.found.hi


def _spans(
    spot: Spot, unit: str, around: Sequence[Sentence], *, needed: bool
) -> list[tuple[Interval, tuple[Figure, ...]]]:
    """How many months (days …) there are: printed, or by the last date named."""
    names = _SPANS.get(unit, {unit})
    printed = [one for one in amounts_before(spot) if one.figure.printed.unit in names][:1]
    if printed:
        figure = printed[0].figure
        return [(Interval.exact(figure.printed.value), (figure,))]
    spelled = list(_SPELLED_SPANS.finditer(spot.before))
    if spelled and (spelled[-1]["gone"] if unit == "年" else spelled[-1]["unit"] == unit[-1:]):
        count = whole(spelled[-1]["gone"] or spelled[-1]["left"])
        return [(Interval.exact(count), ())] if count else []
    if unit not in ("月", "个月"):
        return []
    count = _months(last_moment(spot, around), needed=needed)
    if not needed and _ALL_YEAR.search(spot.before):
        count = 12
    return [(Interval.exact(count), ())] if count else []


_ALL_YEAR = re.compile(r"^[^，。；¤]{0,6}全年(?!目标|任务|计划|预算)[^，。；¤]*¤，[^，。；¤]*$")
_NAMED = {
    "下半年": (6, 6), "上半年": (6, 6), "四季度": (3, 3), "一季度": (9, 3), "前三季度": (3, 9),
    "三季度": (3, 9),
}  # fmt: skip


def _months(moment: str, *, needed: bool) -> int:
    """Months left, or gone by, at a date or period; 0 where it does not say."""
    for name, (left, gone) in _NAMED.items():
        if moment.endswith(name):
            return left if needed else gone
    months = re.search(r"(\d{1,2})月(?:份|末|底)?$", moment)
    if months is None or not 1 <= int(months[1]) <= 12:
        return 0
    return 12 - int(months[1]) if needed else int(months[1])


def _wanted(
    spot: Spot, here: Sequence[Spot], periods: tuple[Interval, tuple[Figure, ...]]
) -> Iterator[Attempt]:
    """What is still missing, printed or as target less done, for each of the periods left."""
    count, used = periods
    gaps = [one for one in here if _GAP.search(one.clause)]
    for index, gap in enumerate(gaps[:2]):
        yield from _over({"gap": gap.figure}, spot.figure, count, used, sure=not index)
    wanted = [one for one in here if one.is_wanted or _BEHIND.match(one.after)]
    done = [one for one in here if one not in wanted and one not in gaps]
    for target in wanted[:1]:
        for index, one in enumerate(done[:2]):
            given = {"target": target.figure, "actual": one.figure}
            sure = not index and not gaps
            yield from _over(given, spot.figure, count, used, sure=sure)


_BEHIND = re.compile(r"的?[^，；。¤完成]{0,6}(?:任务|目标|计划)")


def _over(
    given: dict[str, Figure], printed: Figure, count: Interval,
    used: tuple[Figure, ...], *, sure: bool,
) -> Iterator[Attempt]:  # fmt: skip
    figures: dict[str, Figure | Interval] = {**given, "periods_left": count}
    found = computed(
        formulas.mean_required, "mean_required", figures, printed.printed.unit,
        scale=factor(printed),
    )  # fmt: skip
    if found is not None:
        formula = found[1].partition("，负数")[0]
        yield Attempt(found[0], formula, (*given.values(), *used), sure)


def _had(
    spot: Spot, here: Sequence[Spot], periods: tuple[Interval, tuple[Figure, ...]]
) -> Iterator[Attempt]:
    """完成36亿元，月均完成6亿元."""
    count, used = periods
    alone = len(here) == 1 and _is_so_far(here[0])
    for index, one in enumerate(here[:2]):
        for attempt in _over({"gap": one.figure}, spot.figure, count, used, sure=False):
            formula = attempt.formula.replace("期均需完成", "平均")
            yield replace(attempt, formula=formula, sure=not index and (bool(used) or alone))


# 1—6月累计完成25.2亿元: an amount of the whole time that is named right before it.
def _is_so_far(spot: Spot) -> bool:
    if _ALL_YEAR.search(f"{spot.before}¤，"):
        return True
    quotes = [spot.sentence.moments[at].quote for at in spot.sentence.moments if at < spot.place]
    if not quotes:
        return _YEARS_LONG.search(spot.clause) is not None
    since_january = _SINCE_JANUARY.search("".join(quotes[0].split())) is not None
    return since_january and _SO_FAR.search(spot.before) is not None


_SINCE_JANUARY = re.compile(r"^(?:\d{4}年)?(?:(?:1|元)月?份?[—~至到-]|[上]半年|前三季度|第?一季度)")
_SO_FAR = re.compile(rf"^[^，；。¤{TIME}]{{0,6}}{TIME}，?[^，；。¤{TIME}]{{0,20}}$")
_YEARS_LONG = re.compile(
    rf"^{NUMERAL}年[^，；。¤]{{0,20}}(?:完成|实现|累计|达到?|投入)[^，；。¤]{{0,12}}$"
)


# -- for all of the time left ----------------------------------------------------------------------

_TO_COME = re.compile(
    rf"(?:后{NUMERAL}个月|[后余剩][^，；。¤]{{0,6}}|最后[^，；。¤]{{0,6}}|{TIME}|^|，)"
    r"(?:还|仍|尚|则|就)?(?:需要?|必须|须|要)(?:再|继续)?(?:完成|实现|新增|投入|投资|筹措|入库)[^，；。¤]{0,8}$"
)


def _remaining(spot: Spot) -> Claim | None:
    """全年任务60亿元，前三季度完成42亿元，四季度需完成18亿元: all that is missing."""
    if not _TO_COME.search(spot.clause) or not _ends_the_year(spot):
        return None
    here = amounts_before(spot, spot.figure)
    wanted = [one for one in here if one.is_wanted or _BEHIND.match(one.after)]
    done = [one for one in here if one not in wanted]
    if len(here) != 2 or len(wanted) != 1 or not _HAS_DONE.search(done[0].clause):
        return None
    if _LAST_YEAR.search(done[0].clause.replace(TIME, "")):
        return None
    target, actual = wanted[0].figure, done[0].figure
    given: dict[str, Figure | Interval] = {"a": target, "b": actual}
    unit, scale = spot.figure.printed.unit, factor(spot.figure)
    found = computed(formulas.difference, "difference", given, unit, scale=scale)
    if found is None:
        return None
    attempt = Attempt(found[0], f"尚需完成 = {plain(target)} − {plain(actual)}", (target, actual))
    return judged(spot.sentence, "required", spot.figure, [attempt])


def _ends_the_year(spot: Spot) -> bool:
    """Whether the time named in its clause, if any, is all that is left of the year."""
    start = spot.place - len(spot.clause)
    named = [
        spot.sentence.moments[at].quote for at in spot.sentence.moments if start <= at < spot.place
    ]
    return all(re.search(r"四季度|下半年|12月", quote) is not None for quote in named)


_HAS_DONE = re.compile(r"完成|实现|达到|累计|已")


# -- for each thing ------------------------------------------------------------------------------

_PER = re.compile(
    r"(?:平均每一?(?P<each>个|家|户|人|亩|名|件|项)|(?P<short>户均|人均|亩均|企均|村均))[^，；。¤]{0,10}$"
)
_OF = {"户均": "户家", "人均": "人名", "亩均": "亩", "企均": "家户个", "村均": "个村"}
_NAMED_SO = re.compile(r"人均(?:可支配|纯收入|消费|地区生产总值|生产总值|GDP|收入|预期|住房)")


def _mean(spot: Spot) -> Claim | None:
    """48个项目，总投资62亿元，平均每个1.3亿元. 人均可支配收入 is no mean of what stands by it."""
    match = _PER.search(spot.clause)
    if match is None or _NAMED_SO.search(spot.clause):
        return None
    bases = match["each"] or _OF[match["short"]]
    amounts = amounts_before(spot)
    counts = [one for one in amounts if one.figure.dimension and one.figure.dimension in bases]
    totals = [one for one in amounts_before(spot, spot.figure) if one not in counts]
    attempts = []
    for index, total in enumerate(totals[:2]):
        for count in counts[:2]:
            given: dict[str, Figure | Interval] = {
                "a": total.figure.interval.times(1 / factor(spot.figure)),
                "b": count.figure.interval,
            }
            found = computed(formulas.ratio, "ratio", given)
            if found is not None:
                formula = f"平均 = {plain(total.figure)} ÷ {plain(count.figure)}"
                sure = not index and len(counts) == 1 and len(totals) == 1
                attempts.append(Attempt(found[0], formula, (total.figure, count.figure), sure))
    return judged(spot.sentence, "average", spot.figure, attempts)


# -- yearly growth -------------------------------------------------------------------------------

_TWO_YEARS = re.compile(r"(?:两年|2年|二年)平均(?:增长|增速)(?:了|约|近|达|为)*$")
_LAST_YEAR = re.compile(r"去年|上年|＠|同期|基础上")
_ROSE = re.compile(r"[比较](?P<against>[^，；。]*?)(?:分别)?(?:提高|加快|回升|高|上升)")
_YEARLY = re.compile(r"(?:年均|[三四五]年平均)(?:增长|递增|增速)(?:了|约|近|达|为|率)*$")


def _yearly(spot: Spot) -> Claim | None:
    if _TWO_YEARS.search(spot.clause):
        return _two_years(spot)
    if _YEARLY.search(spot.clause):
        return _many_years(spot)
    return None


def _two_years(spot: Spot) -> Claim | None:
    """The geometric mean of this year's growth and last year's, printed or by the difference."""
    printed, words = as_percent(spot.figure)
    before = [one for one in spots(spot.sentence, PERCENT) if one.place < spot.place][::-1]
    growths = [one for one in before if not _is_over_two_years(one)]
    attempts = [_halved(one) for one in before if _is_over_two_years(one)]
    behind = _told_behind(spot)
    if len(growths) == 1 and behind is not None:
        given_: dict[str, Figure | Interval] = {
            "growth": growths[0].figure, "last_growth": behind,
        }  # fmt: skip
        later = computed(formulas.two_year_average, "two_year_average", given_)
        if later is not None:
            attempts.append(Attempt(*later, (growths[0].figure, behind)))
    if len(growths) >= 2 and _LAST_YEAR.search(growths[1].clause + growths[0].clause):
        given: dict[str, Figure | Interval] = {
            "growth": growths[0].figure, "last_growth": growths[1].figure,
        }  # fmt: skip
        found = computed(formulas.two_year_average, "two_year_average", given)
        if found is not None:
            operands = (growths[0].figure, growths[1].figure)
            attempts.append(Attempt(*found, operands, len(growths) == 2))
    if growths:
        attempts += _by_rise(spot, growths[0])
    attempts = [replace(one, words=words) for one in attempts]
    claim = judged(spot.sentence, "average", printed, attempts)
    if claim is None and printed.hedge is None and words is None:
        return unverifiable(spot.sentence, "average", printed, "上年同期的增速")
    return claim


def _told_behind(spot: Spot) -> Figure | None:
    """两年平均增长4.5%，去年同期增长0.6%: last year's growth in the next clause."""
    match = _LAST_BEHIND.match(spot.after)
    if match is None:
        return None
    figure = spot.sentence.at[spot.place + match.end()]
    return replace(figure, falls=match["falls"] is not None)


_LAST_BEHIND = re.compile(
    r"[，（](?:而|其中)?(?:去年|上年)(?:同期)?(?:同比)?(?:增长|(?P<falls>下降))％"
)


def _is_over_two_years(growth: Spot) -> bool:
    """比2019年同期增长13.5%: the growth of both years together."""
    against = _OVER.search(growth.clause)
    if against is None:
        return False
    place = growth.place - len(growth.clause) + against.start("year")
    return _YEAR.match(growth.sentence.moments[place].quote) is not None


def _halved(growth: Spot) -> Attempt:
    factor_ = Interval.exact(1) + growth.figure.signed.times(Fraction(1, 100))
    found = (factor_.root(2) - Interval.exact(1)).times(100)
    formula = f"两年平均增速 = (√(1 + {plain(growth.figure)}) − 1) × 100"
    return Attempt(found, formula, (growth.figure,))


_OVER = re.compile(r"[比较](?P<year>＠)[^，；。％]{0,8}(?:增长|增加|下降)[^，；。％]{0,3}$")


def _by_rise(spot: Spot, growth: Spot) -> Iterator[Attempt]:
    """增长8.5%，较上年同期提高7.9个百分点: last year's growth is their difference."""
    for gap in spots(spot.sentence, "℗"):
        if not growth.place < gap.place < spot.place or not _ROSE.search(
            gap.before[growth.place :]
        ):
            continue
        last = growth.figure.signed - gap.figure.interval
        given: dict[str, Figure | Interval] = {"growth": growth.figure, "last_growth": last}
        found = computed(formulas.two_year_average, "two_year_average", given)
        if found is not None:
            yield Attempt(*found, (growth.figure, gap.figure), sure=False)


_MOVED = re.compile(r"[由从][^，；。]*?(?P<base>¤)[^，；。]*?(?:到|至|为)[^，；。¤]{0,8}(?P<now>¤)")
_YEAR = re.compile(r"((?:19|20)\d\d)年?")


_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:至|到|-|—|~)((?:19|20)\d\d)年")


def _many_years(spot: Spot) -> Claim | None:
    """由2015年的50亿元增加到2020年的73亿元，年均增长8%."""
    for match in _MOVED.finditer(spot.before):
        base, now = (spot.sentence.at[match.start(group)] for group in ("base", "now"))
        counts = [count for count in _counts(spot.sentence, match) if 1 < count <= 30]
        if not counts or base.dimension != now.dimension or base.interval.lo <= 0:
            continue
        ratio = now.interval / base.interval
        attempts = []
        for count in counts:
            growth = ratio.root(count).times(100) - Interval.exact(100)
            formula = f"年均增速 = (({plain(now)} ÷ {plain(base)})^(1/{count}) − 1) × 100"
            attempts.append(Attempt(growth, formula, (base, now)))
        return judged(spot.sentence, "average", spot.figure, attempts)
    return _of_years(spot)


_YEAR_BY_YEAR = re.compile(
    rf"(?P<count>{NUMERAL})年(?:来)?(?:的)?[^，。；％]{{0,8}}分别(?:同比)?增长$"
)


def _of_years(spot: Spot) -> Claim | None:
    """三年分别增长8.2%、7.6%、6.1%，年均增长7.3%: the geometric mean of as many years."""
    for run in listed(spot.sentence, PERCENT):
        match = _YEAR_BY_YEAR.search(run[0].clause)
        if match is None or not 2 < len(run) == whole(match["count"]):
            continue
        product = Interval.exact(1)
        for one in run:
            product = product * (Interval.exact(1) + one.figure.signed.times(Fraction(1, 100)))
        growth = (product.root(len(run)) - Interval.exact(1)).times(100)
        shown = " × ".join(f"(1 + {plain(one.figure)})" for one in run)
        formula = f"年均增速 = (({shown})^(1/{len(run)}) − 1) × 100"
        attempt = Attempt(growth, formula, tuple(one.figure for one in run))
        return judged(spot.sentence, "average", spot.figure, [attempt])
    return None


def _counts(sentence: Sentence, match: re.Match[str]) -> list[int]:
    """How many years lie between two levels: those printed with them; of 2019年至2023年 named
    before, the base may be of the first year or of the one before it."""
    years = _YEAR.findall(sentence.words(match.start(), match.end()))
    if len(years) > 1:
        return [int(years[-1]) - int(years[0])]
    spans = _YEARS.findall(sentence.words(0, match.start()))
    return [int(last) - int(first) + more for first, last in spans[-1:] for more in (0, 1)]
