"""Formulas of indicators: read, checked, described in words, evaluated. Never Python's `eval`.

    formula  = product { ( + | − ) product }
    product  = factor  { ( × | ÷ ) factor }
    factor   = − factor | number | ( formula ) | name | call
    call     = 去年同期 last_year | 上期 previous | 年内累计 ytd           ( name )
             | 下级合计 children_sum                               ( name [, level] )
             | 下级比率 children_ratio                       ( name, name [, level] )
             | 下级个数 children_count   ( [增速 growth (] name [)] sign number [, level] )
    sign     = ≥ >= | > | ≤ <= | < | =

下级比率 is the sum of the one over the sum of the other, never a mean of ratios. 下级个数 counts
the orgs below whose figure, as printed, stands so to the number; a number without unit is in the
figure's own. A level (乡镇 township …) leaves out the orgs below that are of another.

Names are ids, names or aliases of indicators. A name that holds an operator, a bracket or only
digits is wrapped: 「地区生产总值（现价）」. Half and full width count alike.

Units: every figure is taken in the base of its unit (元, not 亿元), percentages as shares of one,
and the result is given in the indicator's own unit. Hence 亿元 and 万元 may stand side by side,
and a ratio declared in % needs no “× 100”; one that multiplies the whole ratio is taken as saying
so. A number is a pure one; only beside a percentage does + or − take it for a percentage too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal, NamedTuple

from diaodu.engine.ground.errors import DiaoduError, QuantityError
from diaodu.engine.ground.quantity import EXACT, SCALE, Unit, find_unit, unit_ratio
from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.suggest import ids_of, indicator_names, suggestion

Shift = Literal["same", "last_year", "previous", "ytd", "children_sum", "children_count"]
Sign = Literal["+", "−", "×", "÷"]
Comparison = Literal["≥", ">", "≤", "<", "="]

_FUNCTIONS: dict[str, Shift] = {
    "去年同期": "last_year", "last_year": "last_year", "上期": "previous", "previous": "previous",
    "年内累计": "ytd", "ytd": "ytd", "下级合计": "children_sum", "children_sum": "children_sum",
}  # fmt: skip
_RATIO = ("下级比率", "children_ratio")
_COUNT = ("下级个数", "children_count")
_GROWTH = ("增速", "growth")
_COMPARISONS: dict[str, Comparison] = {
    ">=": "≥", "≥": "≥", "≧": "≥", ">": ">", "<=": "≤", "≤": "≤", "≦": "≤", "<": "<", "=": "=",
}  # fmt: skip
_LEVELS = {name: code for code, name in LEVEL_NAMES.items()} | {code: code for code in LEVEL_NAMES}


class FormulaError(DiaoduError):
    """A text that is no formula, or one that its indicators do not bear."""


# -- the tree --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `value` in base units once bound, `text` as written."""

    value: Fraction
    text: str


class Condition(NamedTuple):
    """What is counted: orgs whose level or growth stands so to a number. `unit` as written, “”
    for the figure's own, which it is once bound."""

    of: Literal["level", "growth"]
    sign: Comparison
    number: Fraction
    unit: str

    def holds(self, value: Fraction) -> bool:
        """Whether it does for a figure in the same unit."""
        if self.sign == "=":
            return value == self.number
        if value == self.number:
            return self.sign in ("≥", "≤")
        return (value > self.number) == (self.sign in ("≥", ">"))


class Term(NamedTuple):
    """One figure a formula needs; over orgs below, those of `level` (“” for all)."""

    indicator: str
    shift: Shift
    level: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """One figure: an indicator as written, in the period in hand or shifted from it."""

    text: str
    shift: Shift = "same"
    level: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A name once bound: what it needs, and how many base units one of its units is."""

    term: Term
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Negative:
    inner: Node


@dataclass(frozen=True, slots=True)
class Operation:
    sign: Sign
    left: Node
    right: Node


Node = Number | Name | Figure | Negative | Operation


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as read; `text` as written."""

    text: str
    root: Node


# -- reading ---------------------------------------------------------------------------------

_SIGNS: dict[str, str] = {
    "+": "+", "*": "×", "×": "×", "✕": "×", "/": "÷", "÷": "÷", "(": "(", ")": ")",
    ",": ",", **dict.fromkeys("-−–—‐‑", "−"), **_COMPARISONS,
}  # fmt: skip
_WRITTEN = sorted(_SIGNS, key=len, reverse=True)
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s.].*)?", re.ASCII)
_DEEPEST = 50
_LONGEST = 400


class _Token(NamedTuple):
    kind: Literal["sign", "number", "name", "end"]
    text: str


def _tokens(text: str) -> Iterator[_Token]:
    clean = unicodedata.normalize("NFKC", text)
    at = 0
    while at < len(clean):
        character = clean[at]
        if character.isspace():
            at += 1
        elif (sign := _sign_at(clean, at)) is not None:
            yield _Token("sign", _SIGNS[sign])
            at += len(sign)
        elif character == "「":
            close = clean.find("」", at)
            if close < 0:
                raise FormulaError("“「”没有配上“」”")
            yield _Token("name", clean[at + 1 : close].strip())
            at = close + 1
        else:
            end = at
            while end < len(clean) and _sign_at(clean, end) is None and clean[end] != "「":
                end += 1
            word = clean[at:end].strip()
            yield _Token("number" if _NUMBER.fullmatch(word) else "name", word)
            at = end
    yield _Token("end", "")


def _sign_at(text: str, at: int) -> str | None:
    return next((sign for sign in _WRITTEN if text.startswith(sign, at)), None)


class _Reader:
    """Recursive descent over the grammar above."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        if len(self.tokens) > _LONGEST:
            raise FormulaError(f"公式太长（超过{_LONGEST}个词）")
        self.at = 0
        self.depth = 0

    def formula(self) -> Node:
        node = self.sum()
        rest = self.next()
        if rest.kind != "end":
            raise FormulaError(_unexpected(rest, "运算符"))
        return node

    def sum(self) -> Node:
        node = self.product()
        while (sign := self.sign("+", "−")) is not None:
            node = Operation(sign, node, self.product())
        return node

    def product(self) -> Node:
        node = self.factor()
        while (sign := self.sign("×", "÷")) is not None:
            node = Operation(sign, node, self.factor())
        return node

    def factor(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FormulaError(f"括号套得太深（超过{_DEEPEST}层）")
        node = self._factor()
        self.depth -= 1
        return node

    def _factor(self) -> Node:
        token = self.next()
        if token.kind == "number":
            return Number(Fraction(token.text), token.text)
        if token.kind == "name":
            return self.name(token.text)
        if token.text == "−":
            return Negative(self.factor())
        if token.text == "(":
            node = self.sum()
            self.close()
            return node
        raise FormulaError(_unexpected(token, "指标、数或括号"))

    def name(self, text: str) -> Node:
        if not text:
            raise FormulaError("“「」”里没有写指标名")
        if self.tokens[self.at] != _Token("sign", "("):
            return Name(text)
        self.next()
        if text in _RATIO:
            return self.ratio(text)
        if text in _COUNT:
            return self.count(text)
        if text not in _FUNCTIONS:
            raise FormulaError(
                f"不认识的函数“{text}”；可用的有 去年同期、上期、年内累计、下级合计、下级比率、"
                "下级个数，名称里有括号或运算符时用「」括起来"
            )
        shift = _FUNCTIONS[text]
        argument = self.next()
        level = self.level() if shift == "children_sum" else ""
        if argument.kind != "name" or self.tokens[self.at] != _Token("sign", ")"):
            more = "，后面可写逗号和层级" if shift == "children_sum" else ""
            raise FormulaError(f"“{text}”的括号里只能写一个指标{more}")
        self.close()
        return Name(argument.text, shift, level)

    def ratio(self, function: str) -> Node:
        """The sum of one indicator over the orgs below, over that of another."""
        above = self.next()
        comma = self.next()
        below = self.next()
        if (above.kind, comma.text, below.kind) != ("name", ",", "name"):
            raise FormulaError(
                f"“{function}”的括号里要写分子、分母两个指标，如 {function}(税收收入, 总产值, 乡镇)"
            )
        level = self.level()
        self.close()
        top, bottom = (Name(one.text, "children_sum", level) for one in (above, below))
        return Operation("÷", top, bottom)

    def count(self, function: str) -> Node:
        """How many orgs below have a figure that stands so to a number."""
        example = f"，如 {function}(增速(税收收入) ≥ 5, 乡镇)"
        first = self.next()
        of_growth = first.text in _GROWTH and self.tokens[self.at] == _Token("sign", "(")
        if of_growth:
            self.next()
            first = self.next()
            self.close()
        sign = self.next()
        if first.kind != "name" or sign.kind != "sign" or sign.text not in _COMPARISONS:
            raise FormulaError(f"“{function}”的括号里要写条件：指标、比较、数{example}")
        minus = self.sign("−") is not None
        written = self.next()
        found = _QUANTITY.fullmatch(written.text) if written.kind in ("number", "name") else None
        if found is None:
            raise FormulaError(f"“{function}”里与什么数比，没有写清楚{example}")
        number = Fraction(found.group(1)) * (-1 if minus else 1)
        level = self.level()
        self.close()
        condition = Condition(
            "growth" if of_growth else "level", _COMPARISONS[sign.text], number,
            (found.group(2) or "").strip(),
        )  # fmt: skip
        return Name(first.text, "children_count", level, condition)

    def level(self) -> str:
        """The level of the orgs below that are meant, where one is written; “” for all."""
        if self.tokens[self.at] != _Token("sign", ","):
            return ""
        self.next()
        token = self.next()
        if token.text not in _LEVELS:
            known = "、".join(LEVEL_NAMES.values())
            raise FormulaError(f"“{token.text}”不是单位的层级；可以写的是 {known}")
        return _LEVELS[token.text]

    def sign(self, *wanted: Sign) -> Sign | None:
        token = self.tokens[self.at]
        for sign in wanted:
            if token == _Token("sign", sign):
                self.at += 1
                return sign
        return None

    def close(self) -> None:
        token = self.next()
        if token != _Token("sign", ")"):
            raise FormulaError(_unexpected(token, "右括号"))

    def next(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token


def _unexpected(token: _Token, wanted: str) -> str:
    if token.kind == "end":
        return f"写到末尾还缺{wanted}"
    return f"“{token.text}”处应是{wanted}"


def parse(text: str) -> Formula:
    """Read a formula. Raises FormulaError (Chinese, without the place) for anything else."""
    return Formula(text, _Reader(text).formula())


# -- describing ------------------------------------------------------------------------------

_SIGN_WORDS: dict[Sign, str] = {"+": "加", "−": "减", "×": "乘以", "÷": "除以"}
_SHIFT_WORDS: dict[Shift, str] = {
    "same": "{name}", "last_year": "去年同期的{name}", "previous": "上期的{name}",
    "ytd": "{name}的年内累计", "children_sum": "各{below}{name}之和",
    "children_count": "{below}中{name}{condition}的个数",
}  # fmt: skip
_COMPARED_WORDS: dict[Comparison, str] = {
    "≥": "不低于", ">": "高于", "≤": "不高于", "<": "低于", "=": "等于",
}  # fmt: skip
_RANK = {"+": 1, "−": 1, "×": 2, "÷": 2}


def describe(
    formula: Formula | BoundFormula, indicators: Mapping[str, Indicator] | None = None
) -> str:
    """The formula in words: “（税收收入减去年同期的税收收入）除以去年同期的税收收入”.

    With `indicators`, ids and aliases are said by their names. A bound formula also says the
    unit of a number that is added.
    """
    known = indicator_names(indicators or {})

    def said(text: str) -> tuple[str, str]:
        """Its name and unit, as far as it is known."""
        ids = ids_of(known, text)
        if not indicators or len(ids) != 1:
            return text, ""
        return indicators[ids[0]].name, indicators[ids[0]].unit

    def words(node: Node) -> str:
        if isinstance(node, Number):
            return node.text
        if isinstance(node, Name | Figure):
            if isinstance(node, Name):
                return _figure_words(*said(node.text), node)
            return _figure_words(*said(node.term.indicator), node.term)
        if isinstance(node, Negative):
            return "负的" + part(node.inner, 3)
        rank = _RANK[node.sign]
        right = part(node.right, rank + (node.sign in "−÷"))
        return f"{part(node.left, rank)}{_SIGN_WORDS[node.sign]}{right}"

    def part(node: Node, rank: int) -> str:
        loose = isinstance(node, Operation) and _RANK[node.sign] < rank
        return f"（{words(node)}）" if loose else words(node)

    return words(formula.root)


def _figure_words(name: str, unit: str, of: Name | Term) -> str:
    below = LEVEL_NAMES[of.level] if of.level else "下级单位"
    condition = "" if of.condition is None else _condition_words(of.condition, unit)
    return _SHIFT_WORDS[of.shift].format(name=name, below=below, condition=condition)


def _condition_words(condition: Condition, own: str) -> str:
    growth = "增速" if condition.of == "growth" else ""
    unit = condition.unit or ("%" if growth else own)
    number = _cut(condition.number).normalize(EXACT)
    return f"{growth}{_COMPARED_WORDS[condition.sign]}{number:f}{unit}"


# -- units -----------------------------------------------------------------------------------

_WHOLE = {"%": 100, "百分点": 100, "倍": 1}  # how many make one whole
# Things that are counted alike, and what a mean may be taken over.
_COUNTED = frozenset({"个", "家", "户", "项", "宗", "件", "处", "座", "单", "笔"})
_PER = _COUNTED | {"人", "人次", "户次", "亩", "台", "辆", "套", "床", "张", "天", "个月", "年"}

Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a part of a formula measures: the powers of its base units; `unit` where all its
    figures are in one and the same unit (“” for a pure number, None where they differ)."""

    powers: Powers
    unit: str | None


_PURE = _Kind((), "")


def _powers(powers: Mapping[str, int]) -> Powers:
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def _multiply(left: Powers, right: Powers, direction: int) -> Powers:
    powers = dict(left)
    for base, power in right:
        powers[base] = powers.get(base, 0) + direction * power
    return _powers(powers)


def _alike(powers: Powers) -> Powers:
    """个 for everything that is merely counted: 12家 of 56个 is a share."""
    merged: dict[str, int] = {}
    for base, power in powers:
        base = "个" if base in _COUNTED else base
        merged[base] = merged.get(base, 0) + power
    return _powers(merged)


def _measure(unit: Unit) -> tuple[Fraction, Powers]:
    """How many base units one unit is, and which bases: 万元/人 → 10000, 元 by 人."""
    if unit.base in _WHOLE:
        return Fraction(unit.factor) / _WHOLE[unit.base], ()
    factor = Fraction(unit.factor)
    above, slash, below = unit.base.partition("/")
    if not slash:
        return factor, ((above, 1),)
    powers: dict[str, int] = {}
    for text, power in ((above, 1), (below, -1)):
        part = find_unit(text)
        base = part.base if part else text
        factor *= Fraction(part.factor) ** power if part else 1
        powers[base] = powers.get(base, 0) + power
    return factor, _powers(powers)


def _whole(unit: str) -> int:
    """100 for % and 百分点, 1000 for ‰, 1 for anything else."""
    found = find_unit(unit)
    if found is None or found.base not in _WHOLE:
        return 1
    return max(1, int(_WHOLE[found.base] / found.factor))


def _fits(powers: Powers, declared: Powers) -> bool:
    """The same measure, or a mean printed in the unit of what is divided (元 for 元/人)."""
    if _alike(powers) == _alike(declared):
        return True
    if not powers or not declared:
        return False
    over = _multiply(_alike(powers), _alike(declared), -1)
    return len(over) == 1 and over[0][1] == -1 and over[0][0] in _PER


def _said(kind: _Kind) -> str:
    if kind.unit or not kind.powers:
        return kind.unit or "纯数"
    above = "·".join(base for base, power in kind.powers for _ in range(power))
    below = "·".join(base for base, power in kind.powers for _ in range(-power))
    return f"{above or '1'}/{below}" if below else above


# -- binding: names to ids, units to factors ---------------------------------------------------


class Problem(NamedTuple):
    """What is wrong with a formula and what to do, Chinese, without full stops. `unknown` is
    the name that stands for no indicator."""

    message: str
    action: str
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class BoundFormula:
    """A checked formula, ready to be evaluated. `terms` in reading order, each once; `result` is
    how many of the indicator's units one base unit is."""

    indicator: str
    formula: Formula
    root: Node
    terms: tuple[Term, ...]
    result: Fraction


class _Binder:
    """Walks a formula once, finding names, units and what does not fit."""

    def __init__(self, indicator: Indicator, indicators: Mapping[str, Indicator]) -> None:
        self.indicator = indicator
        self.indicators = indicators
        self.known = indicator_names(indicators)
        self.problems: list[Problem] = []
        self.terms: dict[Term, None] = {}
        self.whole = _whole(indicator.unit)
        self.is_converted = False  # whether any unit is more or less than its base
        self.multipliers: list[Fraction] = []

    def bind(self, formula: Formula) -> BoundFormula | None:
        root, kind = self.walk(formula.root)
        result = self.result(formula.root, kind) if kind is not None else None
        if not self.terms and not self.problems:
            self.say("公式里没有指标", "写上由哪些指标算出，或删去公式")
        if self.problems or result is None:
            return None
        return BoundFormula(self.indicator.id, formula, root, tuple(self.terms), result)

    def say(self, message: str, action: str, unknown: str | None = None) -> None:
        problem = Problem(message, action, unknown)
        if problem not in self.problems:
            self.problems.append(problem)

    def walk(self, node: Node) -> tuple[Node, _Kind | None]:
        """The node bound, and what it measures (None where that cannot be told)."""
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, Negative):
            inner, kind = self.walk(node.inner)
            return Negative(inner), kind
        if not isinstance(node, Operation):
            return node, _PURE
        left, left_kind = self.walk(node.left)
        right, right_kind = self.walk(node.right)
        bound = Operation(node.sign, left, right)
        if left_kind is None or right_kind is None:
            return bound, None
        if node.sign in ("×", "÷"):
            return bound, self.multiplied(bound, left_kind, right_kind)
        return self.added(bound, left_kind, right_kind)

    def name(self, node: Name) -> tuple[Node, _Kind | None]:
        ids = ids_of(self.known, node.text)
        if len(ids) != 1:
            self.unknown(node.text, ids)
            return node, None
        used = self.indicators[ids[0]]
        unit = find_unit(used.unit)
        if unit is None:
            return node, None  # its own entry carries the fault
        if node.condition is not None:
            return self.counted(node, used, node.condition)
        term = Term(used.id, node.shift, node.level)
        self.terms[term] = None
        if not used.has_level:
            self.say(f"“{used.name}”不发布总量，不能放进公式", "换一个有总量的指标")
        if node.shift == "children_sum" and (unit.base in _WHOLE or used.basis in ("rate", "mean")):
            self.say(f"“{used.name}”是率或平均数，不能由下级相加", "先分别合计分子和分母，再相除")
        if node.shift == "ytd" and used.basis not in ("ytd", "month", "count"):
            self.say(f"“{used.name}”不是一段时间的数，没有年内累计", "换成累计数或当月数的指标")
        factor, powers = _measure(unit)
        self.is_converted |= factor != 1
        return Figure(term, factor), _Kind(powers, unit.text)

    def counted(self, node: Name, used: Indicator, condition: Condition) -> tuple[Node, _Kind]:
        """The condition with its number in the unit of the figure it is held against."""
        wanted = used.unit if condition.of == "level" else "%"
        if condition.of == "level" and not used.has_level:
            self.say(f"“{used.name}”不发布总量，不能按总量来数", f"写 增速({used.name})")
        if condition.of == "growth" and not (used.is_rate_only or _has_growth(used)):
            self.say(f"“{used.name}”没有增速", "换一个有增速的指标")
        number = condition.number
        if condition.unit:
            try:
                number *= Fraction(unit_ratio(condition.unit, wanted))
            except QuantityError:
                self.say(
                    f"“{condition.unit}”与“{used.name}”的“{wanted}”不是同一种计量单位",
                    "改正条件里的计量单位",
                )
        bound = condition._replace(number=number, unit=wanted)
        term = Term(used.id, node.shift, node.level, bound)
        self.terms[term] = None
        return Figure(term, Fraction(1)), _Kind((("个", 1),), "个")

    def unknown(self, text: str, ids: tuple[str, ...]) -> None:
        if ids:
            self.say(f"“{text}”可能指{'、'.join(ids)}", "改写成编号")
            return
        near = suggestion(text, self.known)
        self.say(
            f"不认识的指标“{text}”" + (f"，是不是“{near}”？" if near else ""),
            "改正名称，或在 indicators/ 里补上这个指标",
            text,
        )

    def added(self, node: Operation, left: _Kind, right: _Kind) -> tuple[Node, _Kind | None]:
        if isinstance(node.right, Number) and left != _PURE and not left.powers:
            number, kind = self.constant(node.right, left)
            return Operation(node.sign, node.left, number), kind
        if isinstance(node.left, Number) and right != _PURE and not right.powers:
            number, kind = self.constant(node.left, right)
            return Operation(node.sign, number, node.right), kind
        if _alike(left.powers) != _alike(right.powers):
            self.say(
                f"“{_said(left)}”与“{_said(right)}”不能相加减：不是同一种计量单位",
                "改正公式或指标的计量单位",
            )
            return node, None
        return node, _Kind(_alike(left.powers), left.unit if left.unit == right.unit else None)

    def constant(self, number: Number, partner: _Kind) -> tuple[Number, _Kind | None]:
        """A number beside a percentage is one too: 居民消费价格指数 − 100."""
        unit = find_unit(partner.unit) if partner.unit else None
        if unit is None:
            self.say(
                f"看不出“{number.text}”的计量单位：与它相加减的几个量单位不同",
                "先把各指标改成同一计量单位，或去掉这个数",
            )
            return number, None
        value = number.value * _measure(unit)[0]
        return Number(value, f"{number.text}{partner.unit}"), partner

    def multiplied(self, node: Operation, left: _Kind, right: _Kind) -> _Kind:
        powers = _multiply(left.powers, right.powers, 1 if node.sign == "×" else -1)
        for factor in (node.left, node.right):
            if isinstance(factor, Number):
                self.multipliers.append(factor.value)
        if isinstance(node.right, Number):
            return _Kind(powers, left.unit)
        if isinstance(node.left, Number) and node.sign == "×":
            return _Kind(powers, right.unit)
        if powers:
            return _Kind(powers, None)
        is_ratio = node.sign == "÷" and (left.unit == right.unit or bool(left.powers))
        return _Kind((), "" if is_ratio and left.unit is not None else None)

    def result(self, root: Node, kind: _Kind) -> Fraction | None:
        unit = find_unit(self.indicator.unit)
        if unit is None:
            return None  # the unit's own fault says so
        factor, declared = _measure(unit)
        if not _fits(kind.powers, declared):
            self.say(
                f"公式算出的是“{_said(kind)}”，指标的计量单位却是“{self.indicator.unit}”",
                "改正公式，或改正 unit",
            )
            return None
        said = self.whole > 1 and kind.unit in ("", None) and _multiplies(root, self.whole)
        tens = [value for value in self.multipliers if value in _TENS]
        if (self.is_converted or factor != 1) and len(tens) > said:
            self.say(
                "公式里不用乘除100、1000、10000之类：%和万、亿由系统换算",
                "去掉这个数；比率写成“甲÷乙”或“甲÷乙×100”都可以",
            )
        return Fraction(1) if said else 1 / factor


def _has_growth(indicator: Indicator) -> bool:
    """What is given in % has a change in points and no growth."""
    unit = find_unit(indicator.unit)
    return indicator.has_level and unit is not None and unit.base not in ("%", "百分点")


# Factors that are there to convert units by hand; units are already converted.
_TENS = frozenset(Fraction(10) ** power for power in range(-12, 13) if abs(power) > 1)


def _multiplies(node: Node, whole: int) -> bool:
    """Whether the product at the top of a formula has this number among its factors."""
    if isinstance(node, Number):
        return node.value == whole
    if not isinstance(node, Operation) or node.sign not in ("×", "÷"):
        return False
    return _multiplies(node.left, whole) or (node.sign == "×" and _multiplies(node.right, whole))


def check(
    formula: Formula, indicator: Indicator, indicators: Mapping[str, Indicator]
) -> list[Problem]:
    """What is wrong with a formula of this indicator: unknown names (with a suggestion), units
    that do not fit, sums of rates. Cycles: see `cycles`."""
    binder = _Binder(indicator, indicators)
    binder.bind(formula)
    return binder.problems


def needed(formula: Formula, indicators: Mapping[str, Indicator]) -> tuple[str, ...]:
    """Ids of the indicators a formula names, each once, those that are unknown left out."""
    known = indicator_names(indicators)
    found = (ids_of(known, name.text) for name in _names_in(formula.root))
    return tuple(dict.fromkeys(ids[0] for ids in found if len(ids) == 1))


def _names_in(node: Node) -> Iterator[Name]:
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Negative):
        yield from _names_in(node.inner)
    elif isinstance(node, Operation):
        yield from _names_in(node.left)
        yield from _names_in(node.right)


def bind(indicator: Indicator, indicators: Mapping[str, Indicator]) -> BoundFormula:
    """The indicator's formula, ready for `evaluate`. Raises FormulaError with all problems."""
    if indicator.formula is None:
        raise FormulaError(f"“{indicator.name}”没有公式")
    binder = _Binder(indicator, indicators)
    bound = binder.bind(parse(indicator.formula))
    if bound is None:
        said = "；".join(problem.message for problem in binder.problems) or "计量单位不认识"
        raise FormulaError(f"“{indicator.name}”的公式不能用：{said}")
    return bound


def in_order(indicators: Mapping[str, Indicator]) -> list[BoundFormula]:
    """Every formula, each after those it needs. Raises FormulaError as `bind` does."""
    bound = {i.id: bind(i, indicators) for i in indicators.values() if i.formula is not None}
    done: dict[str, BoundFormula] = {}

    def visit(identity: str) -> None:
        if identity in done or identity not in bound:
            return
        for term in bound[identity].terms:
            visit(term.indicator)
        done[identity] = bound[identity]

    for identity in bound:
        visit(identity)
    return list(done.values())


# -- evaluating ------------------------------------------------------------------------------

Lookup = Callable[[Term], Decimal | None]


class Result(NamedTuple):
    """`value` in the indicator's unit, cut off after twelve places; else a word: zero_base over
    a zero divisor, not_published (no_base for a shifted one) where a figure is `missing`."""

    value: Decimal | None
    word: Literal["zero_base", "no_base", "not_published"] | None
    missing: tuple[Term, ...] = ()


def evaluate(bound: BoundFormula, lookup: Lookup) -> Result:
    """The formula's value, exact until it is cut off once at the end.

    `lookup(term)` gives a figure in that indicator's unit (a count as such), or None.
    """
    given = {term: lookup(term) for term in bound.terms}
    missing = tuple(term for term, value in given.items() if value is None)
    if missing:
        earlier = all(term.shift in ("last_year", "previous") for term in missing)
        return Result(None, "no_base" if earlier else "not_published", missing)
    known = {term: Fraction(value) for term, value in given.items() if value is not None}
    try:
        exact = _value(bound.root, known) * bound.result
    except ZeroDivisionError:
        return Result(None, "zero_base")
    return Result(_cut(exact), None)


def _value(node: Node, known: Mapping[Term, Fraction]) -> Fraction:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Figure):
        return known[node.term] * node.factor
    if isinstance(node, Negative):
        return -_value(node.inner, known)
    assert isinstance(node, Operation)  # a bound tree holds no bare names
    left, right = _value(node.left, known), _value(node.right, known)
    if node.sign == "+":
        return left + right
    if node.sign == "−":
        return left - right
    return left * right if node.sign == "×" else left / right


def _cut(exact: Fraction) -> Decimal:
    """As `quantity.cut`, from a fraction: never rounded, not even on the way."""
    digits = abs(exact.numerator) * 10**SCALE // exact.denominator
    with localcontext(EXACT):
        return Decimal(-digits if exact < 0 else digits).scaleb(-SCALE)
