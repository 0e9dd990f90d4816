"""A rule on warnings reads in words on its page, whatever its keys mean elsewhere."""

from __future__ import annotations

from pathlib import Path

from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.web.rulebooks.queries.described import entries, lines

RULES = Path(__file__).resolve().parents[3] / "rulebook"


def test_a_rule_in_words() -> None:
    rulebook = read_rulebook(RULES)
    shown = {one.id: one for one in entries(rulebook, "warnings")}
    told = {line.label: line.text for line in lines(rulebook, shown["short_board"].model)}
    assert told["种类"] == "位次分类"
    assert told["位次分段"] == "锻长板到1/3；促中板到2/3；补短板到1"
    assert told["连续几期触发才预警"] == "2"
    assert told["告诉谁"] == "牵头部门、分管领导"
    flip = {line.label: line.text for line in lines(rulebook, shown["after_half_year"].model)}
    assert (flip["关口（月）"], flip["关口时"]) == ("6", "良好")


def test_every_key_of_every_rule_has_a_chinese_label() -> None:
    rulebook = read_rulebook(RULES)
    for one in entries(rulebook, "warnings"):
        for line in lines(rulebook, one.model):
            assert not line.label.isascii(), (one.id, line)
            assert line.text, (one.id, line)
