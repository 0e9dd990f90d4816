"""The arguments of a calculation: what it asks for, and reading what somebody typed.

A figure is read with its unit and its rounding interval; figures that are added or divided must
share a kind of unit and are handed on in that of the first. All faults are told at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Literal

from diaodu.engine.ground.errors import DiaoduError, PeriodError, QuantityError
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period, parse_period
from diaodu.engine.ground.quantity import Printed, Unit, find_unit, read_number

Kind = Literal[
    "amount", "amounts", "free", "percent", "percents", "points", "rate", "positive",
    "month_count", "whole", "place", "time", "day", "weights", "factor", "named", "name",
    "direction",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """An argument: `kind` says how its text is read and in what unit it then stands. `meaning`
    begins with what it is called; how it is written follows."""

    name: str
    kind: Kind
    meaning: str

    @property
    def label(self) -> str:
        """What it is called, alone."""
        return re.split("[，；]", self.meaning)[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure read: its interval in the calculation's unit, and the text as given."""

    interval: Interval
    text: str
    unit: str  # of the interval, "" where none was given

    @property
    def value(self) -> Fraction:
        return self.interval.value


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call, read. `unit` is that of all amounts ("" where none was given)."""

    name: str
    unit: str
    figures: Mapping[str, Figure]
    lists: Mapping[str, Sequence[Figure]]
    texts: Mapping[str, str]
    labels_of: Mapping[str, str]
    labels: Sequence[str] = ()  # the names in `values` of rank, in the order of the list
    day: Period | None = None
    has_doubtful_commas: bool = False  # a list such as 1,234, that may be meant as one number

    def __getitem__(self, key: str) -> Interval:
        return self.figures[key].interval

    def show(self, key: str) -> str:
        return bracketed(self.figures[key].text)

    def called(self, key: str) -> str:
        """What a key stands for, in words."""
        return self.labels_of[key]


@dataclass(frozen=True, slots=True)
class Form:
    """What a calculation is called and asks for.

    `examples` are calls that work, one for each way of calling it: the keys of an example are
    the keys of that way.
    """

    name: str
    title: str
    about: str
    keys: tuple[Key, ...]
    examples: tuple[str, ...]

    @property
    def calls(self) -> list[str]:
        """The examples as typed."""
        return [f"diaodu calc {self.name} {example}" for example in self.examples]

    @property
    def key_names(self) -> list[str]:
        return [key.name for key in self.keys]

    @property
    def ways(self) -> list[list[str]]:
        """The keys of each way."""
        return [
            [pair.partition("=")[0] for pair in example.split(" ")] for example in self.examples
        ]

    def way_meant(self, arguments: Iterable[str]) -> int:
        """The way that the keys given fit best, the first of equals."""
        given = set(arguments)
        fits = [len(given & set(way)) - len(given - set(way)) for way in self.ways]
        return fits.index(max(fits))


# -- checking the keys -------------------------------------------------------------------------


def check_keys(form: Form, arguments: Mapping[str, str]) -> None:
    """Raises DiaoduError with all faults and every way of calling."""
    known = [name for name in form.key_names if name in arguments]
    way = form.ways[form.way_meant(known)]
    faults = [_unknown_key(form, key) for key in arguments if key not in form.key_names]
    faults += [
        f"{form.name} 缺少 {key.name}=（{key.meaning}）"
        for key in form.keys
        if key.name in way and key.name not in arguments
    ]
    faults += [_not_beside(form, way, known, key) for key in known if key not in way]
    if faults:
        faults.append("写法：" + "\n或者：".join(form.calls))
        raise DiaoduError("\n".join(faults))


def _not_beside(form: Form, way: Sequence[str], known: Sequence[str], key: str) -> str:
    """A key of another way; named with the keys given that it cannot stand beside."""
    companions = {name for other in form.ways if key in other for name in other}
    rivals = [name for name in known if name in way and name not in companions]
    return f"{form.name} 的 {key}= 不能和 {'、'.join(f'{name}=' for name in rivals)} 一起写"


def _unknown_key(form: Form, key: str) -> str:
    close = get_close_matches(key, form.key_names, 1, 0.5)
    hint = f"是不是 {close[0]}？" if close else "可写 " + "、".join(form.key_names)
    return f"{form.name} 没有“{key}”这一项；{hint}"


# -- reading the arguments ---------------------------------------------------------------------

# 倍 in a growth is a hundred percent (增长1.2倍 is 120%).
_PERCENT_UNITS = {"": Fraction(1), "%": Fraction(1), "‰": Fraction(1, 10), "倍": Fraction(100)}
_POINT_UNITS = {"": Fraction(1), "百分点": Fraction(1), "%": Fraction(1)}
_RATE_UNITS = {**_POINT_UNITS, "‰": Fraction(1, 10)}
_TIME_UNITS = frozenset(("", "个月", "月", "周", "旬", "天", "年", "个季度", "季度", "期", "个"))
_EXACT_UNITS = {"factor": frozenset(("", "倍")), "place": frozenset(("", "位", "个", "家"))}
_DIRECTIONS = ("high", "low")
_MOST_YEARS = 100
_THOUSANDS = re.compile(r"(?<![\d.])[1-9]\d{0,2}(,\d{3})+(?!\d)")


def read_arguments(form: Form, arguments: Mapping[str, str]) -> Given:
    """Read every argument; raises one QuantityError with a line for each fault."""
    reading, told = _read(form, arguments)
    if told:
        faults = [text for _, text in told]
        faults.append(f"写法：{form.calls[form.way_meant(arguments)]}")
        raise QuantityError("\n".join(faults))
    return reading.given()


def faults_of(form: Form, arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    """(key, what is wrong with its text); the key is "" where several do not go together."""
    return _read(form, arguments)[1]


def _read(form: Form, arguments: Mapping[str, str]) -> tuple[_Reading, list[tuple[str, str]]]:
    reading = _Reading(form)
    faults: list[tuple[str, str]] = []
    for key in form.keys:
        if key.name not in arguments:
            continue
        try:
            reading.take(key, arguments[key.name].strip())
        except QuantityError as error:
            faults.append((key.name, str(error)))
    if not faults:
        faults = [("", fault) for fault in reading.disagreements()]
    return reading, faults


class _Reading:
    """The arguments read so far; knows which of them must share a unit."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.figures: dict[str, Figure] = {}
        self.lists: dict[str, list[Figure]] = {}
        self.texts: dict[str, str] = {}
        self.labels: list[str] = []
        self.day: Period | None = None
        self.has_doubtful_commas = False
        self.groups: dict[str, list[tuple[str, Figure]]] = {}  # must share a unit: label, figure

    def take(self, key: Key, text: str) -> None:
        if key.kind in _SCALED:
            self.figures[key.name] = self._scaled(key, text)
        elif key.kind == "amount":
            self.figures[key.name] = self._amount(key.name, text)
        elif key.kind == "free":
            self.figures[key.name] = self._amount(key.name, text, key.name)
        elif key.kind == "percents":
            parts = _split(key.name, text)
            self.lists[key.name] = [
                self._scaled(Key(key.name, "percent", key.meaning), part) for part in parts
            ]
        elif key.kind in ("amounts", "weights"):
            self._take_list(key, text)
        elif key.kind == "named":
            self._take_named(key.name, text)
        elif key.kind == "day":
            self.day = _read_day(key.name, text)
        elif key.kind in ("name", "direction"):
            self.texts[key.name] = _read_word(key, text)
        else:
            self.figures[key.name] = _read_exact(key, text)

    def _scaled(self, key: Key, text: str) -> Figure:
        printed = _read_printed(key.name, text)
        units = _SCALED[key.kind]
        if printed.unit not in units:
            wanted = "、".join(unit for unit in units if unit)
            raise QuantityError(f"{key.name}={text}：这里的单位只能是 {wanted} 或不写")
        interval = Interval.printed(printed).times(units[printed.unit])
        implied = "百分点" if key.kind == "points" else "%"
        figure = Figure(interval, text if printed.unit else text + implied, printed.unit)
        if key.kind == "rate":
            self.groups.setdefault("rate", []).append((f"{key.name}={text}", figure))
        return figure

    def _amount(self, label: str, text: str, group: str = "amount") -> Figure:
        printed = _read_printed(label, text)
        if printed.unit and find_unit(printed.unit) is None:
            raise QuantityError(
                f"{label}={text}：不认识的计量单位“{printed.unit}”；"
                "可写 元、万元、亿元、%、百分点、个、家、吨、亩 等"
            )
        figure = Figure(Interval.printed(printed), text, printed.unit)
        self.groups.setdefault(group, []).append((f"{label}={text}", figure))
        return figure

    def _take_list(self, key: Key, text: str) -> None:
        figures = [self._amount(key.name, part, key.kind) for part in _split(key.name, text)]
        self.has_doubtful_commas = bool(_THOUSANDS.search(unicodedata.normalize("NFKC", text)))
        if key.kind == "weights":
            figures = [Figure(Interval.exact(f.value), f.text, f.unit) for f in figures]
            self.groups[key.kind] = [(f"{key.name}={f.text}", f) for f in figures]
        self.lists[key.name] = figures

    def _take_named(self, name: str, text: str) -> None:
        figures: list[Figure] = []
        for part in _split(name, text):
            label, colon, number = part.rpartition(":")
            if not colon or not label.strip():
                raise QuantityError(f"{name}：“{part}”应写成 名称:数值，如 甲:1.2")
            if label.strip() in self.labels:
                raise QuantityError(f"{name}：“{label.strip()}”写了两次，请只留一个")
            self.labels.append(label.strip())
            figures.append(self._amount(label.strip(), number.strip()))
        self.lists[name] = figures

    def disagreements(self) -> list[str]:
        faults = [
            fault
            for kind, group in self.groups.items()
            for fault in _unit_faults(group, bare_is_percent=kind == "rate")
        ]
        if faults and "rate" in self.groups:
            faults.append("由一个百分数和相差的百分点推另一个，写 a=8.5% gap=0.2百分点")
        faults += self._past_the_end()
        faults += self._unequal_times()
        faults += self._unequal_lists()
        who = self.texts.get("who")
        if who is not None and who not in self.labels:
            close = get_close_matches(who, self.labels, 1, 0.4)
            hint = f"是不是“{close[0]}”？" if close else "有的是：" + "、".join(self.labels)
            faults.append(f"who={who}：values 里没有它；{hint}")
        return faults

    def _past_the_end(self) -> list[str]:
        """A path of so many years says nothing about the years after it."""
        return [
            f"{one}={figure.text}：超出了{title} {other}={whole.text}；{advice}{whole.text}{tail}"
            for one, other, title, advice, tail in _WITHIN
            if (figure := self.figures.get(one)) and (whole := self.figures.get(other))
            if figure.value > whole.value
        ]

    def _unequal_times(self) -> list[str]:
        elapsed, span = (self.figures.get(key) for key in ("elapsed", "span"))
        if elapsed is None or span is None or elapsed.unit == span.unit:
            return []
        return [
            f"单位不一致：elapsed={elapsed.text} 和 span={span.text}；"
            "请写成同一种时间单位，或都不写"
        ]

    def _unequal_lists(self) -> list[str]:
        """Weights are those of `parts`; without it, of what is done and what is left."""
        weights, parts = self.lists.get("weights"), self.lists.get("parts")
        if weights is None:
            return []
        text = "、".join(figure.text for figure in weights)
        if parts is None:
            wanted = "两个数，已过部分和余下部分"
            return [] if len(weights) == 2 else [_wrong_count(text, wanted, len(weights))]
        wanted = f"和 parts 一样多，{len(parts)}个数"
        return [] if len(weights) == len(parts) else [_wrong_count(text, wanted, len(weights))]

    def given(self) -> Given:
        """All amounts in the unit of the first, now that they are known to agree."""
        group = self.groups.get("amount") or self.groups.get("amounts") or []
        unit = group[0][1].unit if group else ""
        figures = {
            key.name: _in_unit(self.figures[key.name], unit)
            if key.kind == "amount"
            else self.figures[key.name]
            for key in self.form.keys
            if key.name in self.figures
        }
        kinds = {key.name: key.kind for key in self.form.keys}
        lists = {
            name: list(figures_)
            if kinds[name] == "percents"
            else [_in_unit(figure, unit or figures_[0].unit) for figure in figures_]
            for name, figures_ in self.lists.items()
        }
        labels_of = {key.name: key.label for key in self.form.keys}
        return Given(
            self.form.name, unit, figures, lists, self.texts, labels_of, self.labels, self.day,
            self.has_doubtful_commas,
        )  # fmt: skip


_SCALED: dict[str, dict[str, Fraction]] = {
    "percent": _PERCENT_UNITS, "points": _POINT_UNITS, "rate": _RATE_UNITS,
}  # fmt: skip


# A figure that may not be larger than another: how that is said.
_WITHIN = (
    ("n", "years", "总年数", "应是1至", "的整数"),
    ("place", "n", "总个数", "最多", ""),
    ("elapsed", "span", "全部时间", "最多", ""),
)


def _wrong_count(text: str, wanted: str, count: int) -> str:
    return f"weights={text}：要{wanted}，读到{count}个"


def bracketed(text: str) -> str:
    """A figure inside a formula; a signed one in brackets."""
    return text if text[:1].isdigit() else f"({text})"


def _read_printed(label: str, text: str) -> Printed:
    printed = read_number(text)
    if not text:
        raise QuantityError(f"{label}= 是空的；请写上一个数，如 8.5、8.5%、14.64亿元、56家")
    if printed is None:
        raise QuantityError(f"{label}={text}：读不出一个数；请写成 8.5、8.5%、14.64亿元、56家 这样")
    return Printed(printed.value, printed.decimals, _usual_spelling(printed.unit))


def _usual_spelling(unit: str) -> str:
    """个百分点 and 点 are 百分点; 月 counts months here (in a sheet it may be a header)."""
    if unit == "月":
        return "个月"
    found = find_unit(unit)
    is_rate = found is not None and found.base in ("%", "百分点") and found.factor == 1
    return found.base if found is not None and is_rate else unit


def _split(name: str, text: str) -> list[str]:
    """The items of a list. `,` beside another separator could be a thousands mark: refused."""
    clean = unicodedata.normalize("NFKC", text)
    if "," in clean and re.search(r"[、;]", clean):
        raise QuantityError(
            f"{name}={text}：逗号和顿号、分号混用，分不清千分位；请只用一种隔开，数内不写千分位"
        )
    parts = [part.strip() for part in re.split(r"[,、;]", clean)]
    if not all(parts):
        raise QuantityError(f"{name}={text}：有一项是空的；请补上或去掉多余的分隔号")
    return parts


def _read_exact(key: Key, text: str) -> Figure:
    printed = _read_printed(key.name, text)
    units = _EXACT_UNITS.get(key.kind, _TIME_UNITS)
    rule, wanted = _EXACT_RULES[key.kind]
    if printed.unit not in units or not rule(printed.value):
        raise QuantityError(f"{key.name}={text}：应是{wanted}")
    return Figure(Interval.exact(printed.value), text, printed.unit)


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


_EXACT_RULES: dict[str, tuple[Callable[[Decimal], bool], str]] = {
    "positive": (lambda value: value > 0, "大于零的数"),
    "time": (lambda value: value > 0, "大于零的时间，如 11天 或 3个月"),
    "factor": (lambda value: value > 0, "大于零的倍数，如 2 或 1.5"),
    "month_count": (lambda value: _is_whole(value) and 1 <= value <= 12, "1至12的整数"),
    "whole": (
        lambda value: _is_whole(value) and 1 <= value <= _MOST_YEARS,
        f"1至{_MOST_YEARS}的整数",
    ),
    "place": (lambda value: _is_whole(value) and value >= 1, "大于零的整数"),
}


def _read_day(name: str, text: str) -> Period:
    try:
        period = parse_period(text)
    except PeriodError:
        period = None
    if period is None or period.kind != "day":
        raise QuantityError(f"{name}={text}：不是一个日子；请写成 2022-06-10 这样")
    return period


def _read_word(key: Key, text: str) -> str:
    if key.kind == "direction" and text not in _DIRECTIONS:
        raise QuantityError(f"{key.name}={text}：只能是 high（越大越好）或 low（越小越好）")
    if not text:
        raise QuantityError(f"{key.name}= 是空的；请写上名称")
    return unicodedata.normalize("NFKC", text)


def _unit_faults(group: Sequence[tuple[str, Figure]], *, bare_is_percent: bool) -> list[str]:
    """Faults of figures that have to be in one kind of unit."""
    with_unit = [item for item in group if item[1].unit]
    without = [item for item in group if not item[1].unit]
    if bare_is_percent and all(figure.unit == "%" for _, figure in with_unit):
        return []
    if with_unit and without:
        return [f"单位不一致：{with_unit[0][0]} 有单位，{without[0][0]} 没有；请都写上，或都不写"]
    first = next(iter(with_unit), None)
    return [
        f"单位不一致：{first[0]} 和 {label} 不能换算；请换成同一种计量单位"
        for label, figure in with_unit
        if first is not None and _unit_of(figure).base != _unit_of(first[1]).base
    ]


def _unit_of(figure: Figure) -> Unit:
    found = find_unit(figure.unit)
    assert found is not None, "units are checked when the figure is read"
    return found


def _in_unit(figure: Figure, unit: str) -> Figure:
    """The figure converted; a figure without unit stays as it is."""
    if not figure.unit or figure.unit == unit:
        return figure
    wanted = find_unit(unit)
    assert wanted is not None, "units are checked when the figure is read"
    ratio = Fraction(_unit_of(figure).factor) / Fraction(wanted.factor)
    return Figure(figure.interval.times(ratio), figure.text, unit)
