"""What a text tells elsewhere: growths and amounts of an indicator, looked up by its name.

Names of one indicator vary (规模以上工业, 规上工业). What a sentence leaves out is taken from those
not long before, where they tell one value alone, of the same period as far as periods are named.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from diaodu.engine.proofread.nearby import Spot, spots
from diaodu.engine.proofread.reading.model import AMOUNT, PERCENT, Reading

_ALIKE = (
    ("规模以上", "规上"), ("规模工业", "规上工业"), ("限额以上", "限上"), ("国内生产总值", "GDP"),
    ("地区生产总值", "GDP"), ("生产总值", "GDP"), ("（GDP）", ""), ("全社会", ""),
    ("固投", "固定资产投资"), ("社零总额", "社会消费品零售总额"), ("社消零", "社会消费品零售总额"),
    ("一般公共预算收入", "公共财政收入"), ("公共财政预算收入", "公共财政收入"),
    ("一般公共预算支出", "公共财政支出"), ("公共财政预算支出", "公共财政支出"),
)  # fmt: skip
_ORGS = re.compile(
    r"^(?:全[国省市州区县镇乡]|我[省市州区县]|本[省市州区县级]|地方|[省市州区县]级|区域)+"
)
_TAIL = re.compile(r"(?:的|增速|增幅|增长率|同比|累计|完成额|总量|分别|则|也|，)+$")
_GROWN = re.compile(r"(?:增长|下降|增幅|增速|降幅|负增长)(?:了|为|约|达到?|分别|仅|率)*$")
_AIMED = re.compile(r"目标|力争|确保|预计|计划|任务|预期|争取|预测|左右")
_AIM = re.compile(r"(?:目标|任务)[^，。；（]{0,4}（$")
_ABOVE = re.compile(r"全国|全省|全市|全州")


def named(subject: str) -> str:
    """An indicator's name in one spelling."""
    name = _TAIL.sub("", _ORGS.sub("", subject))
    for spelling, usual in _ALIKE:
        name = name.replace(spelling, usual)
    return _ORGS.sub("", name)


_BACK = 40  # sentences


class Known:
    """The growths, targets and amounts of a text by the indicator they are of."""

    def __init__(self, reading: Reading) -> None:
        self._growths: dict[str, list[Spot]] = defaultdict(list)
        self._targets: dict[str, list[Spot]] = defaultdict(list)
        self._amounts: dict[str, list[Spot]] = defaultdict(list)
        self._order = {id(sentence): index for index, sentence in enumerate(reading.sentences)}
        for sentence in reading.sentences:
            for spot in spots(sentence, PERCENT + AMOUNT):
                self._take(spot)

    def _take(self, spot: Spot) -> None:
        name = named(spot.figure.subject)
        if len(name) < 2:
            return
        if spot.figure.sign == AMOUNT:
            if not spot.is_change:
                self._amounts[name].append(spot)
        elif _AIMED.search(spot.clause) or _AIM.search(spot.before):
            self._targets[name].append(spot)
        elif _GROWN.search(spot.clause):
            self._growths[name].append(spot)

    def growth(self, spot: Spot, org: str = "") -> Spot | None:
        """The growth of a figure's indicator told before, of a level above where one is given."""
        return self._only(self._growths, spot, org)

    def growth_of(self, name: str, spot: Spot) -> Spot | None:
        """The growth of the indicator of that name, told before."""
        wanted = named(name)
        return self._only(self._growths, spot, "", wanted) if len(wanted) > 1 else None

    def target(self, spot: Spot) -> Spot | None:
        """The growth wanted of a figure's indicator, told before."""
        return self._only(self._targets, spot, "")

    def amounts(self, spot: Spot, *, wanted: bool) -> list[Spot]:
        """Amounts of a figure's indicator told in other sentences: done, or wanted."""
        return [
            one
            for one in self._amounts[named(spot.figure.subject)]
            if one.sentence is not spot.sentence and one.is_wanted is wanted
        ]

    def level(self, name: str, spot: Spot) -> Spot | None:
        """The amount of an indicator told before; None where a level above is named."""
        if len(named(name)) < 2 or _ABOVE.search(name):
            return None
        return self._only(self._amounts, spot, "", named(name))

    def _only(
        self, told: Mapping[str, list[Spot]], spot: Spot, org: str, name: str = ""
    ) -> Spot | None:
        """The one value told before; None where there is none, or another as well."""
        here = self._order[id(spot.sentence)]
        found = [
            one
            for one in told.get(name or named(spot.figure.subject), ())
            if 0 < here - self._order[id(one.sentence)] <= _BACK
            and _org_of(one) == org
            and _is_of_period(one, spot)
        ]
        return found[-1] if len({one.figure.signed for one in found}) == 1 else None


def _is_of_period(one: Spot, other: Spot) -> bool:
    periods = {"".join(spot.figure.period.split()) for spot in (one, other)} - {""}
    return len(periods) < 2


def _org_of(spot: Spot) -> str:
    """The level above that a figure is said to be of, by its clause or by what the sentence looks
    at (从全国看，…); "" for none."""
    found: list[str] = _ABOVE.findall(spot.clause)
    if found:
        return found[-1]
    looked_at: list[str] = _LOOKED_AT.findall(spot.before)
    return looked_at[-1] if looked_at and _ABOVE.fullmatch(looked_at[-1]) else ""


_LOOKED_AT = re.compile(r"从([全我][国省市州区县])(?:来)?看")
