"""The office's sentences: one pattern per case, and the small functions that tell the case.

Fields: figures come without sign (the words carry it); % and 百分点 are never exchanged.
"""

from __future__ import annotations

from decimal import Decimal

from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import Tier
from diaodu.engine.report.spans import is_zero

# How a level is said, by basis. `value` keeps its sign: a loss of 3.2 is said as −3.2.
LEVEL = {
    "ytd": "{name}完成{value}{unit}",
    "month": "{name}为{value}{unit}",
    "stock": "{name}为{value}{unit}",
    "rate": "{name}为{value}{unit}",
    "mean": "{name}平均为{value}{unit}",
    "count": "{name}累计{value}{unit}",
}
LEVEL_ABSENT = "{name}总量{why}"
ABSENT = {
    "未到期": "{name}未到发布时间", "逾期未报": "{name}逾期未报",
    "暂扣": "{name}来数暂扣，见审核意见", "未发布": "{name}未发布",
}  # fmt: skip

# Against the same period last year. `than` is 同比, or 比上年同期末 for balances.
GROWTH = {
    "up": "{than}增长{growth}%",
    "down": "{than}下降{growth}%",
    "flat": "与上年同期持平",
    "nearly_flat": "与上年同期基本持平",
    "no_base": "无上年同期数",
    "zero_base": "上年同期为零，不计增速",
    "negative_base": "上年同期为负，不计增速",
    "turned_positive": "{than}由负转正",
    "turned_negative": "{than}由正转负",
    "loss_narrowed": "亏损{than}收窄",
    "loss_widened": "亏损{than}扩大",
    "no_target": "增速无法判断",
    "not_published": "增速未发布",
    "not_comparable": "增速无法比较",
    "undecidable": "增速按印发精度不能判定",
}
COMPUTED = "（按总量推算）"
COMPUTED_REAL = "（按现价总量推算）"

# Of a comparison across a declared break, once: in place of a growth that there is none of, behind
# one that was published all the same, behind one over a base that was revised.
BROKEN = {
    "apart": "因{acts}，与上年同期不可比",
    "published": "因{acts}，与上年同期数不可比，增速以发布数为准",
    "revised_base": "因{acts}，上年同期数已按新口径修订",
}
AN_ACT = "{kind}（{since}起）"

# Change of the growth rate since the previous period, by the signs of both rates. Sentences that
# begin with 增速 leave the word standing for the comparisons that follow.
SUBJECT = "增速"
CHANGE = {
    "up_more": "增速比{base}提高{change}个百分点",
    "up_less": "增速比{base}回落{change}个百分点",
    "up_same": "增速与{base}持平",
    "down_less": "降幅比{base}收窄{change}个百分点",
    "down_more": "降幅比{base}扩大{change}个百分点",
    "down_same": "降幅与{base}持平",
    "turned_up": "增速比{base}由负转正、提高{change}个百分点",
    "turned_down": "增速比{base}由正转负、回落{change}个百分点",
    "not_comparable": "增速与{base}无法比较",
}

# `least` in streaks that may be longer than the figures tell.
LEAST = "至少"

# Behind the change, by its case: for how many months it has gone that way.
STREAK = {
    "up_more": "、{least}连续{months}个月提高",
    "up_less": "、{least}连续{months}个月回落",
    "down_less": "、{least}连续{months}个月收窄",
    "down_more": "（增速{least}连续{months}个月回落）",
    "turned_up": "（增速{least}连续{months}个月提高）",
    "turned_down": "（增速{least}连续{months}个月回落）",
}

GAP = {
    "above": "高于{who}{gap}个百分点",
    "below": "低于{who}{gap}个百分点",
    "same": "与{who}持平",
}

RANK_NAMES = {"rank_growth": "增速", "rank_level": "总量"}
RANK = {
    "alone": "{what}居{where}第{rank}位",
    "tied": "{what}居{where}并列第{rank}位",
}
TIED = "并列"
PEERS = "{n}个{kind}参与排名"
MOVE = {
    "up": "比{base}上升{move}位",
    "down": "比{base}后退{move}位",
    "same": "位次与{base}相同",
    "not_comparable": "排名范围与{base}不同，位次不作比较",
    "broken": "位次不与{base}比较",
}
MOVES_NOT_COMPARABLE = {
    "not_comparable": "排名范围与{base}不同，位次升降无法比较",
    "broken": "{base}以后口径有变动，位次升降无法比较",
}
MOVES_WITHOUT_BASE = "没有上期排名，位次升降无法比较"

TIER_PHRASES: dict[Tier, str] = {
    "assigned": "上级下达", "own": "本级自定", "working": "调度", "floor": "底线",
    "stretch": "力争",
}  # fmt: skip
COMPLETION = "完成{tier}{kind}{target}{unit}的{completion}%"
PACE = {
    "ahead": "比序时进度高{gap}个百分点",
    "behind": "比序时进度低{gap}个百分点",
    "same": "与序时进度持平",
    # Not equal, though the printed digit is a zero: the light beside it may be a worse one.
    "hardly_ahead": "略高于序时进度",
    "hardly_behind": "略低于序时进度",
}
GROWTH_TARGET = {
    "above": "高于{tier}增速目标（{target}%{how}）{gap}个百分点",
    "below": "低于{tier}增速目标（{target}%{how}）{gap}个百分点",
    "same": "与{tier}增速目标（{target}%{how}）持平",
}
WITHIN_TOLERANCE = "在容差以内"  # short of a target of 左右, but not by more than is allowed
CEILING = {
    "within": "控制在{tier}上限{target}{unit}以内，余量{left}{left_unit}",
    "exact": "达到{tier}上限{target}{unit}，没有余量",
    "beyond": "超出{tier}上限{target}{unit}，超出{left}{left_unit}",
}
CEILING_VALUE = "已达{value}{unit}"
CEILING_LEFT = {
    "within": "上限余量{left}{left_unit}", "exact": "没有余量", "beyond": "超出{left}{left_unit}",
}  # fmt: skip
TARGET_ABSENT = {
    "assigned": "上级尚未下达任务", "own": "本级目标未定", "working": "调度目标未定",
    "floor": "底线目标未定", "stretch": "力争目标未定",
}  # fmt: skip
TARGET_UNMEASURED = "{tier}目标（{target}{unit}）因缺数不能对照"

# By what an outcome says first; the targets that no light reads.
OUTCOMES = {
    "达到": "达到{tier}目标（{asked}）",
    "按序时达到": "按序时达到{tier}目标（{asked}）",
    "恰好，算达到": "恰好达到{tier}目标（{asked}）",
    "按序时恰好，算达到": "按序时恰好达到{tier}目标（{asked}）",
    "恰好，不算达到": "未达到{tier}目标（{asked}）",
    "未达到": "未达到{tier}目标（{asked}），差{off}{unit}",
    "按序时未达到": "按序时未达到{tier}目标（{asked}），差{off}{unit}",
    "按印发精度不能判定": "是否达到{tier}目标（{asked}），按印发精度不能判定",
}

ROW_LIGHT = "综合亮灯为{light}"  # the worst of several targets

COUNTS_TARGET = "对照年度目标，主要指标{above}高{at}平{below}低"
COUNTS_TARGET_NONE = "主要指标没有可对照的年度目标"
COUNTS_GROWTH = "增速与上期相比，{up}升{flat}平{down}降"
NAMED = "，{what}：{names}"

# Light by shape and word, so that it can be read without colour.
LIGHTS = {
    "good": "●良好", "watch": "▲关注", "behind": "■落后", "unknown": "○无法判断",
    "not_due": "○未到期", "no_target": "○未下达",
}  # fmt: skip

# In points in brackets behind the same arrears in units, where both are told.
ARREARS_PACE_BOTH = "进度欠账{figure}{unit}（{points}个百分点）"
ARREARS = {
    "arrears_growth": "增速欠账{figure}个百分点",
    "arrears_pace": "进度欠账{figure}{unit}",
    "arrears_pace_pp": "进度欠账{figure}个百分点",
    "shortfall_year": "全年缺口{figure}{unit}",
    "shortfall_reportable": "入库缺口{figure}{unit}",
    "mean_required": "剩余月份月均需完成{figure}{unit}",
}

# What the orgs below owe to their pace together: gross, then after those ahead are set off.
ARREARS_BELOW = "所属单位进度欠账合计{gross}{unit}，超额相抵后{net}"
ARREARS_NET = {"owed": "净欠{net}{unit}", "even": "持平", "ahead": "净超{net}{unit}"}

# -- 结构与走势 --------------------------------------------------------------------------------
# Cases are over, at and under zero; figures come without sign.

# The month's growth, the first that there is; what is said behind it.
MONTH_NOTES = {
    "month_growth_published": "", "month_growth": COMPUTED,
    "month_growth_solved": "（由累计增速推算，只供参考）",
}  # fmt: skip
MONTH = {
    "up": "{when}增长{growth}%", "down": "{when}下降{growth}%", "flat": "{when}与上年同期持平",
}  # fmt: skip
STREAKS = {
    "streak_month": {
        "up": "{when}增速{least}连续{months}个月上升",
        "down": "{when}增速{least}连续{months}个月回落",
    },
    "streak_sign": {"up": "{least}连续{months}个月增长", "down": "{least}连续{months}个月下降"},
}
STREAK_TARGET = {
    "up": "{least}连续{months}个月达到{tier}{kind}的要求",
    "down": "{least}连续{months}个月没有达到{tier}{kind}的要求",
}
STREAK_CEILING = {
    "up": "{least}连续{months}个月控制在{tier}{kind}以内",
    "down": "{least}连续{months}个月超出{tier}{kind}",
}
TWO_YEARS = {
    "up": "两年平均增长{growth}%（以{base}为基期）",
    "down": "两年平均下降{growth}%（以{base}为基期）",
    "flat": "两年平均持平（以{base}为基期）",
}
SINCE = {
    "up": "比{base}增加{change}{unit}", "down": "比{base}减少{change}{unit}",
    "flat": "与{base}持平",
}  # fmt: skip
SINCE_GROWTH = {"up": "增长{growth}%", "down": "下降{growth}%"}

AIM = {
    "level": "完成{tier}{kind}{target}{unit}",
    "growth": "达到{tier}{kind}（{target}{unit}{how}）",
}
NEEDED = {
    "up": "要{aim}，余下时间需增长{growth}%",
    "down": "要{aim}，余下时间降幅不能超过{growth}%",
    "flat": "要{aim}，余下时间需与上年同期持平",
}
NEEDED_REACHED = "已提前{aim}"
BAND = "{tier}{kind}的进度属“{band}”"

BREAKDOWN = "从{breakdown}看"
# Parts add up at current prices only; the growth beside them was published at constant ones.
BREAKDOWN_REAL = "从{breakdown}看（按现价总量计算，不同于公布的可比价增速）"
PULL = {
    "up": "{part}拉动{pull}个百分点", "down": "{part}下拉{pull}个百分点",
    "flat": "{part}基本没有拉动",
}  # fmt: skip
CONTRIBUTION = {"up": "（贡献率{contribution}%）", "down": "（对下降的贡献率{contribution}%）"}
PULL_OTHER = {"up": "其他部分拉动{pull}个百分点", "down": "其他部分下拉{pull}个百分点"}
FIRST_PARTS = "居前的是{parts}"
LAST_PARTS = "居后的是{parts}"
LIKE_FOR_LIKE = {
    "up": "同口径增长{growth}%", "down": "同口径下降{growth}%", "flat": "同口径持平",
}  # fmt: skip
COVERAGE_PP = {
    "up": "单位进退拉高增速{points}个百分点", "down": "单位进退拉低增速{points}个百分点",
    "flat": "单位进退对增速没有影响",
}  # fmt: skip
COVERAGE = {
    "up": "进退相抵增加{effect}{unit}", "down": "进退相抵减少{effect}{unit}",
    "flat": "进退相抵为零",
}  # fmt: skip
RECOGNITION = {
    "up": "自报数比上级认定数多{gap}{unit}", "down": "自报数比上级认定数少{gap}{unit}",
    "flat": "自报数与上级认定数一致",
}  # fmt: skip
RECOGNITION_SHARE = "（占自报数的{share}%）"

STANDING = "{what}在{where}"
NEIGHBOURS = {
    "next": {"up": "距前一位{gap}{unit}", "down": "距前一位{gap}{unit}", "flat": "与前一位相同"},
    "behind": {
        "up": "领先后一位{gap}{unit}", "down": "领先后一位{gap}{unit}", "flat": "与后一位相同",
    },
}  # fmt: skip
AMONG = "各{kind}"
SPREAD = {
    "range_growth": "增速最高与最低相差{figure}{unit}",
    "range_level": "总量最大与最小相差{figure}{unit}",
    "variation_level": "总量离散系数{figure}{unit}",
}
PLACES = {"places_growth": "增速位次", "places_level": "总量位次"}
PLACES_TOLD = "主要指标{what}在{where}的分布：{classes}"
A_CLASS = "{name}{count}个"

# -- 上期交办事项落实情况 ------------------------------------------------------------------------
DUTIES_DAY = "截至{day}"
DUTIES_LAST = "上期交办事项"
DUTIES_SINCE = "{since}以来交办事项"
DUTIES_NONE = "一件也没有。"
DUTIES_TOTAL = "共{count}件"
DUTY_FATES = {
    "in_time": "按期办结{count}件", "done_late": "逾期办结{count}件",
    "at_work": "在办未到期{count}件", "overdue": "逾期未办结{count}件",
    "long_term": "长期整改{count}件",
}  # fmt: skip
DUTIES_RATE = "办结率{rate}%"
DUTIES_NONE_OVERDUE = "没有逾期未办结的事项。"
DUTIES_MORE_OVERDUE = "另有{count}件逾期未办结，没有列入。"
DUTIES_LONG = "长期整改的有{names}。"
DUTIES_WITHDRAWN = "另有{count}件已撤销，不计在内。"

CODE_NAMES = {
    "unreadable": "文件读不出", "encrypted": "文件有密码", "truncated": "文件不完整",
    "empty_sheet": "空表", "unknown_layout": "版式不认识", "too_big": "文件过大",
    "not_a_number": "不是数字", "formula_error": "公式出错", "no_cached_value": "公式无结果",
    "hidden": "隐藏单元格", "unknown_indicator": "指标不认识", "unknown_org": "单位不认识",
    "ambiguous_name": "名称有歧义", "unknown_unit": "计量单位不认识",
    "ambiguous_period": "统计期不明", "wrong_period": "统计期不对",
    "no_receipt_day": "无收到日", "duplicate_unit": "同一单位重复报送", "conflict": "两数不一致",
    "revised": "数字有修订", "out_of_range": "超出合理范围", "cumulative_fell": "累计数减少",
    "month_vs_ytd": "当月与累计不符", "parts_vs_parent": "分项与总数不符",
    "implied_base": "推算同期数不符", "published_vs_computed": "发布增速与推算不符",
    "jump": "数字突变", "contradiction": "相互矛盾", "unit_slip": "疑似单位错",
    "heaped": "数字扎堆", "missing": "缺报", "late": "逾期", "corrected": "已更正",
    "correction_unfit": "更正落空",
}  # fmt: skip
SEVERITY_NAMES = {"hard": "暂扣", "soft": "提示"}


def goal_kind(target: Target) -> str:
    """What a target is called behind its tier: only what comes from above is a 任务."""
    if target.kind == "ceiling":
        return "上限"
    if target.kind == "growth":
        return "增速目标"
    return "任务" if target.tier == "assigned" else "目标"


def growth_case(growth: Measure) -> str:
    if growth.value is None:
        return growth.word or "not_published"
    if growth.value == 0:
        return "flat"
    if is_zero(growth):
        return "nearly_flat"
    return "up" if growth.value > 0 else "down"


def change_case(growth: Measure | None, change: Measure) -> str:
    """`growth` None: only the change was published, the sign of the rates is not known."""
    if change.value is None:
        return "not_comparable"
    now = growth.value if growth is not None and growth.value is not None else None
    if now is None:
        return _by_size(change, "up")
    before = now - change.value
    if is_zero(change):
        return "down_same" if now < 0 else "up_same"
    if now < 0 and before < 0:
        return "down_less" if change.value > 0 else "down_more"
    if now > 0 > before:
        return "turned_up"
    if now < 0 < before:
        return "turned_down"
    return _by_size(change, "up")


def _by_size(change: Measure, stem: str) -> str:
    if is_zero(change):
        return f"{stem}_same"
    assert change.value is not None
    return f"{stem}_more" if change.value > 0 else f"{stem}_less"


def side(measure: Measure, above: str, same: str, below: str) -> str:
    """The word for a figure over, at or under zero at its printed digits."""
    assert measure.value is not None
    if is_zero(measure):
        return same
    return above if measure.value > Decimal(0) else below
