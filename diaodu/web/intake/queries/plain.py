"""The collector's advice is for those who keep the rules as well; a clerk is told what to change
in the table."""

from __future__ import annotations

import re

from diaodu.engine.ground.records import Finding
from diaodu.web.intake.queries.forms import Form

# Where advice begins to speak of the rulebook's files.
_RULES = re.compile(r"sources|orgs 里|indicators 里|hidden: |ignore|aliases|codes|cadence")
_BETTER_BY_CODE = ("unknown_indicator", "unknown_org", "unknown_layout")
_OURS = (
    ("请报送单位", "请"), ("重新发送", "重新上传"), ("表格报送", "表格上传"),
    ("重新报送", "再上传"), ("、报送", "、上传"),
)  # fmt: skip
_CONDITION = ("的", "也要用")  # ends a clause that says when: 确认无误的, 隐藏的也要用


def plain_message(one: Finding) -> str:
    return one.message.replace("规则库的任何指标", "任何指标").replace("规则库", "系统")


def plain_advice(form: Form, one: Finding) -> str:
    """The part of the advice that is about the table; where there is none, advice by its code."""
    said, _, proposal = one.action.partition("\n")
    if not proposal and not _RULES.search(said):
        return in_our_words(one.action)
    if proposal and one.code in _BETTER_BY_CODE:
        return _by_code(form, one)
    kept = [left for each in said.split("；") if (left := _about_the_table(each))]
    return in_our_words("；".join(kept)) if kept else _by_code(form, one)


def _about_the_table(sentence: str) -> str:
    clauses = sentence.split("，")
    rules = next((place for place, one in enumerate(clauses) if _RULES.search(one)), None)
    if rules is None:
        return sentence
    clauses = clauses[:rules]
    while clauses and clauses[-1].endswith(_CONDITION):
        clauses.pop()
    return "，".join(clauses)


def in_our_words(text: str) -> str:
    """To the unit that uploads, of whom the collector speaks to others."""
    for theirs, ours in _OURS:
        text = text.replace(theirs, ours)
    return text


def _by_code(form: Form, one: Finding) -> str:
    """With what the form itself asks as the example."""
    row = form.rows[0]
    example = f"“{row.indicator.name}（{row.unit(row.facets[0])}）”"
    found = f"“{one.found}”" if one.found else "表头"
    if one.expected and one.code in ("unknown_indicator", "unknown_org"):
        return f"如果是，请把{found}写成“{one.expected}”后再上传；与本表无关的，删去"
    advice = {
        "unknown_indicator": f"请把{found}写成本表的指标名称，并注明计量单位，如{example}；"
        "与本表无关的，删去后再上传",
        "unknown_org": f"请把{found}写成单位全称；都是本单位的数，在标题写“{form.reporter.name}”",
        "unknown_layout": f"请在表头写本表的指标名称，并注明计量单位，如{example}，再上传",
        "unknown_unit": "请在表头或标题注明计量单位，如“单位：万元”",
        "ambiguous_period": f"请在标题写明统计期，如“{form.span}”",
        "wrong_period": f"请核对统计期，本表要{form.span}的数",
    }
    return advice.get(one.code, f"请把{found}写完整：哪个单位、哪个指标、哪一期、什么计量单位")
