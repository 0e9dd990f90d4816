"""A folder of rules → Rulebook, or every fault with file, line and what to do."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from diaodu.adapters.rulebook_in import check_rulebook, read_rulebook
from diaodu.engine.ground.errors import RulebookError

ORG = "id: county\nname: 示例县\nlevel: county\n"
INDICATOR = """\
id: gdp
name: 地区生产总值
unit: 亿元
basis: ytd
facets: [level, growth]
direction: high
decimals: 2
cadence: quarter
january: yes
"""
SOUND = {"orgs/a.yaml": ORG, "indicators/a.yaml": INDICATOR}


@pytest.fixture
def written(tmp_path):
    """Writes a rulebook: the sound one, with these files added or replaced (None: left out)."""

    def write(files=None, *, folder="规则"):
        root = tmp_path / folder
        for name, text in {**SOUND, **(files or {})}.items():
            if text is not None:
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return root

    return write


@pytest.fixture
def faults(written):
    """What is wrong with such a rulebook, as printed."""
    return lambda files: [str(fault) for fault in check_rulebook(written(files))]


# -- what is read ----------------------------------------------------------------------------


def test_every_key_of_the_contract_is_read(written):
    rulebook = read_rulebook(
        written(
            {
                "orgs/a.yaml": """\
- {id: city, name: 示例市, level: city}
- id: county
  name: 示例县
  level: county
  parent: city
  aliases: [示例, 本县]
  codes:
    - {code: 620001, from: 2010, to: 2018-06}
    - {code: 062002, from: 2018-07-01}
  groups: [山区县]
  opened: 1985
  closed: 2030-03
- {id: stats, name: 统计局, level: department, parent: county}
""",
                "indicators/more/b.yaml": """\
- id: 0101
  name: 工业
  aliases: [规上工业]
  unit: 万元
  basis: ytd
  facets: [level]
  direction: low
  decimals: 0
  growth_decimals: 2
  price: real
  cadence: month
  january: merged
  owner: stats
  headline: true
  order: 3
  children: [gdp]
  reportable: gdp
- id: ratio
  name: 工业占比
  unit: "%"
  basis: rate
  facets: [level]
  direction: high
  decimals: 1
  cadence: month
  january: yes
  formula: 工业 ÷ 地区生产总值
""",
            }
        )
    )
    county = rulebook.orgs["county"]
    assert county.parent == "city"
    assert county.aliases == ("示例", "本县")
    assert [(c.code, c.from_, c.to) for c in county.codes] == [
        ("620001", date(2010, 1, 1), date(2018, 6, 30)),
        ("062002", date(2018, 7, 1), None),
    ]
    assert (county.groups, county.opened, county.closed) == (
        ("山区县",), date(1985, 1, 1), date(2030, 3, 31),
    )  # fmt: skip
    industry = rulebook.indicators["0101"]
    assert industry.model_dump(exclude={"field", "definition", "source", "formula"}) == {
        "id": "0101", "name": "工业", "aliases": ("规上工业",), "unit": "万元", "basis": "ytd",
        "facets": ("level",), "direction": "low", "decimals": 0, "growth_decimals": 2,
        "price": "real", "cadence": "month", "january": "merged", "owner": "stats",
        "headline": True, "order": 3, "children": ("gdp",), "reportable": "gdp",
        "measures": None, "pace_basis": "month",
    }  # fmt: skip
    assert rulebook.indicators["gdp"].january == "yes"
    assert [bound.indicator for bound in rulebook.formulas] == ["ratio"]


def test_every_kind_of_file_is_read(written):
    rulebook = read_rulebook(
        written(
            {
                "sources/a.yaml": """\
id: returns
match: {file: "*.xlsx", sheet: 表*, title: 经济}
layout: matrix
indicator: {column: 指标}
org: {fixed: 示例县}
period: {title: true}
facet: {fixed: growth}
track: {fixed: 快报}
unit: {fixed: 万元}
rename: {GDP总量: gdp, 本县: county}
ignore: [{text: 备注, reason: 不是数}]
""",
                "checks/a.yaml": "{id: r, kind: range, indicators: [gdp], lo: -1.5, hi: 1e3}",
                "lights/a.yaml": """\
id: standard
from: 2023
rules:
  - name: 落后
    when: [{measure: pace_gap, op: "<", value: -3}]
    light: behind
  - {name: 良好, light: good}
""",
                "calendar/a.yml": "{id: month, levels: [county], due: {day: 15}}",
                "outlines/a.yaml": "{id: monthly, org: county}",
                "uses/a.yaml": "use: board\ntracks: [recognised, flash]\n",
                "targets/not_read.yaml": "nothing: [that, is, read",
                "cases/one.yaml": "period: 2023-05",
                "README.md": "说明",
                "make_orgs.py": "",
            }
        )
    )
    assert rulebook.sources[0].rename == {"GDP总量": "gdp", "本县": "county"}
    assert (rulebook.checks[0].lo, rulebook.checks[0].hi) == (Decimal("-1.5"), Decimal(1000))
    condition = rulebook.lights[0].rules[0].when[0]
    assert condition.value == Decimal(-3)
    assert isinstance(condition.value, Decimal)
    assert rulebook.light_table("gdp", date(2023, 5, 1)) is rulebook.lights[0]
    assert rulebook.light_table("gdp", date(2022, 5, 1)) is None
    assert rulebook.calendar[0].due.day == 15
    assert rulebook.outlines[0].org == "county"
    assert rulebook.uses[0].tracks == ("recognised", "flash")
    assert "targets/not_read.yaml" not in rulebook.files


def test_empty_files_and_missing_folders_are_no_fault(written):
    rulebook = read_rulebook(written({"checks/a.yaml": "", "lights/b.yaml": "# 以后再写\n"}))
    assert (rulebook.checks, rulebook.lights, rulebook.sources) == ((), (), ())


def test_the_kind_may_stand_over_the_list_and_documents_may_follow(written):
    listed = "orgs:\n  - {id: a, name: 甲, level: county}\n  - {id: b, name: 乙, level: county}\n"
    rulebook = read_rulebook(
        written({"orgs/b.yaml": listed + "---\n{id: c, name: 丙, level: city}"})
    )
    assert list(rulebook.orgs) == ["county", "a", "b", "c"]


def test_a_byte_order_mark_and_windows_lines_are_read(written):
    text = b"\xef\xbb\xbf" + ORG.replace("\n", "\r\n").encode()
    assert read_rulebook(written({"orgs/a.yaml": text})).orgs["county"].name == "示例县"


def test_hidden_and_lock_files_are_passed_over(written):
    assert check_rulebook(written({"orgs/.a.yaml": "[", "orgs/~$a.yaml": "["})) == []


def test_the_version_tells_the_text_not_the_place(written, tmp_path):
    one = read_rulebook(written())
    shutil.copytree(tmp_path / "规则", tmp_path / "别处" / "规则")
    other = read_rulebook(tmp_path / "别处" / "规则")
    assert one.version == other.version
    assert len(one.version) == 16
    assert dict(one.files) == dict(other.files)
    assert sorted(one.files) == ["indicators/a.yaml", "orgs/a.yaml"]


@pytest.mark.parametrize(
    "change", [{"orgs/a.yaml": ORG + "# 注\n"}, {"orgs/b.yaml": ""}, {"checks/a.yaml": ""}]
)
def test_the_version_changes_with_any_file(written, change):
    assert (
        read_rulebook(written()).version != read_rulebook(written(change, folder="另一份")).version
    )


# -- CSV -------------------------------------------------------------------------------------


def test_orgs_of_a_csv_file(written):
    rulebook = read_rulebook(
        written(
            {
                "orgs/b.csv": b"\xef\xbb\xbf"
                + """\
name,id,level,parent,codes,aliases,groups,opened,closed
"青石,镇",t1,township,county,062001@..2018；620002@2019..2020-06,青石；青石乡、老青石,,1990,
,,,,,,,,
白水镇,t2,township,county,620003;620004000000,,山区;沿江,,2024-05-01
""".encode()
            }
        )
    )
    one, two = rulebook.orgs["t1"], rulebook.orgs["t2"]
    assert (one.name, one.aliases) == ("青石,镇", ("青石", "青石乡", "老青石"))
    assert [(c.code, c.from_, c.to) for c in one.codes] == [
        ("062001", None, date(2018, 12, 31)),
        ("620002", date(2019, 1, 1), date(2020, 6, 30)),
    ]
    assert (one.opened, one.closed) == (date(1990, 1, 1), None)
    assert two.groups == ("山区", "沿江")
    assert [code.code for code in two.codes] == ["620003", "620004000000"]
    assert two.closed == date(2024, 5, 1)


HEAD = "id,name,level,parent\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HEAD + 'a,"甲\n乙",county,\nb,乙,town,\n',
            "orgs/b.csv:4 ‘level’不能是“town”，是不是“township”？"
            "可以写的是：nation、province、city、county、township、department、park。",
        ),
        (
            HEAD + "a,甲,county,countey\n",
            "orgs/b.csv:2 没有编号为“countey”的单位，是不是“county”？改正编号，或在 orgs/ 里补上。",
        ),
        (HEAD + "a,,county,\n", "orgs/b.csv:2 缺少键‘name’（名称）。补上“name: ……”。"),
        (
            HEAD + "a,甲,乙,county,county\n",
            "orgs/b.csv:2 这一行有5格，表头只有4列。值里有逗号的要加引号。",
        ),
        (
            "id,nane,level\n",
            "orgs/b.csv:1 不认识的键‘nane’，是不是‘name’？改正键名，或删去它；可用的键："
            "id、name、level、parent、aliases、codes、groups、opened、closed、order。",
        ),
        ("id,name,id\n", "orgs/b.csv:1 列‘id’写了两次。删去其中一列。"),
        (HEAD + 'a,"甲,county,\n', "orgs/b.csv:2 CSV写法有错：引号没有配对。检查这一行的引号。"),
        (
            "id,name,level,codes\na,甲,county,62@2010\n",
            "orgs/b.csv:2 代码“62@2010”写得不对。写成 620000 或 620000@2010..2019，两端可空。",
        ),
    ],
)
def test_faults_in_csv(faults, text, expected):
    assert faults({"orgs/b.csv": text}) == [expected]


# -- the folder ------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(RulebookError) as caught:
        read_rulebook(tmp_path / "没有")
    assert str(caught.value).startswith(f"{tmp_path / '没有'} 没有这个规则文件夹。检查路径。")


def test_orgs_and_indicators_must_be_there(faults):
    assert faults({"orgs/a.yaml": None, "indicators/a.yaml": ""}) == [
        "indicators/ 一个指标也没有。在文件夹 indicators/ 里写上指标。",
        "orgs/ 一个单位也没有。在文件夹 orgs/ 里写上单位。",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("light/a.yaml", "light “light”不会被读。内容若是规则，请放进文件夹 lights/；否则请移走。"),
        (
            "indicators.yaml",
            "indicators.yaml “indicators.yaml”不会被读。"
            "内容若是规则，请放进文件夹 indicators/；否则请移走。",
        ),
        ("checks/a.csv", "checks/a.csv checks/ 里不读“.csv”文件。改成 .yaml 文件，或移走。"),
        ("orgs/a.xlsx", "orgs/a.xlsx orgs/ 里不读“.xlsx”文件。改成 .yaml 或 .csv 文件，或移走。"),
    ],
)
def test_nothing_is_passed_over_silently(faults, name, expected):
    assert faults({name: "x"}) == [expected]


# -- YAML as written -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: a\n\tname: b\n", "2 YAML写法有错：缩进用了制表符。改用空格缩进。"),
        ("id: a\nname: b: c\n", "2 YAML写法有错：冒号用得不对。检查缩进；值里有冒号的要加引号。"),
        ("id: a\nname: 'b\nlevel: c\n", "2 YAML写法有错：引号没有配对。补上后一个引号。"),
        ("id: a\ngroups: [b\nname: c\n",
         "2 YAML写法有错：方括号没有配对，或缺逗号。补上“]”或半角逗号。"),
        ("{id: a, name: b", "1 YAML写法有错：花括号没有配对，或缺逗号。补上“}”或半角逗号。"),
        ("id: a\nname b\nlevel: c\n",
         "2 YAML写法有错：这一行缺冒号。写成“键: 值”，冒号用半角，后面空一格。"),
        ("id: @a\n", "1 YAML写法有错：有不能作开头的字符。给这段文字加引号。"),
        ("id: a\nname: \x01\n", "0 YAML写法有错：有看不见的控制字符。删去后重打这一行。"),
        ("id: a\nname: *all\n", "2 不能用“&”和“*”引用别处。把内容写全；文字要加引号。"),
        ("id: &x a\n", "1 不能用“&”和“*”引用别处。把内容写全；文字要加引号。"),
        ("id: !!python/object:os.system a\n",
         "1 不能用标签“tag:yaml.org,2002:python/object:os.system”。删去“!”开头的标签。"),
        ("? [a]\n: b\n", "1 键应是一个词。检查“?”、“[”、“{”；文字要加引号。"),
        ("a: " + "[" * 100000, "1 层次太深（超过20层）。检查缩进和括号。"),
        ("id：a\nname：b\n", "1 这里应是一组“键: 值”。冒号要用半角，后面空一格。"),
        ("- id: a\n  name: 甲\n  level: city\n- 乙\n",
         "4 这里应是一组“键: 值”。按“键: 值”分行写。"),
        (b"id: a\nname: \xca\xbe\xc0\xfd\n", "2 不是UTF-8编码。另存为UTF-8编码。"),
        ("id: a\nname: 甲\nlevel: city\nname: 乙\n",
         "4 键‘name’写了两次，第2行已有。删去其中一个。"),
    ],
)  # fmt: skip
def test_faults_of_yaml_have_their_line(faults, text, expected):
    line, _, said = expected.partition(" ")
    where = "orgs/b.yaml" + (f":{line}" if line != "0" else "")
    assert faults({"orgs/b.yaml": text}) == [f"{where} {said}"]


def test_other_files_are_still_checked_and_all_is_told_in_order(written):
    rules = written(
        {
            "orgs/b.yaml": "- {id: x, name: 甲, level: county, parent: nobody}\n"
            "- {id: x, name: 乙, level: contry, colour: red}\n",
            "orgs/c.yaml": "id: [",
            "indicators/a.yaml": INDICATOR.replace("亿元", "亿圆").replace("basis", "bases"),
        }
    )
    found = check_rulebook(rules)
    assert [f"{fault.file}:{fault.line} {fault.message}" for fault in found] == [
        "indicators/a.yaml:1 缺少键‘basis’（数的给法：ytd累计、month当月、stock期末、rate率、"
        "mean累计平均、count个数）",
        "indicators/a.yaml:3 不认识的计量单位“亿圆”",
        "indicators/a.yaml:4 不认识的键‘bases’，是不是‘basis’？",
        "orgs/b.yaml:1 没有编号为“nobody”的单位",
        "orgs/b.yaml:2 不认识的键‘colour’",
        "orgs/b.yaml:2 编号“x”重复，orgs/b.yaml:1 已有",
        "orgs/b.yaml:2 ‘level’不能是“contry”，是不是“county”？",
        "orgs/c.yaml:1 YAML写法有错：括号里的内容不完整",
    ]


def test_a_fault_as_an_object(written):
    (fault,) = check_rulebook(written({"checks/a.yaml": "id: r\nkind: range\nlo: 2\nhi: 1\n"}))
    assert fault.as_dict() == {
        "file": "checks/a.yaml",
        "line": 4,
        "key": "hi",
        "message": "下限2大于上限1",
        "action": "对调或改正 lo、hi",
    }


@pytest.mark.shared
def test_the_counties_of_a_yearbook_are_read_from_csv(written):
    yearbook = Path(__file__).resolve().parents[3] / ".." / "shared/data/county-yearbook-2020"
    if not yearbook.is_dir():
        pytest.skip("the shared data is not beside the repository")
    rows = (yearbook / "county_2020.csv").read_text(encoding="utf-8").splitlines()[1:]
    lines = [
        f"c{at},{row.split(',')[3].replace(' ', '')},county,{row.split(',')[0]}"
        for at, row in enumerate(rows)
    ]
    text = "id,name,level,codes\n" + "\n".join(lines)
    rulebook = read_rulebook(written({"orgs/b.csv": text}))
    assert len(rulebook.orgs) == 2076
