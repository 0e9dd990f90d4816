"""The words that offices print in headers, stubs and value cells, and what each says.

All keys are folded (`fold`): half-width, without spaces, lower case. Percent signs, ± and
brackets are taken off before these tables are asked.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from diaodu.engine.ground.words import Level

_BLANKS = re.compile(r"[\s\u200b\ufeff]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The form in which texts are compared: NFKC, no spaces or zero-width signs, lower case."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).lower()


class Word(NamedTuple):
    """What a header word says. `facet` may be rank or change (settled by unit or neighbour), or
    plain: a figure of whatever sort the other labels say, else the level."""

    facet: str = ""
    reading: str = ""  # single | cumulative | end
    shift: str = ""  # this_year | last_year | last_whole_year


def _table(lines: str) -> dict[str, str]:
    """“meaning: word word …” by line → each folded word with its meaning."""
    table: dict[str, str] = {}
    for line in lines.strip().splitlines():
        meaning, _, texts = line.partition(":")
        table.update((fold(text), meaning) for text in texts.split())
    return table


_MEANINGS = {
    "cumulative": Word(reading="cumulative"),
    "single": Word(reading="single"),
    "end": Word(reading="end"),
    "growth_single": Word("growth", "single"),
    "growth_cumulative": Word("growth", "cumulative"),
    "this_year": Word(shift="this_year"),
    "last_year": Word("level", shift="last_year"),
    "last_year_single": Word("level", "single", "last_year"),
    "last_whole_year": Word("level", shift="last_whole_year"),
}
FIGURE_WORDS: dict[str, Word] = {
    word: _MEANINGS.get(meaning, Word(meaning))
    for word, meaning in _table(
        """
plain: 数 额 数值 数量 数据 值 指标值 本期 本期数 本期值 水平 value
level: 绝对额 总量 绝对量 绝对值 绝对数 完成 完成额 完成值
level: 完成数 完成量 实绩 实际完成 实际完成数 规模 实际完成额 实际完成量
level: level
cumulative: 累计 累计值 累计数 累计完成 累计完成额 本年累计 年初累计 自年初累计 年内累计
cumulative: 本月止累计 本月累计 本期累计 累计额 年初至今 年初至今累计 年初以来 年初以来累计
cumulative: 今年以来累计 至本月累计 至本月止累计 截至本月累计 截止本月累计 至本月末累计 累计总额
cumulative: 本周止累计 本旬止累计 本日止累计 至本周末累计 至本旬末累计 至本日累计 截至当日累计
cumulative: 截至本周累计 截至本旬累计 截至本日累计
cumulative: 年内完成 年内累计完成 本年累计完成 今年累计完成
single: 当月 本月 单月 当月值 本月值 当月数 本月数 当月完成 本月完成 当期 当期值 当季 当季值 本季
single: 单季 本周 当周 本周数 本周值 本周完成 当周值 本旬 当旬 本旬数 本旬值 本旬完成 当旬值
single: 本日 当日 今日 当日值 当日数 本日数 当日完成 本日完成
end: 期末 期末数 期末值 期末余额 月末 月末数 月末余额 季末 年末 年末余额
growth: 同比 同比增长 同比增速 同比增幅 同比增减 同比升降 同比变化 增长 增速 增幅 增长率 增长速度
growth: 比上年 比上年增长 比上年同期 比上年同期增长 比去年同期 比去年同期增长 较上年同期增长
growth: 较上年 较去年 较上年同期 较去年同期 较上年增长 较去年同期增长 涨幅
growth: 同比增(减) 同比增减幅 同比增减幅度 同比增长幅度 增长幅度 增减幅 增减率 同比增减率
growth: 上年同期比 去年同期比 上年同期相比 去年同期相比 上年同期相比增长 去年同期相比增长
growth: 上年同期比增长 去年同期比增长 同期比 比同期
growth: 涨跌幅 实际增速 实际增长 同比实际增速 同比实际增长 growth
growth: yoy
growth_single: 当月同比 当月增长 当月增速 当期同比实际增速 当季同比
growth_cumulative: 累计同比 累计增长 累计增速 累计增幅 累计同比实际增速
change_pp: 增减百分点 升降百分点 增速变化 增速变动 增速增减 change_pp
change: 增减 变化 变动 升降
rank: 位次 排名 名次 排位 排序
rank_level: 总量位次 总量排名 总量名次 rank_level
rank_growth: 增速位次 增速排名 增速名次 增幅位次 增幅排名 增长位次 同比位次 同比排名 rank_growth
share: 占比 比重 所占比重 share
completion: 完成% 完成率 完成比例 完成进度 任务完成率 目标完成率 计划完成率 占年度计划 占年计划
completion: 占全年计划 占年度目标 占全年目标 占目标任务 占年度任务 占全年任务 占任务 完成年度任务
completion: 完成年度目标 完成年计划 完成全年任务 完成全年目标 完成全年计划 完成年度计划 completion
gap: 差距 相差 gap
this_year: 本年 今年 本年数
last_year: 上年同期 去年同期 上年同期数 去年同期数 上年同期值 去年同期值 上年同期完成 去年同期完成
last_year: 同期 同期数 上年 去年 上年数
last_year_single: 去年同月 上年同月 去年同月数 上年同月数 去年当月 上年当月
last_whole_year: 上年全年 去年全年 上年末 去年末 年初 年初数
"""
    ).items()
}

# 完成年度目标比例, 占任务%: by what was meant the completion, whatever the words' order.
_AIMS = [
    year + aim
    for year in ("", "年", "年度", "全年", "年初")
    for aim in ("目标", "任务", "目标任务", "计划", "预算", "预期目标")
    if year or aim != "预算"  # 一般公共预算 is a name
]
FIGURE_WORDS.update(
    (fold(text), Word("completion"))
    for aim in _AIMS
    for text in (
        f"占{aim}", f"占{aim}比重", f"占{aim}比例", f"占{aim}的比重", f"占{aim}的比例",
        f"完成{aim}%", f"完成{aim}的%", f"完成{aim}比例", f"完成{aim}的比例",
        f"{aim}完成率", f"{aim}完成%", f"{aim}完成比例", f"{aim}完成进度",
    )
)  # fmt: skip

# Say something only where nothing stands beside them: 存款余额 is a name, 余额 under it a level.
LONE_WORDS: dict[str, Word] = {
    **{fold(text): Word("level") for text in ("余额", "总额", "实际", "实际数")},
    **{fold(text): Word("growth") for text in ("±%", "+-%", "+/-%", "-+%", "-/+%")},
}

# Printed beside figures, but no figures of the house: why their cells are passed over.
_DROPPED_FOR = {
    "computed": "由系统据已有数据计算，不作为观测值收取",
    "target": "目标只从目标表读取，不进入完成数",
    "total": "合计行是哪个单位的合计没有写明；要读取请在 sources 里用 rename 写明单位",
}
DROPPED_WORDS: dict[str, str] = {
    word: _DROPPED_FOR[meaning]
    for word, meaning in _table(
        """
computed: 环比 环比增长 环比增速 环比增幅 增减额 增减量 增长额 增长量 增量 净增 净增额 净增长
computed: 同比增加额 同比增减额 同比增减量 增加额 增加量 增收 增收额 减收 减收额
computed: 序时进度 时序进度 差序时 与序时差 序时差
target: 目标 年度目标 全年目标 目标任务 年度任务 全年任务 任务 任务数 目标数 目标值 计划 年计划
target: 预算数 年初预算 年度预算 全年预算 调整预算 年初预算数
target: 年度计划 全年计划 计划数 年度目标任务 全年目标任务 序时任务 时序任务
total: 合计 总计 小计 共计
"""
    ).items()
}

TARGET_REASON = _DROPPED_FOR["target"]
# 合计 alone heads a total; at the end of a name it is part of the name.
TOTAL_WORDS = frozenset(
    word for word, reason in DROPPED_WORDS.items() if reason == _DROPPED_FOR["total"]
)

TRACK_WORDS: dict[str, str] = _table(
    """
estimate: 预计 预估 预计数 预估数 estimate
self: 自报 自报数 self
flash: 快报 快报数 flash
accounted: 核算 核算数 最终核实 最终核实数 accounted
recognised: 认定 认定数 上级认定 上级认定数 recognised
"""
)

WHOLE_WORDS: dict[str, Level] = {
    "全国": "nation", "全省": "province", "全市": "city", "全县": "county",
}  # fmt: skip

DIMENSION_WORDS: dict[str, str] = _table(
    """
indicator: 指标 指标名称 主要指标 主要经济指标 统计指标 经济指标 indicator
names: 项目 名称 类别
org: 地区 地区名称 县区 县市区 区县 市县 市州 市州名称 乡镇 镇街 乡镇街道 乡镇(街道) 街道 单位名称
org: 填报单位 区域 行政区 行政区划 县(市、区) 县(市)区 县(区) 省份 省 市 县 省市 地市 城市 county
org: area region province city org 县区名称 乡镇名称
org_or_unit: 单位
unit: 计量单位 unit
period: 时间 日期 年月 期间 统计期 报告期 时期 季度 date period 数据时间 所属期
year: 年份 年度 年 year
month: 月份 月 month
facet: facet kind 数据类型 指标类型
track: track 数据性质
serial: 序号 编号 序 行次 no no. 序列
code: 代码 行政区划代码 区划代码 地区编码 地区代码 行政代码 单位代码 机构代码 组织机构代码
code: 单位编码 机构编码 区划编码 行政区划编码 code
skip: 频度 频率 freq
note: 备注 说明 原因 存在问题 问题 注 remark note 责任单位 牵头单位 责任人 联系人 数据来源 来源
note: source 填报人 责任领导
"""
)

# An unknown heading with one of these may turn figures into others: it is always asked about.
SCOPE = re.compile(
    "目标|任务|计划|预|估|测|同期|上年|去年|上月|上期|力争|底线|确保|口径|剔除|扣除|不含|可比|不变价|"
    "限上|限额|规上|规模|调整|修订|初步|核"
)

# Said of a whole table or a group of columns; they change no figure.
_HARMLESS = """完成情况 情况 情况表 主要指标完成情况 主要经济指标完成情况 运行情况 进度 续表 其中
    实际情况 统计数据"""
HARMLESS_WORDS = frozenset(fold(text) for text in _HARMLESS.split())

LEADS = re.compile(
    r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、](?!\d)|#|★|☆|●|◆|"
    r"▲|△|※|\*+|"
    r"其中[::,、]?|#|-+)"
)
_DASH = "-‐‑‒–—―−－~～"
MARKERS = re.compile(
    rf"[{_DASH}]+|/+|\\+|[.…·]+|\*+|×+|n/?a\.?|n\.a\.|无数据|暂无数据|暂无|暂缺|缺"
)
CELL_WORDS = _table(
    """
not_due: 未到期 未到报送期
late: 逾期未报 未报 未报送 未上报
refused: 未认定 驳回 不予认定 未予认定
nil: 无 零报告
flat: 持平
"""
)

NOTE_START = re.compile(
    r"注\d*:|注释|备注:|说明:|数据来源|资料来源|来源:|单位负责人|填表人|填报人|审核人?:|制表|"
    r"联系电话|联系人|报出日期|签发人|\*"
)
# Before a remark in the cell beside it.
LONE_NOTES = frozenset(("注", "备注", "附注", "说明", "注释"))
INFO = re.compile(
    r"(?:计量单位|单位|填报单位|报送单位|填报部门|报送部门|制表单位|编制单位|时间|报告期|统计期|数据库|"
    r"表号|制定机关|批准文号|有效期至|填报日期|制表日期|填报时间|制表时间|上报日期|报送日期|报送时间|"
    r"日期):"
)
UNIT_LINE = re.compile(r"(?:计量单位|金额单位|数据单位|单位):(?P<units>.+)")
# Lines that date the paper, not the figures.
PAPER_DATE = re.compile(r"(?:填报|制表|编制|打印|印发|报出|报送|上报|发布|更新)(?:日期|时间)")
