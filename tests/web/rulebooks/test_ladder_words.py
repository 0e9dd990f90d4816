"""A ladder is read on the rules' page in whole phrases."""

from pathlib import Path

from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.web.rulebooks.queries.described import dependents, entries, lines

RULES = Path(__file__).resolve().parents[3] / "rulebook"


def test_every_key_of_the_demo_ladder_in_words():
    rulebook = read_rulebook(RULES)
    (shown,) = entries(rulebook, "ladders")
    told = {line.label: line.text for line in lines(rulebook, shown.model)}
    assert shown.title == "交办事项督办阶梯"
    assert told["天数怎么数"] == "日历天数"
    assert told["各步"].split("；") == [
        "提醒：期限前第7天起，由系统发",
        "提醒：期限前第1天起，由系统发",
        "提醒：到期当天起，由系统发",
        "提醒：期限后第1天起，由系统发",
        "催办：期限后第1天起",
        "通报：期限后第7天起，距上一步至少3天",
        "预警函：期限后第15天起，距上一步至少5天",
        "约谈：期限后第30天起，距上一步至少10天",
        "走在后说清楚：期限后第45天起，距上一步至少10天",
        "问责提请：期限后第60天起，距上一步至少10天",
    ]
    assert told["次数和后果"].split("；")[0] == "同一事项12个月内约谈2次，取消当年评优资格"
    assert told["倒数几名"].split("；")[0] == (
        "规上工业产值增速后三名：规模以上工业总产值按增速在shilixian/township倒数3名以内"
        "（3、6、9、12月），预警函"
    )


def test_an_indicator_knows_the_ladder_that_ranks_by_it():
    found = dependents(read_rulebook(RULES), "indicators", "industry_output")
    assert ("ladders", "standard", "倒数几名按它排") in {(o.kind, o.id, o.how) for o in found}
