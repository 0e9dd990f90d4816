"""The same figure given twice: one indicator, unit, period and sort of figure in two sentences.

Only where both sentences name indicator, period and unit themselves, and neither tells of a
target, an estimate, a part or another method: what is carried over from before may be meant
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    PLACE,
    TIME,
    Figure,
    Reading,
    Sentence,
)

_CORE = re.compile(
    r"(?:生产总值|GDP|增加值|总产值|产值|投资|零售总?额|收入|支出|余额|用电量|进出口总?[额值]?|出口|利用外资|税收"
    r"|利润总?额?|销售额|产量|人次|存款|贷款|业务总?量|周转量|资金|人口|面积)(?:总额|总量|增速|增幅|同比|累计|总值)*$"
)
# Of what they are is said before, if at all: 市级5项，… 1-12月完成投资26.4亿元.
_NO_NAME = re.compile(
    r"(?:累计|完成|实现|总|项目|当年|到位|新增|[省市县乡镇]级|上级)*"
    r"(?:投资|收入|支出|资金|余额|存款|贷款|产值|增加值|出口|产量|人口|面积|投资额)"
)
_CLOUDED = re.compile(
    r"力争|确保|目标|预计|计划|任务|预期|争取|要达|安排|预算(?!总?收入|总?支出)|有望|其中|当月|单月|当季|两年|三年|年均|平均|扣除|剔除"
    r"|可比|不变价|现价|口径|不含|本级|除|若|如果|假如|测算|推算|修订|核实|快报|初步|调整"
)
_ALIKE = (
    ("规模以上", "规上"), ("规模工业", "规上工业"), ("国内生产总值", "GDP"),
    ("地区生产总值", "GDP"), ("生产总值", "GDP"), ("限额以上", "限上"), ("全社会", ""),
    ("（GDP）", ""), ("实现", ""), ("累计", ""),
)  # fmt: skip
_TAIL = re.compile(r"(?:增速|增幅|同比|的|，|完成|总量|速度)+$")
_PERIODS = (
    ("一季度", "1-3月"), ("上半年", "1-6月"), ("前三季度", "1-9月"), ("第1-3月", "1-3月"),
    ("1-3季度", "1-9月"), ("二季度", "2季度"), ("三季度", "3季度"), ("四季度", "4季度"),
)  # fmt: skip
_GROWTH = frozenset("增长 下降 负增长 增幅 增速 增 降 降幅".split())
_LEVEL = frozenset(("完成", "实现", "达到", "达", "为", ""))
_DONE = re.compile(r"(?:完成|实现|达到?|为)(?:了|约)?$")
_GROWN = re.compile(r"(?:增长|下降|增幅为?|增速为?|负增长)(?:了|达到?)?$")
_COMPARED = re.compile(r"[比较](?!上年|去年|同期)")
_RANKED = re.compile(r"(?:排名?|居|列|位居|位列)(?:[在]?(?:全[国省市州县区]))?(?:[^，。；]{0,4})$")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a figure says it is; equal ones must be given alike."""

    subject: str
    period: str
    sort: str
    dimension: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure where it was told, with the org of its sentence, "" where none is named there."""

    figure: Figure
    sentence: Sentence
    org: str


# 增幅连续43个月居全省首位
_OTHER_YEARS = ("去年", "上年", "前年", "明年", "次年")
_LAST_YEAR = re.compile(r"(?<![比较])(?:去年|上年|前年|往年|历年|(?<!去年)(?<!上年)同期)")
_OWN = frozenset(("全县", "我县", "全区", "我区", "全州", "我州", "我市"))
_LONG, _NEAR = 12, 3
_STREAK = re.compile(
    rf"连续(?P<count>{AMOUNT})(?P<what>(?:稳?居|保持|位居|名列|排名)[^，。；]{{2,10}})"
)


def checks(reading: Reading) -> Iterator[Claim]:
    """Every later statement of a figure against the first one that says the same."""
    yield from _streaks(reading)
    yield from _figures(reading)
    yield from _counts(reading)


def _streaks(reading: Reading) -> Iterator[Claim]:
    """The length of one streak is told alike; another place of the text may count another month."""
    first: dict[tuple[str, str], Figure] = {}
    for sentence in reading.sentences:
        for found in sentence.find(_STREAK):
            count = found.figure("count")
            if count is None or not count.printed.unit.endswith(("月", "年", "季度")):
                continue
            key = (found.text("what"), count.printed.unit)
            known = first.setdefault(key, count)
            agree = known.printed == count.printed
            if known is not count and (agree or _is_long_slip(known, count)):
                one, other = _spelt(known), _spelt(count)
                told = f"连续{other}{key[0]}，" + (
                    f"与前文的{one}相符" if agree else f"前文写的是{one}；应核对并统一"
                )
                yield Claim(
                    count.start, count.end, reading.text[count.start : count.end], "repeat",
                    "holds" if agree else "contradicts", other, told, None if agree else "wrong",
                    one, (known.interval.lo, known.interval.hi), None if agree else one,
                    ((known.start, known.end),),
                )  # fmt: skip


def _is_long_slip(one: Figure, other: Figure) -> bool:
    """Whether two long streaks are so near that they are one; short ones are many."""
    first, second = one.printed.value, other.printed.value
    return min(first, second) >= _LONG and abs(first - second) <= _NEAR


_NOUN = r"(?P<noun>[\u4e00-\u9fff]{3,10}?)"
_COUNTED = (
    re.compile(rf"(?:共有|现有|拥有|实有){_NOUN}(?P<count>{AMOUNT})"),
    re.compile(
        rf"(?:^|(?<=[，。；])){_NOUN}(?:总数|数量)?(?:已经?)?(?:达到?|共有|共计|增至|增加到)(?P<count>{AMOUNT})"
    ),
)
_WHOSE = re.compile(r"^(?:目前|截至目前|全[县市区州]|我[县市区州]|[县市区]内)+")
_APART = re.compile(r"新增|净增|其中|去年|上年|年初|前年|底|末|计划|目标|力争|预计|争取|比|较|累计")
_FEWEST = 10


def _counts(reading: Reading) -> Iterator[Claim]:
    """How many of one thing there are, told twice without a period. Numbers far apart are of two
    things; those of a twentieth at most between them are one, told differently."""
    first: dict[tuple[str, str, str], Figure] = {}
    for sentence in reading.sentences:
        for pattern in _COUNTED:
            for found in sentence.find(pattern):
                count = found.figure("count")
                clause = sentence.form[: found.match.start("count")].rpartition("。")[2]
                if count is None or not count.is_count or count.hedge is not None:
                    continue
                if _APART.search(clause) or TIME in clause or count.printed.value < _FEWEST:
                    continue
                noun = _WHOSE.sub("", found.text("noun"))
                known = first.setdefault((noun, count.dimension, count.org), count)
                off = abs(known.printed.value - count.printed.value)
                if known is not count and off * 20 <= known.printed.value:
                    yield _told_again(reading.text, noun, known, count)


def _told_again(text: str, noun: str, known: Figure, count: Figure) -> Claim:
    agree = known.interval.value == count.interval.value
    one, other = _spelt(known), _spelt(count)
    told = f"{noun}前文写的是{one}，这里是{other}，"
    return Claim(
        count.start, count.end, text[count.start : count.end], "repeat",
        "holds" if agree else "contradicts", other,
        told + ("相符" if agree else "前后不一致；应核对并统一"),
        None if agree else "wrong", one, (known.interval.lo, known.interval.hi),
        None if agree else one, ((known.start, known.end),),
    )  # fmt: skip


def _figures(reading: Reading) -> Iterator[Claim]:
    told: dict[_Said, list[_Told]] = {}
    for sentence in reading.sentences:
        for place, figure in sorted(sentence.at.items()):
            said = _said(sentence, place, figure)
            if said is None:
                continue
            org = figure.org if figure.org and figure.org in sentence.words(0, place) else ""
            here = _Told(figure, sentence, org)
            before = told.setdefault(said, [])
            known = next((one for one in before if _is_same(one, here)), None)
            before.append(here)
            if known is not None:
                yield _claim(reading.text, said, known, here)


def _is_same(one: _Told, other: _Told) -> bool:
    """Whether two orgs are one; where only one sentence names its org, the figures must agree."""
    if one.sentence is other.sentence:
        return False
    if bool(one.org) is bool(other.org):
        return one.figure.org == other.figure.org
    return _agree(one, other) or _is_own_slip(one, other)


def _is_own_slip(one: _Told, other: _Told) -> bool:
    """Where one sentence says 全县 and the other names nobody: figures of three digits that are
    nearly the same."""
    orgs = {one.figure.org, other.figure.org} - {""}
    first, second = one.figure.signed.value, other.figure.signed.value
    digits = [f"{told.figure.printed.value:f}".replace(".", "") for told in (one, other)]
    near = abs(first - second) * 50 <= abs(first)
    return orgs <= _OWN and len(orgs) < 2 and min(map(len, digits)) > 2 and near


def _agree(one: _Told, other: _Told) -> bool:
    """Prints of unequal precision may be one figure."""
    return one.figure.signed.overlaps(other.figure.signed)


def _said(sentence: Sentence, place: int, figure: Figure) -> _Said | None:
    """None where something is not named in the sentence itself, or another thing may be meant."""
    before = sentence.form[:place]
    clause = before[max(before.rfind(sign) for sign in "；。（") + 1 :]
    sort = _sort(before, figure)
    if not sort or figure.hedge is not None or _CLOUDED.search(clause):
        return None
    last = max((at for at in sentence.at if at < place), default=-1)
    if _LAST_YEAR.search(sentence.form, last + 1, place):
        return None
    words = sentence.words(0, place)
    period = _period(sentence, place, figure)
    if not period or not _CORE.search(_TAIL.sub("", figure.subject)):
        return None
    if _NO_NAME.fullmatch(figure.subject):
        return None
    if figure.subject not in words or any(sign in figure.subject for sign in "、和及与等"):
        return None
    return _Said(_named(figure.subject), period, sort, figure.dimension)


def _sort(before: str, figure: Figure) -> str:
    if figure.sign == AMOUNT and (_DONE.search(before) or _is_named(before, figure)):
        return "value"
    if figure.sign == PERCENT and _GROWN.search(before):
        compared = _COMPARED.search(before.rpartition("，")[2].replace("同比", ""))
        return "" if compared else "growth"
    if figure.sign == PLACE and _RANKED.search(before) and "倒数" not in before[-4:]:
        return "rank"
    return ""


def _is_named(before: str, figure: Figure) -> bool:
    """Whether the indicator's name alone stands before a figure: 一般公共预算收入12.6亿元."""
    return bool(figure.subject) and before.endswith(figure.subject)


def _period(sentence: Sentence, place: int, figure: Figure) -> str:
    """The period as named in the sentence before the figure, in one spelling; "" for none."""
    named = [at for at in sentence.moments if at < place]
    if not named or sentence.moments[max(named)].quote != figure.period:
        return ""
    quotes = {sentence.moments[at].quote for at in named}
    if len(quotes) > 1 and sentence.form[max(named) - 1] not in "，；。：、":
        return ""  # 二季度延续了一季度的态势: whose figure follows is not sure
    before = sentence.form[: max(named)]
    year = before[-2:] if before.endswith(_OTHER_YEARS) else ""
    period = year + re.sub(r"\s|份|累计", "", figure.period)
    period = re.sub(r"[—－~～至到]+", "-", period)
    for spelling, usual in _PERIODS:
        period = period.replace(spelling, usual)
    return period


def _named(subject: str) -> str:
    for spelling, usual in _ALIKE:
        subject = subject.replace(spelling, usual)
    return _TAIL.sub("", subject)


def _claim(text: str, said: _Said, known: _Told, here: _Told) -> Claim:
    first, second = known.figure, here.figure
    agree = _agree(known, here)
    one, other = _spelt(first), _spelt(second)
    scaled = said.sort == "value" and second.unit is not None
    factor = Fraction(second.unit.factor) if scaled and second.unit else Fraction(1)
    told = f"{here.org}{said.period}{said.subject}前文写的是{one}，这里是{other}，"
    return Claim(
        second.start, second.end, text[second.start : second.end], "repeat",
        "holds" if agree else "contradicts", other,
        told + ("相符" if agree else "前后不一致；应核对并统一"),
        None if agree else "wrong", one,
        (first.signed.lo / factor, first.signed.hi / factor), None if agree else one,
        ((first.start, first.end),),
    )  # fmt: skip


def _spelt(figure: Figure) -> str:
    quote = "".join(figure.quote.split())
    return ("-" if figure.falls else "") + quote
