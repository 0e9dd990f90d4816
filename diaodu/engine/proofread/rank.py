"""Places against what stands beside them: the peers ahead, the figures ranked, the move told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from diaodu.engine.proofread.claims import Claim, Grade
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    PLACE,
    Figure,
    Found,
    Reading,
)

_UP = "上升 提升 前移 跃升 升 前进 进 提高 晋升 跃居 攀升 上移 提前".split()
_DOWN = "下降 后移 下滑 下跌 退 后退 跌 滑落 降 退居 回落 滑 下移 掉".split()
_VERB = rf"(?:(?P<up>{'|'.join(_UP)})|(?P<down>{'|'.join(_DOWN)}))"
_STEPS = (
    rf"(?:[^{AMOUNT}{PLACE}。；]{{0,8}}?(?:{'|'.join((*_UP, *_DOWN))})了?(?P<steps>{AMOUNT})"
    r"(?=[位名]|[^\u4e00-\u9fff]|$)(?:位次|名次)?)?"
)
# 由去年的第48位上升至第47位，上升1位
_MOVE = re.compile(
    rf"[由从][^{PLACE}。；，]{{0,16}}(?<!倒数)(?P<old>{PLACE})[^{PLACE}{AMOUNT}。；，]{{0,6}}?{_VERB}"
    rf"[^{PLACE}{AMOUNT}。；，]{{0,6}}?[至到为居]?[^{PLACE}{AMOUNT}。；，倒]{{0,8}}(?P<new>{PLACE}){_STEPS}"
)
# 列全市第三位，仅次于甲、乙
_BEHIND = re.compile(
    rf"(?<!倒数)(?P<place>{PLACE})，(?:仅次于|仅落后于?|仅低于|居于?(?=[^，。；]+之后))(?P<ahead>[^，。；（）{PLACE}]+)(?P<after>之后)?"
)
# 甲市、乙市、丙市分别增长％、％、％，增速位列全省№、№、№; of different indicators, values and
# places need not run alike.
_ORG = r"[^，。；、和及]{1,12}(?:市|县|区|镇|乡|州|省|旗|街道|园|园区|开发区)"
_LIST = re.compile(
    rf"(?:{_ORG}[、和及])+{_ORG}(?:[^，。；、{PERCENT}{AMOUNT}]{{0,10}})(?P<values>(?:[{PERCENT}][、和及])+{PERCENT}|(?:{AMOUNT}[、和及])+{AMOUNT})"
    rf"，?[^{PERCENT}{AMOUNT}{PLACE}。；]{{0,24}}?(?<!倒数)(?P<places>(?:{PLACE}[、和及]第?)+{PLACE})"
)
# 第1名甲，第2名乙，第3名丙
_SEQUENCE = re.compile(rf"{PLACE}(?:[^{PLACE}，。；]{{1,16}}[，、；]{PLACE}){{3,}}")
# 新增9户，列第一位，第二是甲县、新增5户，第三是乙县、新增4户
_THIRD = rf"[{PERCENT}{AMOUNT}]"
_PODIUM = re.compile(
    rf"(?P<one>{_THIRD})[^。；{PERCENT}{AMOUNT}{PLACE}]{{0,20}}{PLACE}[，；]第?[二{PLACE}](?:位|名)?[是为]"
    rf"[^。；{PERCENT}{AMOUNT}]{{1,16}}(?P<two>{_THIRD})[，；]第?[三{PLACE}](?:位|名)?[是为]"
    rf"[^。；{PERCENT}{AMOUNT}]{{1,16}}(?P<three>{_THIRD})"
)
# 在12个县中居第11位
_AMONG = re.compile(
    rf"(?:[在全](?:[省市州县区]|[^，。；]{{0,4}})|^|，)(?P<all>{AMOUNT})(?:县（?市?、?区?）?|县区|县市区|市州|地市|州市|乡镇|镇街|城市|省区市|省份|园区|开发区)"
    rf"中?[^，。；{PLACE}]{{0,10}}?[居列排名位](?P<reverse>倒数)?(?P<place>{PLACE})"
)
# 由高到低依次为甲％、乙％、丙％
_ORDERED = re.compile(
    rf"(?:由|从)(?P<from>高|大|多|快|低|小|少|慢)(?:到|至)(?:低|小|少|慢|高|大|多|快)[^{PERCENT}{AMOUNT}。；]{{0,30}}?"
    rf"(?P<values>[{PERCENT}{AMOUNT}](?:[）]?[、，；]?[^{PERCENT}{AMOUNT}，。；]{{1,16}}[{PERCENT}{AMOUNT}]){{1,30}})"
)
_JOINT = re.compile(r"[和与及]")


def checks(reading: Reading) -> Iterator[Claim]:
    """Places that can be held against the sentence they stand in."""
    shapes: Sequence[tuple[re.Pattern[str], Callable[[str, Found], Iterator[Claim]]]] = (
        (_MOVE, _moves), (_BEHIND, _ahead), (_LIST, _listed), (_AMONG, _among),
        (_ORDERED, _ordered), (_SEQUENCE, _sequence), (_PODIUM, _podium),
    )  # fmt: skip
    for sentence in reading.sentences:
        if (
            PLACE not in sentence.form
            and "到低" not in sentence.form
            and "到高" not in sentence.form
        ):
            continue
        for pattern, check in shapes:
            for found in sentence.find(pattern):
                yield from check(reading.text, found)


def _place(figure: Figure | None) -> int | None:
    return None if figure is None else int(figure.printed.value)


# -- moves -----------------------------------------------------------------------------------------


def _moves(text: str, found: Found) -> Iterator[Claim]:
    """A smaller place is a better one."""
    old, new = _place(found.figure("old")), _place(found.figure("new"))
    if old is None or new is None:
        return
    said_up, rose = found.match["up"] is not None, new < old
    steps = found.figure("steps")
    start, end = _span(found, "old", "steps" if steps else "new")
    if old == new or rose is not said_up:
        word = found.match["up"] or found.match["down"]
        right = "未变" if old == new else ("上升" if rose else "下降")
        told = f"第{old}位到第{new}位是{right}，不是“{word}”；应改写方向或核对位次"
        yield _claim(text, start, end, word, right, None, told, grade="wrong")
        return
    moved = abs(old - new)
    told = f"第{old}位到第{new}位，{'上升' if rose else '下降'}{moved}位，相符"
    if steps is None:
        word = found.match["up"] or found.match["down"]
        yield _claim(text, start, end, word, None, None, told)
        return
    printed, computed = f"{int(steps.printed.value)}位", f"{moved}位"
    wrong = int(steps.printed.value) != moved
    if wrong:
        told = f"第{old}位到第{new}位相差{moved}位，不是{printed}；应写{computed}"
    yield _claim(text, start, end, printed, computed, moved, told, grade="wrong" if wrong else None)


# -- peers ahead -----------------------------------------------------------------------------------


def _ahead(text: str, found: Found) -> Iterator[Claim]:
    """仅次于 names everybody ahead; 和 may join two names or stand inside one."""
    place, names = _place(found.figure("place")), found.text("ahead")
    if place is None or "等" in names or any(sign in names for sign in (PERCENT, AMOUNT)):
        return
    parts = names.split("、")
    joint = len(_JOINT.findall(parts[-1][1:-1]))
    fewest, most = len(parts), len(parts) + min(joint, 1)
    wrong = not fewest <= place - 1 <= most
    start, end = _span(found, "place", "ahead")
    told = f"前面有{most}个，居第{most + 1}位"
    yield _claim(
        text, start, end, f"第{place}位", f"第{place if not wrong else most + 1}位",
        place if not wrong else most + 1,
        f"{told}，不是第{place}位；应写第{most + 1}位，或补删所列名单" if wrong
        else f"前面有{place - 1}个，居第{place}位，相符",
        grade="wrong" if wrong else None,
    )  # fmt: skip


# -- values and places -----------------------------------------------------------------------------


def _listed(text: str, found: Found) -> Iterator[Claim]:
    """Values and places side by side run the same way, or one exactly against the other."""
    values, places = found.figures("values"), found.figures("places")
    if len(values) != len(places) or any(figure.hedge for figure in values):
        return
    pairs = sorted(zip(values, places, strict=True), key=lambda pair: pair[1].printed.value)
    steps = [
        (one, other)
        for one, other in pairwise(pairs)
        if one[1].printed.value != other[1].printed.value
    ]
    falling = all(one[0].value >= other[0].value for one, other in steps)
    rising = all(one[0].value <= other[0].value for one, other in steps)
    start, end = _span(found, "values", "places")
    printed = "、".join(f"第{_place(place)}位" for place in places)
    if falling or rising:
        yield _claim(text, start, end, printed, None, None, "数值大小与位次先后一致，相符")
        return
    if len(values) < 3:
        return
    worse = next((pair for pair in steps if pair[0][0].value < pair[1][0].value), steps[0])
    told = (
        f"{worse[0][0].quote}列第{_place(worse[0][1])}位，{worse[1][0].quote}却列第"
        f"{_place(worse[1][1])}位，大小与先后不一致；应核对数值和位次"
    )
    yield _claim(text, start, end, printed, None, None, told, grade="wrong")


def _among(text: str, found: Found) -> Iterator[Claim]:
    """No place lies behind the last."""
    all_, place = found.figure("all"), _place(found.figure("place"))
    if all_ is None or place is None or all_.hedge:
        return
    count = int(all_.printed.value)
    start, end = _span(found, "all", "place")
    wrong = place > count
    told = f"共{count}个，第{place}位在其中，相符"
    if wrong:
        told = f"只有{count}个，不会有第{place}位；应核对位次或个数"
    yield _claim(
        text, start, end, f"第{place}位", None, None, told, grade="wrong" if wrong else None
    )


def _ordered(text: str, found: Found) -> Iterator[Claim]:
    """由高到低: the figures that follow fall."""
    values = found.figures("values")
    if len({figure.dimension for figure in values}) != 1 or any(one.hedge for one in values):
        return
    falls = found.match["from"] in "高大多快"
    wrong = [
        (one, other)
        for one, other in pairwise(values)
        if (one.signed.hi <= other.signed.lo if falls else one.signed.lo >= other.signed.hi)
    ]
    start, end = found.sentence.span(found.match.start(), found.match.end())
    word = "由高到低" if falls else "由低到高"
    if wrong:
        told = f"说{word}排列，但{wrong[0][0].quote}后面是{wrong[0][1].quote}；应核对数据或顺序"
        yield _claim(text, start, end, word, None, None, told, grade="wrong")
    elif len(values) > 2:
        yield _claim(text, start, end, word, None, None, f"所列{len(values)}个数{word}，相符")


def _sequence(text: str, found: Found) -> Iterator[Claim]:
    """Places listed one after the other leave none out; after a tie some are."""
    places = found.figures()
    numbers = [int(figure.printed.value) for figure in places]
    start, end = found.sentence.span(found.match.start(), found.match.end())
    printed = f"第{numbers[0]}位至第{numbers[-1]}位"
    for index, (one, other) in enumerate(pairwise(numbers), 1):
        if other == one + 1:
            continue
        if other == 1:  # another list begins
            return
        if other == one or other == index + numbers[0]:  # a tie, and what follows it
            continue
        told = f"第{one}位后面是第{other}位，名次不连续；应核对名次"
        yield _claim(text, start, end, printed, None, None, told, grade="wrong")
        return
    told = f"第{numbers[0]}位至第{numbers[-1]}位依次列出，相符"
    yield _claim(text, start, end, printed, None, None, told)


def _podium(text: str, found: Found) -> Iterator[Claim]:
    """The first three with their figures: from the best on, whichever end is the best."""
    figures = [one for name in ("one", "two", "three") if (one := found.figure(name)) is not None]
    if len({figure.dimension for figure in figures}) != 1 or any(one.hedge for one in figures):
        return
    values = [figure.value for figure in figures]
    start, end = _span(found, "one", "three")
    shown = "、".join(figure.quote for figure in figures)
    wrong = values not in (sorted(values), sorted(values, reverse=True))
    told = f"前三位的{shown}" + ("大小顺序不对；应核对数据和位次" if wrong else "依次排列，相符")
    yield _claim(
        text, start, end, "第1位至第3位", None, None, told, grade="wrong" if wrong else None
    )


def _span(found: Found, first: str, last: str) -> tuple[int, int]:
    return found.sentence.span(found.match.start(first), found.match.end(last))


def _claim(
    text: str, start: int, end: int, printed: str, computed: str | None, value: int | None,
    told: str, grade: Grade | None = None,
) -> Claim:  # fmt: skip
    interval = None if value is None else (Fraction(value), Fraction(value))
    return Claim(
        start, end, text[start:end], "rank", "contradicts" if grade else "holds", printed, told,
        grade, computed, interval, computed if grade else None,
    )  # fmt: skip
