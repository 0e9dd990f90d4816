"""A list handed over from outside: every fault at once, in words that say where and what to do."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.adapters.duties_in import DutiesError, read_duties
from diaodu.engine.dispatch.duty import Duty, DutyList
from diaodu.engine.dispatch.listed import read_list
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

BOOK = Rulebook(
    "v",
    {"nanping": Org.model_validate({"id": "nanping", "name": "南坪镇", "level": "township"})},
    {"tax": Indicator.model_validate(
        {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"}
    )},
)  # fmt: skip


def _duty(**given):
    usual = {
        "id": "d1", "title": "补报项目", "state": "working", "source": "meeting",
        "lead": "nanping", "person": "王强", "issued": "2023-10-10", "latest": "2023-10-20",
    }  # fmt: skip
    return {key: value for key, value in (usual | given).items() if value is not ...}


def _told(*duties, **given):
    handed, faults = read_list({"day": "2023-10-25", "duties": list(duties), **given}, BOOK)
    assert (handed is None) == bool(faults)
    return [str(fault) for fault in faults]


def test_a_sound_list():
    closed = _duty(
        id="d2", state="closed", closed="2023-10-21",
        proof=[{"kind": "file", "name": "通知", "on": "2023-10-20"}],
    )  # fmt: skip
    tied = _duty(id="d3", goal={"indicator": "tax", "org": "nanping", "since": "2023-01/10"})
    assert _told(_duty(), closed, tied, run="第12次运行") == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"latest": ...}, "第1件“补报项目” latest 缺少键‘latest’（最晚期限）。补上“latest: ……”。"),
        ({"latest": "十月底"},
         "第1件“补报项目” latest ‘latest’应是日期，写的是“十月底”。写成 2023-10-20 这样的日期。"),
        ({"latest": "2023-02-30"}, "第1件“补报项目” latest ‘latest’应是日期，"
         "写的是“2023-02-30”。写成 2023-10-20 这样的日期。"),
        ({"latest": 20231020}, "第1件“补报项目” latest ‘latest’应是日期，写的是“20231020”。"),
        ({"state": "done"}, "第1件“补报项目” state ‘state’不能是“done”。可以写的是："
         "draft、issued、declined、working、answered、returned、verified、extension、long_term、"
         "closed、reopened、withdrawn。"),
        ({"person": ""}, "第1件“补报项目” person ‘person’后面没有写内容。写上内容，或删去这个键。"),
        ({"leed": "a"}, "第1件“补报项目” leed 不认识的键‘leed’，是不是‘lead’？"),
        ({"lead": "nanpin"}, "第1件“补报项目” 规则里没有编号为“nanpin”的单位，是不是“nanping”？"
         "改正编号，或在 orgs/ 里补上。"),
        ({"goal": {"indicator": "taxx", "org": "nanping"}},
         "第1件“补报项目” 规则里没有编号为“taxx”的指标，是不是“tax”？"
         "改正编号，或在 indicators/ 里补上。"),
        ({"goal": {"indicator": "tax", "org": "nanping", "measure": "growths"}},
         "第1件“补报项目” 没有“growths”这个度量，是不是“growth”？"
         "写 light 或度量的编号（运行 diaodu explain --help 可看到全部）。"),
        ({"issued": "2023-10-26"},
         "第1件“补报项目” 交办日（2023-10-26）在截至日（2023-10-25）之后。改正日期，或重新导出。"),
        ({"signed": "2023-10-09"},
         "第1件“补报项目” 签收日（2023-10-09）早于交办日（2023-10-10）。改正日期。"),
        ({"issued": ...}, "第1件“补报项目” 是“办理中”而没有交办日。补上 issued。"),
        ({"best": "2023-10-21"}, "第1件“补报项目” 力争期限（2023-10-21）晚于"
         "最晚期限（2023-10-20）。改正 best 或 latest。"),
        ({"parent": "d1"}, "第1件“补报项目” 上一级事项是它自己。改正 parent。"),
        ({"goal": {"indicator": "tax", "org": "nanping", "since": "十月"}},
         "第1件“补报项目” “十月”不是统计期编号，写法如 2023-05、2023-01/05、2023-05-X1。"
         "改正 goal.since。"),
    ],
)  # fmt: skip
def test_faults(wrong, told):
    assert _told(_duty(**wrong))[0].startswith(told)


def test_a_closed_duty_has_proof_or_a_decision():
    told = _told(_duty(state="closed", closed="2023-10-21"))
    assert told == [
        "第1件“补报项目” 已销号而既没有凭证也没有决定。补上 proof 或 decision，或改正 state。"
    ]
    assert _told(_duty(state="closed", closed="2023-10-21", decision="常务会议纪要")) == []


def test_everything_at_once():
    told = _told(
        _duty(lead="x"), _duty(latest="2023-10-30", best="2023-10-31"), _duty(latest="月底"),
        _duty(id="d4", signed="2023-11-01"),
    )  # fmt: skip
    places = [one.partition("件")[0] for one in told]
    assert places == ["第3", "第1", "第2", "第2", "第4"]
    assert told[2] == "第2件“补报项目” 编号“d1”与第1件相同。一件事项只列一次。"
    wrong_day = _told(_duty(lead="x", signed="2023-11-01"), day="今天")
    assert len(wrong_day) == 2
    assert read_list([], BOOK)[1][0].message == "这里应是一组“键: 值”"


# -- the file --------------------------------------------------------------------------------


def test_numbers_are_exact(tmp_path):
    path = tmp_path / "duties.json"
    tied = _duty(goal={"indicator": "tax", "org": "nanping", "measure": "value", "value": 0})
    text = json.dumps({"day": "2023-10-25", "duties": [tied]})
    path.write_text(text.replace('"value": 0', '"value": 0.46'), encoding="utf-8")
    (duty,) = read_duties(path, BOOK).duties
    assert duty.goal is not None
    assert duty.goal.value == Decimal("0.46")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{\n \"day\": 2023-10,", "FILE:2 第13个字符 不合JSON的写法；请用调度台导出的文件"),
        ("交办".encode("gb18030"), "FILE 不是UTF-8编码；请用调度台导出的文件"),
        (b"[" * 100_000, "FILE 层次太深；请用调度台导出的文件"),
        (b"[]", "FILE 这里应是一组“键: 值”。用调度台导出的文件。\n交办事项有1处错误，没有继续。"),
        (b'{"day": "2023-10-25", "duties": NaN}',
         "FILE duties ‘duties’应是一列，写的是“NaN”。每项一行、前加“- ”，或写成 [甲, 乙]。\n"
         "交办事项有1处错误，没有继续。"),
    ],
    ids=["cut off", "gb18030", "deep", "list", "nan"],
)  # fmt: skip
def test_files_that_cannot_be_used(tmp_path, content, told):
    path = tmp_path / "duties.json"
    path.write_bytes(content)
    with pytest.raises(DutiesError) as error:
        read_duties(path, BOOK)
    assert str(error.value) == told.replace("FILE", str(path))


def test_no_file(tmp_path):
    with pytest.raises(DutiesError) as error:
        read_duties(tmp_path / "none.json", BOOK)
    assert str(error.value).endswith("none.json 这个文件；请检查 --duties 后面的路径")


# -- there and back --------------------------------------------------------------------------

DAYS = st.dates(date(2023, 9, 1), date(2023, 10, 25))
GOALS = st.builds(
    lambda value: {"indicator": "tax", "org": "nanping", "measure": "value", "value": value},
    st.decimals(min_value=-100, max_value=100, places=2),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"latest": DAYS, "best": st.none(), "goal": st.none() | GOALS},
            optional={"remains": st.text("还差0.46亿元，“”", min_size=1).filter(str.strip)},
        ),
        max_size=4,
    )
)
def test_what_is_exported_is_read_again(tmp_path, given_duties):
    made = [Duty.model_validate(_duty(id=f"d{at}", **one)) for at, one in enumerate(given_duties)]
    handed = DutyList.model_validate({"day": date(2023, 10, 25), "duties": made})
    path = tmp_path / "duties.json"
    path.write_text(handed.model_dump_json(), encoding="utf-8")
    assert read_duties(path, BOOK) == handed
