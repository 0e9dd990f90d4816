"""The figures beside an input: what is on file, and what the engine makes of what is typed."""

from __future__ import annotations

from decimal import Decimal

from diaodu.engine.compute.calculator import Result, calculate
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.records import Observation
from diaodu.engine.ground.words import MEASURE_WORD_NAMES, OBS_WORD_NAMES
from diaodu.engine.verify.figures import before_in_year
from diaodu.engine.verify.rounding import decimal_of
from diaodu.web.intake.models import ReturnCell
from diaodu.web.intake.queries.forms import Row
from diaodu.web.intake.queries.ledger import Ledger

_ADDS_UP = ("ytd", "count")
_HAS_GROWTH = ("ytd", "month", "stock", "count")
_SHARES = ("%", "百分点", "‰", "位")


def on_file(row: Row, facet: str, one: Observation | None) -> str:
    """As printed: the indicator's digits, or the word that stands there."""
    if one is None:
        return ""
    if one.value is None:
        return OBS_WORD_NAMES.get(one.word or "", "")
    return show(one.value, row.decimals(facet))


def computed(row: Row, facet: str, held: ReturnCell | None, ledger: Ledger) -> tuple[str, str]:
    """当月 and 同比 of what is typed, as printed, or the word why there is none."""
    if facet != "level" or held is None or held.value is None:
        return "", ""
    month = _month(row, held.value, ledger) if computes_month(row) else ""
    return month, _growth(row, held.value, ledger) if computes_growth(row) else ""


def computes_month(row: Row) -> bool:
    """Where a month is the difference of two cumulative figures of a year, or the year's first;
    1—2月 is no month."""
    if row.indicator.basis not in _ADDS_UP or row.unit("level") in _SHARES:
        return False
    return before_in_year(row.indicator, row.period) is not None or row.period.month == 1


def computes_growth(row: Row) -> bool:
    return row.indicator.basis in _HAS_GROWTH and row.unit("level") not in _SHARES


def _month(row: Row, value: Decimal, ledger: Ledger) -> str:
    """Cumulative − previous cumulative; the year's first cumulative figure is its own."""
    if before_in_year(row.indicator, row.period) is None:
        return show(value, row.indicator.decimals)
    previous = ledger.previous(row, "level")
    if previous is None or previous.value is None:
        return "无上期数"
    unit = row.unit("level")
    result = calculate("difference", {"a": _given(value, unit), "b": _given(previous.value, unit)})
    return _shown(result, row.indicator.decimals)


def _growth(row: Row, value: Decimal, ledger: Ledger) -> str:
    base = ledger.last_year(row, "level")
    if base is None or base.value is None:
        return MEASURE_WORD_NAMES["no_base"]
    unit = row.unit("level")
    result = calculate("growth", {"actual": _given(value, unit), "base": _given(base.value, unit)})
    return _shown(result, row.indicator.growth_decimals)


def _given(value: Decimal, unit: str) -> str:
    return f"{value:f}{unit}"


def _shown(result: Result, decimals: int) -> str:
    if result.value is None:
        return result.said or MEASURE_WORD_NAMES.get(result.word or "", result.word or "")
    return show(decimal_of(result.value), decimals)
