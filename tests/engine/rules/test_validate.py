"""Entries held against their models and against each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.ground.errors import DiaoduError, RulebookError
from diaodu.engine.ground.words import MEASURES
from diaodu.engine.rules.build import build
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.graph import circles
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.schema import json_schemas
from diaodu.engine.rules.validate import KINDS, Entry, version_of


def entry(kind, data, file=None):
    """An entry whose keys stand one a line, from line 2 on, in the order of the data."""
    lines = {(): 1}

    def number(value, path):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            lines[(*path, key)] = len(lines) + 1
            if isinstance(inner, dict | list):
                number(inner, (*path, key))

    number(data, ())
    return Entry(kind, file or f"{kind}/a.yaml", data, lines)


def org(identity="county", **more):
    return entry("orgs", {"id": identity, "name": f"名{identity}", "level": "county", **more})


def indicator(identity="gdp", **more):
    data = {
        "id": identity, "name": f"指标{identity}", "unit": "亿元", "basis": "ytd",
        "facets": ["level", "growth"], "direction": "high", "decimals": "2",
        "cadence": "month", "january": "yes", **more,
    }  # fmt: skip
    return entry("indicators", {key: value for key, value in data.items() if value != "LEFT OUT"})


def faults(*entries, bare=False):
    """key → message of all faults, with a county and an indicator beside, unless bare."""
    beside = [] if bare else [org(), indicator()]
    try:
        build([*beside, *entries], {})
    except RulebookError as error:
        return [(fault.key, fault.message) for fault in error.faults]
    return []


def one_fault(*entries):
    (found,) = faults(*entries)
    return found


# -- one entry -------------------------------------------------------------------------------

ORG_KEYS = {
    "parent": "county", "aliases": ["甲"], "groups": ["g"], "opened": "2001", "closed": "2002-02",
    "codes": [{"code": "62", "from": "2001", "to": "2002"}],
}  # fmt: skip
INDICATOR_KEYS = {
    "aliases": ["甲"], "growth_decimals": "2", "price": "current", "owner": "county",
    "headline": "true", "order": "3", "children": ["gdp"], "reportable": "gdp", "formula": "gdp",
}  # fmt: skip
SOURCE_KEYS = {
    "layout": "long", "indicator": {"column": "指标"}, "org": {"row": "单位"},
    "period": {"title": "true"}, "facet": {"fixed": "growth"}, "track": {"fixed": "自报"},
    "unit": {"fixed": "万元"}, "rename": {"甲": "gdp"},
    "ignore": [{"text": "注", "reason": "非数"}],
}  # fmt: skip


@pytest.mark.parametrize("key", ORG_KEYS)
def test_each_key_of_an_org_may_be_there(key):
    assert faults(org("x", **{key: ORG_KEYS[key]})) == []


@pytest.mark.parametrize("key", INDICATOR_KEYS)
def test_each_key_of_an_indicator_may_be_there(key):
    assert faults(indicator("x", **{key: INDICATOR_KEYS[key]})) == []


@pytest.mark.parametrize("key", SOURCE_KEYS)
def test_each_key_of_a_source_may_be_there(key):
    match = {"file": "*"}
    assert faults(entry("sources", {"id": "s", "match": match, key: SOURCE_KEYS[key]})) == []


@pytest.mark.parametrize(
    "key",
    ["id", "name", "unit", "basis", "facets", "direction", "decimals", "cadence", "january"],
)
def test_keys_that_an_indicator_must_have(key):
    found = [message for _, message in faults(indicator("x", **{key: "LEFT OUT"}))]
    assert any(message.startswith(f"缺少键‘{key}’（") for message in found)


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        ({"direciton": "low"}, "direciton", "不认识的键‘direciton’，是不是‘direction’？"),
        ({"x": "1"}, "x", "不认识的键‘x’"),
        ({"from_": "1"}, "from_", "不认识的键‘from_’"),
        ({"basis": "ytdd"}, "basis", "‘basis’不能是“ytdd”，是不是“ytd”？"),
        ({"basis": "累计"}, "basis", "‘basis’不能是“累计”，是不是“ytd”？"),
        ({"basis": None}, "basis", "‘basis’后面没有写内容"),
        ({"january": "true"}, "january", "‘january’不能是“true”"),
        ({"facets": ["level", "增速"]}, "facets.2", "‘facets’不能是“增速”，是不是“growth”？"),
        ({"facets": "level"}, "facets", "‘facets’应是一列，写的是“level”"),
        ({"facets": []}, "facets", "‘facets’后面没有写内容"),
        ({"name": ["甲"]}, "name", "‘name’应是一段文字，写的是一列"),
        ({"name": None}, "name", "‘name’后面没有写内容"),
        ({"name": " "}, "name", "‘name’后面没有写内容"),
        ({"decimals": "两"}, "decimals", "‘decimals’应是整数，写的是“两”"),
        ({"decimals": "9"}, "decimals", "‘decimals’不能大于8，写的是“9”"),
        ({"decimals": "-1"}, "decimals", "‘decimals’不能小于0，写的是“-1”"),
        ({"headline": "也许"}, "headline", "‘headline’应是true 或 false，写的是“也许”"),
        ({"id": "a b"}, "id", "‘id’的编号“a b”里有空格或“|”"),
        ({"unit": "亿圆"}, "unit", "不认识的计量单位“亿圆”"),
    ],
)
def test_what_is_wrong_with_one_entry(data, key, message):
    assert one_fault(indicator("x", **data)) == (key, message)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("20230101", "‘opened’写的“20230101”不是日期"),
        ("去年", "‘opened’写的“去年”不是日期"),
        ("2023-02-30", "‘opened’写的“2023-02-30”没有这一天"),
        ("2023-00", "‘opened’写的“2023-00”没有这一天"),
        ("2023-13", "‘opened’写的“2023-13”没有这一天"),
    ],
)
def test_days(given, message):
    assert one_fault(org("x", opened=given)) == ("opened", message)


def test_a_fault_has_the_line_of_its_key_and_what_to_do():
    source = entry(
        "sources", {"id": "s", "match": {"file": "*", "titel": "x"}}, "sources/深/一.yaml"
    )
    with pytest.raises(RulebookError) as caught:
        build([org(), indicator(), source], {})
    assert caught.value.faults == [
        Fault("sources/深/一.yaml", 5, "match.titel", "不认识的键‘titel’，是不是‘title’？",
              "改正键名，或删去它；可用的键：file、sheet、title")
    ]  # fmt: skip
    assert str(caught.value) == (
        "sources/深/一.yaml:5 不认识的键‘titel’，是不是‘title’？"
        "改正键名，或删去它；可用的键：file、sheet、title。"
    )


def test_nothing_at_all():
    assert faults(bare=True) == [("", "一个指标也没有"), ("", "一个单位也没有")]


def test_an_unsound_entry_is_not_unknown_besides():
    broken = org("broken", level="乡")
    assert one_fault(broken, org("child", parent="broken")) == ("level", "‘level’不能是“乡”")
    wrong = indicator("wrong", basis="x", name="坏指标")
    found = faults(wrong, indicator("y", formula="坏指标 + gdp"))
    assert [key for key, _ in found] == ["basis"]


def in_a_table(condition, *, tail=True):
    rules = [{"name": "一", "when": [condition], "light": "watch"}]
    last = [{"name": "良好", "light": "good"}] if tail else []
    return entry("lights", {"id": "t", "rules": [*rules, *last]})


WRONG = [
    # an entry with one fault, what is told besides
    (in_a_table({"measure": "pace_gapp", "op": ">>", "value": "1"}),
     [("rules.1.when.1.measure", "没有“pace_gapp”这个度量，是不是“pace_gap”？"),
      ("rules.1.when.1.op", "‘op’不能是“>>”，是不是“>”？")]),
    (in_a_table({"measure": "pace_gap", "op": ">>", "value": "落后"}, tail=False),
     [("rules.1.when", "最后一条规则还有条件，可能一条也不成立"),
      ("rules.1.when.1.op", "‘op’不能是“>>”，是不是“>”？")]),
    (in_a_table({"measure": "has_target", "op": "iss", "value": "是"}),
     [("rules.1.when.1.op", "‘op’不能是“iss”，是不是“is”？")]),
    (in_a_table({"op": "<", "value": "1"}),
     [("rules.1.when.1.measure",
       "缺少键‘measure’（度量的编号（见 diaodu explain --help）或事实）")]),
    (entry("sources", {"id": "s", "match": {"fle": "*"}, "org": {"fixed": "没有"}}),
     [("match.fle", "不认识的键‘fle’，是不是‘file’？"),
      ("org.fixed", "“没有”不是单位的编号、名称或代码")]),
    (entry("sources", {"id": "s", "match": {"file": "*"}, "org": {"fixd": "x"}}),
     [("org.fixd", "不认识的键‘fixd’，是不是‘fixed’？")]),
    (entry("lights", {"id": "t", "tiers": ["asigned"], "rules": [{"name": "良", "light": "good"}]}),
     [("tiers.1", "‘tiers’不能是“asigned”，是不是“assigned”？")]),
    (entry("lights", {"id": "t", "indicators": ["gpd"], "rules": [{"name": "良", "light": "gud"}]}),
     [("indicators.1", "没有编号为“gpd”的指标，是不是“gdp”？"),
      ("rules.1.light", "‘light’不能是“gud”")]),
    (entry("lights", {"id": "t", "rules": []}), [("rules", "‘rules’后面没有写内容")]),
    (entry("checks", {"id": "k", "kind": "rang", "lo": "2", "hi": "1", "indicators": ["gpd"]}),
     [("hi", "下限2大于上限1"), ("indicators.1", "没有编号为“gpd”的指标，是不是“gdp”？"),
      ("kind", "‘kind’不能是“rang”，是不是“range”？")]),
    (entry("calendar", {"id": "c", "opens": {"day": "20"}, "due": {"day": "32"}, "orgs": ["no"]}),
     [("due.day", "‘day’不能大于31，写的是“32”"), ("orgs.1", "没有编号为“no”的单位")]),
    (entry("uses", {"use": "board", "tracks": ["self", "selff"]}),
     [("tracks.2", "‘tracks’不能是“selff”，是不是“self”？")]),
    (entry("outlines", {"id": "o", "org": "contry", "sections": ["headline"]}),
     [("org", "没有编号为“contry”的单位，是不是“county”？"),
      ("sections.1", "‘sections’不能是“headline”，是不是“headlines”？")]),
    (indicator("x", basis="y", formula="gpd", owner="no", children=["gpd"]),
     [("basis", "‘basis’不能是“y”"), ("children.1", "没有编号为“gpd”的指标，是不是“gdp”？"),
      ("formula", "不认识的指标“gpd”，是不是“gdp”？"), ("owner", "没有编号为“no”的单位")]),
    (org("x", level="town", parent="no", opened="2010", closed="2009"),
     [("closed", "‘opened’（2010-01-01）晚于‘closed’（2009-12-31）"),
      ("level", "‘level’不能是“town”，是不是“township”？"), ("parent", "没有编号为“no”的单位")]),
    (org("x", codes=[{"cod": "1"}, {"code": "2"}]),
     [("codes.1.cod", "不认识的键‘cod’，是不是‘code’？"),
      ("codes.1.code", "缺少键‘code’（区划代码或机构代码）")]),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "told"), WRONG, ids=range(len(WRONG)))
def test_an_unsound_entry_tells_all_its_faults_and_no_false_ones(wrong, told):
    assert sorted(faults(wrong)) == told


def test_a_group_of_orgs_of_unknown_level_is_not_unknown():
    outline = {
        "id": "o", "org": "county", "rankings": [{"indicator": "gdp", "group": "county/township"}],
    }  # fmt: skip
    town = org("t", level="town", parent="county")
    assert [key for key, _ in faults(entry("outlines", outline), town)] == ["level"]


json_like = st.recursive(
    st.one_of(st.none(), st.sampled_from(["gdp", "county", "1", "self", "", "x y"]), st.text("a1")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
        st.sampled_from(["measure", "op", "value", "name", "when", "day", "fixed", "code", "to"]),
        inner, max_size=3,
    )),
    max_leaves=6,
)  # fmt: skip


@given(st.data())
def test_whatever_an_entry_holds_its_faults_are_told(data):
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    keys = [info.alias or name for name, info in KINDS[kind].model_fields.items()]
    content = data.draw(st.dictionaries(st.sampled_from(keys), json_like, max_size=4))
    for key, message in faults(entry(kind, content)):
        assert "\x00" not in key + message


# -- orgs ------------------------------------------------------------------------------------


def test_the_same_id_twice():
    assert one_fault(org("county", name="又一")) == ("id", "编号“county”重复，orgs/a.yaml:2 已有")


@pytest.mark.parametrize(
    ("parent", "message"),
    [
        ("countey", "没有编号为“countey”的单位，是不是“county”？"),
        ("名county", "这里要写单位的编号，“名county”是名称"),
        ("天边", "没有编号为“天边”的单位"),
    ],
)
def test_unknown_parents(parent, message):
    assert one_fault(org("x", parent=parent)) == ("parent", message)


def test_a_circle_of_parents_is_told_once():
    circle = [org("a", parent="c"), org("b", parent="a"), org("c", parent="b")]
    assert faults(*circle, org("d", parent="a")) == [("parent", "上级关系成了圈：a → c → b → a")]
    assert one_fault(org("a", parent="a")) == ("parent", "上级关系成了圈：a → a")


def test_names_under_one_parent():
    same = [org("a", name="鼓楼 区", parent="county"), org("b", name="鼓楼区", parent="county")]
    assert one_fault(*same) == ("name", "“鼓楼区”也是“a”的名称或别名，读表时分不清")
    alias = org("b", aliases=["乙", "甲镇"], parent="county")
    assert one_fault(org("a", name="甲镇", parent="county"), alias) == (
        "aliases.2", "“甲镇”也是“a”的名称或别名，读表时分不清",
    )  # fmt: skip


def test_an_alias_of_two_orgs():
    first = org("a", aliases=["全县"], codes=[code("1")], parent="county")
    other = org("b", aliases=["全县"], codes=[code("2")], parent="county")
    shared = "“全县”也是“a”的名称或别名，读表时分不清"
    assert one_fault(first, other) == ("aliases.1", shared)
    below = org("b", aliases=["全县"], level="township", parent="a")
    assert one_fault(first, below) == ("aliases.1", shared)
    elsewhere = org("b", aliases=["全县"], parent="p")
    assert faults(org("p"), first, elsewhere) == []


@pytest.mark.parametrize(
    ("own", "above", "message"),
    [
        ("city", "county", "市“名b”写在县“名a”之下，上下级颠倒"),
        ("county", "department", "县“名b”写在部门“名a”之下，上下级颠倒"),
        ("nation", "township", "全国“名b”写在乡镇“名a”之下，上下级颠倒"),
        ("county", "city", None),
        ("county", "county", None),
        ("department", "township", None),
        ("township", "park", None),
        ("park", "nation", None),
    ],
)
def test_the_higher_under_the_lower(own, above, message):
    found = faults(org("a", level=above), org("b", level=own, parent="a"))
    assert found == ([("parent", message)] if message else [])


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({"parent": "county"}, {"parent": "p"}),
        ({"closed": "2010"}, {"opened": "2011"}),
        ({"codes": [{"code": "1"}]}, {"codes": [{"code": "2"}]}),
    ],
)
def test_orgs_of_one_name_that_can_be_told_apart(first, other):
    same = [org("a", name="城关镇", **first), org("b", name="城关镇", **other)]
    assert faults(org("p"), *same) == []


def code(text, first=None, last=None):
    given = {"code": text, "from": first, "to": last}
    return {key: value for key, value in given.items() if value is not None}


def test_one_code_at_two_orgs_at_a_time():
    first = org("a", codes=[code("620001", last="2010")])
    other = org("b", codes=[code("620001", "2010-12-31")])
    assert one_fault(first, other) == ("codes.1.code", "代码“620001”同一时间也属于“a”")
    later = org("b", codes=[code("620001", "2011")])
    assert faults(first, later) == []


def test_codes_of_one_org_at_a_time():
    overlapping = org("a", codes=[code("620001", "2000", "2010"), code("620002", "2005")])
    assert one_fault(overlapping) == ("codes.2", "代码“620001”与“620002”的使用时段重叠")
    one_after_the_other = [code("620001", last="2010"), code("620002", "2011"), code("620002000")]
    assert faults(org("a", codes=one_after_the_other)) == []


def test_days_in_the_wrong_order():
    assert one_fault(org("a", opened="2010", closed="2009")) == (
        "closed", "‘opened’（2010-01-01）晚于‘closed’（2009-12-31）",
    )  # fmt: skip
    assert one_fault(org("a", codes=[code("1", "2010", "2009")]))[0] == "codes.1.to"
    assert faults(org("a", opened="2010", closed="2010")) == []


# -- indicators ------------------------------------------------------------------------------


def test_a_name_of_two_indicators():
    assert one_fault(indicator("x", aliases=["甲", "指标 gdp"])) == (
        "aliases.2", "“指标 gdp”也是“gdp”的名称或别名，读表时分不清",
    )  # fmt: skip
    assert faults(indicator("x", name="收入", aliases=["收入", "收 入"])) == []


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        ({"owner": "统计局"}, "owner", "没有编号为“统计局”的单位"),
        ({"children": ["gdp", "gpd"]}, "children.2", "没有编号为“gpd”的指标，是不是“gdp”？"),
        ({"reportable": "gpd"}, "reportable", "没有编号为“gpd”的指标，是不是“gdp”？"),
        ({"children": ["x"]}, "children", "组成关系成了圈：x → x"),
        ({"unit": "人", "reportable": "gdp"}, "reportable",
         "“指标gdp”的计量单位“亿元”不能换算成“人”"),
        ({"formula": "gdp +"}, "formula", "公式读不懂：写到末尾还缺指标、数或括号"),
        ({"formula": "gpd"}, "formula", "不认识的指标“gpd”，是不是“gdp”？"),
        ({"formula": "gdp + 上期(x)"}, "formula", "公式成了圈：指标x → 指标x"),
        ({"formula": "gdp", "unit": "人"}, "formula",
         "公式算出的是“亿元”，指标的计量单位却是“人”"),
        ({"identity": "*", "name": "全部"}, "id", "编号不能是“*”：它表示“全部”"),
    ],
)  # fmt: skip
def test_what_an_indicator_refers_to(data, key, message):
    assert one_fault(indicator(**{"identity": "x", **data})) == (key, message)


def test_a_circle_of_formulas():
    circle = [indicator("a", formula="gdp + b"), indicator("b", formula="指标a − gdp")]
    assert one_fault(*circle) == ("formula", "公式成了圈：指标a → 指标b → 指标a")


# -- rules -----------------------------------------------------------------------------------


def source(**more):
    return entry("sources", {"id": "s", "match": {"file": "*.xlsx"}, **more})


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        ({"match": {}}, "match", "‘match’里一项也没有写，会套到所有的表上"),
        ({"match": {"title": "(单位"}}, "match.title", "“(单位”不是正则表达式"),
        ({"org": {"fixed": "?"}}, "org.fixed", "“?”不是单位的编号、名称或代码"),
        ({"indicator": {"fixed": "gdb"}}, "indicator.fixed", "“gdb”不是指标的编号或名称"),
        ({"period": {"fixed": "上个月"}}, "period.fixed", "“上个月”看不出统计期"),
        ({"facet": {"fixed": "涨幅"}}, "facet.fixed", "“涨幅”不是面（level、growth……）"),
        ({"track": {"fixed": "x"}}, "track.fixed", "“x”不是轨（self、flash、accounted……）"),
        ({"unit": {"fixed": "?"}}, "unit.fixed", "“?”不是认识的计量单位"),
        ({"unit": {}}, "unit", "‘unit’要写一项，写了0项"),
        ({"unit": {"fixed": "元", "title": "true"}}, "unit", "‘unit’要写一项，写了2项"),
        ({"rename": {"甲": "gdp", "乙": "gpd"}}, "rename.乙",
         "“乙”改读为“gpd”，但没有编号为“gpd”的指标或单位"),
        ({"ignore": [{"text": "注"}]}, "ignore.1.reason", "缺少键‘reason’（为什么不读）"),
        ({"layout": "cross"}, "layout", "‘layout’不能是“cross”"),
    ],
)  # fmt: skip
def test_sources(data, key, message):
    assert one_fault(source(**data)) == (key, message)


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        ({"kind": "range"}, "kind", "‘range’没有写‘lo’和‘hi’"),
        ({"kind": "range", "lo": "2", "hi": "1"}, "hi", "下限2大于上限1"),
        ({"kind": "range", "lo": "低"}, "lo", "‘lo’应是数，写的是“低”"),
        ({"kind": "range", "lo": "NaN"}, "lo", "‘lo’应是数，写的是“NaN”"),
        ({"kind": "parts"}, "kind", "‘parts’没有写‘of’"),
        ({"kind": "parts", "of": "orgs", "tolerance": "-1"}, "tolerance",
         "‘tolerance’不能小于0，写的是“-1”"),
        ({"kind": "parts", "of": "orgs", "parent": "x"}, "parent", "没有编号为“x”的单位"),
        ({"kind": "unit_slip", "off": "true"}, "off", "关掉审核没有写原因"),
        ({"kind": "unit_slip", "indicators": ["gdp", "gpd"]}, "indicators.2",
         "没有编号为“gpd”的指标，是不是“gdp”？"),
        ({"kind": "unit_slip", "from": "2024", "to": "2023"}, "to",
         "‘from’（2024-01-01）晚于‘to’（2023-12-31）"),
    ],
)  # fmt: skip
def test_checks(data, key, message):
    assert one_fault(entry("checks", {"id": "k", **data})) == (key, message)


GOOD = {"name": "良好", "light": "good"}


def table(identity="t", rules=(), **more):
    return entry("lights", {"id": identity, "rules": [*rules, GOOD], **more})


def rule(condition, name="一"):
    return {"name": name, "when": [condition], "light": "watch"}


@pytest.mark.parametrize(
    ("condition", "key", "message"),
    [
        ({"measure": "pace_gep", "op": "<", "value": "1"}, "measure",
         "没有“pace_gep”这个度量，是不是“pace_gap”？"),
        ({"measure": "pace_gap", "op": "<"}, "", "‘<’缺少‘value’"),
        ({"measure": "pace_gap", "op": "<", "value": "零"}, "value", "“零”不是数，不能用‘<’来比"),
        ({"measure": "pace_gap", "op": "missing", "value": "1"}, "value", "‘missing’不带‘value’"),
        ({"measure": "has_target", "op": "is", "value": "yes"}, "value",
         "“has_target”不会是“yes”这个词"),
        ({"measure": "growth", "op": "is", "value": "变负"}, "value", "“growth”不会是“变负”这个词"),
        ({"measure": "kind", "op": ">", "value": "1"}, "op", "“kind”是词，不能用‘>’来比"),
        ({"measure": "pace_gap", "op": "=<", "value": "1"}, "op", "‘op’不能是“=<”，是不是“<”？"),
    ],
)  # fmt: skip
def test_conditions_of_lights(condition, key, message):
    place = "rules.1.when.1" + (f".{key}" if key else "")
    assert one_fault(table(rules=[rule(condition)])) == (place, message)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_may_be_asked_for(measure):
    condition = {"measure": measure, "op": ">=", "value": "-1.5"}
    assert faults(table(rules=[rule(condition)])) == []


def test_the_order_of_light_rules():
    condition = {"measure": "pace_gap", "op": "<", "value": "0"}
    open_ended = entry("lights", {"id": "t", "rules": [rule(condition)]})
    assert one_fault(open_ended) == ("rules.1.when", "最后一条规则还有条件，可能一条也不成立")
    never = table(rules=[{"name": "先", "light": "watch"}])
    assert one_fault(never) == ("rules.1.when", "“先”没有条件，它后面的规则永远轮不到")
    twice = table(rules=[rule(condition, "良好")])
    assert one_fault(twice) == ("rules.2.name", "规则名“良好”重复")
    reason = {**rule(condition), "reason": "差{pace_gep}"}
    assert one_fault(table(rules=[reason])) == (
        "rules.1.reason", "理由里的“{pace_gep}”不是度量，是不是“pace_gap”？",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "other", "message"),
    [
        ({}, {}, "与“a”在同一时段都管“全部指标”"),
        ({"indicators": ["gdp"], "to": "2023"}, {"indicators": ["gdp"], "from": "2023-12"},
         "与“a”在同一时段都管“gdp”"),
        ({"to": "2022"}, {"from": "2023"}, None),
        ({}, {"indicators": ["gdp"]}, None),
    ],
)  # fmt: skip
def test_two_light_tables_for_one_indicator(first, other, message):
    found = faults(table("a", **first), table("b", **other))
    assert found == ([("indicators", message)] if message else [])


def test_calendar_uses_and_outlines():
    late = {"id": "c", "opens": {"day": "20"}, "due": {"day": "10"}, "orgs": ["nobody"]}
    assert faults(entry("calendar", late)) == [
        ("due", "截止日早于开网日"), ("orgs.1", "没有编号为“nobody”的单位"),
    ]  # fmt: skip
    assert one_fault(entry("calendar", {"id": "c", "due": {"day": "32"}})) == (
        "due.day", "‘day’不能大于31，写的是“32”",
    )  # fmt: skip
    use = {"use": "board", "tracks": ["self", "self"]}
    assert one_fault(entry("uses", use)) == ("tracks", "‘self’写了两次")
    board = {"use": "board", "tracks": ["self"]}
    assert one_fault(entry("uses", board), entry("uses", board)) == (
        "use", "“board”在同一时段已有一条（uses/a.yaml:1）",
    )  # fmt: skip
    outline = {"id": "o", "org": "county", "rankings": [{"indicator": "gdp", "group": "山区"}]}
    assert one_fault(entry("outlines", outline)) == (
        "rankings.1.group", "没有“山区”这个分组",
    )  # fmt: skip
    assert faults(entry("outlines", outline), org("x", groups=["山区"])) == []


# -- the rest --------------------------------------------------------------------------------


def test_circles():
    assert list(circles({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})) == []
    assert list(circles({"a": ["b"], "b": ["c"], "c": ["b"]})) == [("b", "c", "b")]
    deep = {str(at): [str(at + 1)] for at in range(5000)}
    assert list(circles(deep)) == []


def test_the_version_depends_on_paths_and_contents_only():
    assert version_of({"a": "1", "b": "2"}) == version_of({"b": "2", "a": "1"})
    assert version_of({"a": "1", "b": "2"}) != version_of({"a": "2", "b": "1"})


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_name_every_key(kind):
    schema = json_schemas(kind)
    keys = schema["$defs"]["entry"]["properties"]
    wanted = {info.alias or name for name, info in KINDS[kind].model_fields.items()}
    assert set(keys) == wanted
    assert all(key.get("description") for key in keys.values())
    assert schema["$defs"]["entry"]["additionalProperties"] is False


def titles_in(schema):
    """Every title and description, but not keys that are called so."""
    for word in ("title", "description"):
        if isinstance(schema.get(word), str):
            yield schema[word]
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    inner += [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    for one in inner:
        yield from titles_in(one)


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_speak_chinese(kind):
    told = list(titles_in(json_schemas(kind)))
    assert len(told) > 3
    assert [one for one in told if not any("一" <= character <= "鿿" for character in one)] == []


def test_schemas_say_what_must_be_there():
    schemas = json_schemas()
    assert list(schemas) == list(KINDS)
    assert schemas["orgs"]["$defs"]["entry"]["required"] == ["id", "name", "level"]
    assert schemas["indicators"]["$defs"]["entry"]["required"] == [
        "id", "name", "unit", "basis", "facets", "direction", "decimals", "cadence", "january",
    ]  # fmt: skip
    with pytest.raises(DiaoduError, match="没有“indicator”这一类规则"):
        json_schemas("indicator")


def test_models_are_immutable():
    made = Org(id=620000, name="示例省", level="province")
    assert made.id == "620000"
    with pytest.raises(ValueError, match="frozen"):
        made.name = "别名"
    with pytest.raises(ValueError, match="不是日期"):
        Org(id="a", name="b", level="county", opened=20230101)
    assert Indicator(id="a", name="b", unit="%", basis="rate", facets=("growth",)).is_rate_only
