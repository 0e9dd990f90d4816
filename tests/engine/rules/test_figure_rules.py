"""Checks of the statistical kinds, breaks and corrections as a rulebook writes them: every fault
with file, line and what to do, all at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.rulebook import Rulebook

ORGS = "- {id: county, name: 示例县, level: county}\n- {id: east, name: 城东镇, level: township}\n"
INDICATOR = (
    "- {{id: {0}, name: {1}, unit: {2}, basis: {3}, facets: [{4}], direction: high, decimals: 1, "
    "cadence: month, january: merged}}\n"
)
INDICATORS = "".join(
    INDICATOR.format(*one)
    for one in (
        ("va", "增加值", "'%'", "rate", "growth"),
        ("power", "用电量", "万千瓦时", "ytd", "level, growth"),
        ("vat", "增值税", "万元", "ytd", "level"),
        ("rate", "不良率", "'%'", "rate", "level"),
    )
)
CORRECTION = """\
- id: a
  indicator: power
  org: east
  period: 2023年1—5月
  from: 4460
  to: 446
  reason: 小数点错位
  source: 更正函
"""
BREAK = """\
- id: a
  indicators: [power, vat]
  from: 2023-01
  kind: scope
  comparable: false
  reason: 企业划出
  document: 统函5号
"""


def _read(**files: str) -> Rulebook:
    texts = {"orgs/a.yaml": ORGS, "indicators/a.yaml": INDICATORS}
    texts |= {f"{kind}/a.yaml": text for kind, text in files.items()}
    return read_rulebook_files({name: text.encode() for name, text in texts.items()})


def _faults(**files: str) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        _read(**files)
    return [str(one) for one in caught.value.faults]


def test_what_is_read():
    book = _read(
        corrections=CORRECTION,
        breaks=BREAK,
        checks="- {id: m, kind: contradiction, indicators: [va], with: [power], band: 8.5}\n",
    )
    [correction] = book.corrections
    assert (correction.from_, correction.to, correction.track) == (
        Decimal(4460), Decimal(446), "flash",
    )  # fmt: skip
    assert book.places == {"corrections/a": "corrections/a.yaml:1"}
    [act] = book.breaks
    assert (act.from_, act.comparable) == (date(2023, 1, 1), "false")
    assert (book.checks[0].with_, book.checks[0].band) == (("power",), Decimal("8.5"))


def test_everything_wrong_is_told_at_once():
    faults = _faults(
        corrections=CORRECTION.replace("  to: 446\n", "").replace("org: east", "org: esat"),
        breaks=BREAK.replace("vat", "vta"),
        checks="- {id: j, kind: jump, severity: hard, share: 5}\n",
    )
    assert [one.split(" ")[0] for one in faults] == [
        "breaks/a.yaml:2", "checks/a.yaml:1", "checks/a.yaml:1", "corrections/a.yaml:1",
        "corrections/a.yaml:3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("kind: jump, severity: hard",
         "‘jump’只作提示，不能扣下数据。删去 severity，或写 soft。"),
        ("kind: jump, share: 5",
         "‘share’对‘jump’不起作用。删去它；它只用于 heaped、revised。"),
        ("kind: range, lo: 0, band: 5",
         "‘band’对‘range’不起作用。删去它；它只用于 jump、contradiction。"),
        ("kind: jump, times: 0", "‘times’不能小于或等于0，写的是“0”。改正这个数。"),
        ("kind: heaped, share: 120", "‘share’不能大于100，写的是“120”。改正这个数。"),
        ("kind: computed_growth", "‘computed_growth’没有写‘lo’和‘hi’。至少写一项。"),
        ("kind: contradiction, indicators: [va], band: 8",
         "‘contradiction’没有写‘with’。写应当同向变动的指标编号，如 with: [power]。"),
        ("kind: contradiction, indicators: [va], with: [power]",
         "‘contradiction’没有写‘band’。写增速最多可以相差几个百分点。"),
        ("kind: contradiction, with: [power], band: 8",
         "‘contradiction’要写明是哪个指标，不能写“*”。写指标的编号。"),
        ("kind: contradiction, indicators: [va], with: [va], band: 8",
         "“va”不能与自己相比。写另一个指标的编号。"),
        ("kind: contradiction, indicators: [va], with: [rate], band: 8",
         "“不良率”既不发布增速，也算不出增速，无从相比。"
         "换一个指标，或在 indicators/ 里给它补上 growth。"),
        ("kind: contradiction, indicators: [va], with: [powr], band: 8",
         "没有编号为“powr”的指标，是不是“power”？改正编号，或在 indicators/ 里补上。"),
    ],
)  # fmt: skip
def test_a_check_at_fault(check, fault):
    assert _faults(checks=f"- {{id: c, {check}}}\n") == [f"checks/a.yaml:1 {fault}"]


def test_two_bands_for_one_pair():
    pair = "kind: contradiction, band: 8"
    both = (
        f"- {{id: c, {pair}, indicators: [va], with: [power]}}\n"
        f"- {{id: d, {pair}, indicators: [power], with: [vat, va]}}\n"
    )
    assert _faults(checks=both) == [
        "checks/a.yaml:2 “power与va”在同一时段已由“c”（checks/a.yaml:1）比过。"
        "用 from、to 分开时段，或只留一处。"
    ]
    apart = both.replace("[vat, va]", "[vat, va], from: 2024").replace(
        "with: [power]", "with: [power], to: 2023"
    )
    assert len(_read(checks=apart).checks) == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  to: 446\n", "", ":1 to、unit_factor、ignore 只能写一项，一项也没有写。"),
        ("  to: 446\n", "  to: 446\n  ignore: true\n",
         ":1 to、unit_factor、ignore 只能写一项，写了to、ignore。"),
        ("  to: 446\n", "  ignore: false\n", ":6 ‘ignore’写了 false，什么也没有更正。"),
        ("  to: 446\n", "  to: 4460\n", ":6 更正前后是同一个数。"),
        ("  to: 446\n", "  unit_factor: 1\n", ":6 更正前后是同一个数。"),
        ("2023年1—5月", "上个月", ":4 “上个月”看不出统计期。"),
        ("  to: 446\n", "  to: 446\n  facet: share\n", ":7 “用电量”没有占比这一面。"),
        ("  to: 446\n", "  to: 446\n  unit: 万元\n", ":7 “万元”不能换算成“万千瓦时”。"),
        ("  to: 446\n", "  to: 446\n  unit: 车皮\n", ":7 不认识的计量单位“车皮”。"),
        ("indicator: power", "indicator: powr", ":2 没有编号为“powr”的指标，是不是“power”？"),
        ("  source: 更正函\n", "", ":1 缺少键‘source’（依据的文件或来函）。"),
        ("from: 4460", "from: 约4460", ":5 ‘from’应是数，写的是“约4460”。"),
    ],
)  # fmt: skip
def test_a_correction_at_fault(old, new, fault):
    [told] = _faults(corrections=CORRECTION.replace(old, new))
    assert told.startswith(f"corrections/a.yaml{fault}")


def test_two_corrections_of_one_figure():
    other = CORRECTION.replace("id: a", "id: b").replace("2023年1—5月", "2023-01/05")
    assert _faults(corrections=CORRECTION + other) == [
        "corrections/a.yaml:9 与“a”（corrections/a.yaml:1）更正的是同一个数。只留一条。"
    ]


@pytest.mark.parametrize(
    ("other", "shared"),
    [("", "power、vat"), ("[vat]", "vat"), ("['*']", "power、vat")],
)
def test_overlapping_breaks(other, shared):
    second = BREAK.replace("id: a", "id: b")
    if other:
        second = second.replace("[power, vat]", other)
    assert _faults(breaks=BREAK + second) == [
        f"breaks/a.yaml:10 与“a”（breaks/a.yaml:1）重叠：都从2023-01-01起改变“{shared}”。"
        "合成一条，或改正 from、indicators、orgs。"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("[power, vat]", "[va]"), ("2023-01", "2023-04"),
     ("comparable: false\n", "comparable: false\n  orgs: [county]\n")],
)  # fmt: skip
def test_breaks_beside_each_other(old, new):
    first = BREAK.replace("comparable: false\n", "comparable: false\n  orgs: [east]\n")
    second = BREAK.replace("id: a", "id: b").replace(old, new)
    assert len(_read(breaks=first + second).breaks) == 2
