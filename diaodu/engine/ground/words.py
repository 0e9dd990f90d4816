"""The closed vocabularies of the house, with the Chinese word a user sees for each."""

from __future__ import annotations

from typing import Literal, get_args

Facet = Literal[
    "level", "growth", "change_pp", "rank_level", "rank_growth", "gap", "share", "completion"
]
Track = Literal["estimate", "self", "flash", "accounted", "recognised"]
ObsWord = Literal["missing", "not_due", "late", "refused", "nil", "flat"]
MeasureWord = Literal[
    "no_base", "zero_base", "negative_base", "turned_positive", "turned_negative",
    "loss_narrowed", "loss_widened", "no_target", "not_published", "not_comparable", "undecidable",
]  # fmt: skip
Light = Literal["good", "watch", "behind", "unknown", "not_due", "no_target"]
Severity = Literal["hard", "soft"]
Level = Literal["nation", "province", "city", "county", "township", "department", "park"]
Tier = Literal["assigned", "own", "working", "floor", "stretch"]
TargetKind = Literal[
    "level", "growth", "ceiling", "increment", "rank", "not_bottom", "mean", "sign", "relative",
    "yes_no", "qualitative",
]  # fmt: skip
Comparator = Literal["reach", "at_least", "exceed", "about", "within", "hold"]
Signer = Literal["statistics", "vice", "leader"]  # the roles at a desk that may sign a return
# Which figure a streak, an average or a base is asked of beside the usual measures.
Further = Literal[
    "two_year_average", "growth_needed", "month_growth", "other_bases", "streak",
]  # fmt: skip
# -- duties (督办); who may do what when: dispatch/duty.py
DutyState = Literal[
    "draft", "issued", "declined", "working", "answered", "returned", "verified", "extension",
    "long_term", "closed", "reopened", "withdrawn",
]  # fmt: skip
DutyAct = Literal[
    "amend", "issue", "sign", "decline", "reassign", "note", "report", "answer", "send_back",
    "verify", "close", "decide", "ask_extension", "grant_extension", "refuse_extension",
    "keep_long", "resume", "reopen", "relieve", "escalate", "withdraw",
]  # fmt: skip
DutyHat = Literal["office", "leader", "lead", "support", "system", "reader"]
DutySource = Literal["meeting", "light", "upper", "inspection", "audit", "letter"]
# From the mildest to the gravest.
LadderStep = Literal[
    "reminder", "urge", "bulletin", "warning", "talk", "exposure", "accountability",
]  # fmt: skip
# -- warnings (预警); what a rule says and where a warning stands: judge/warnings_life.py
WarningKind = Literal[
    "pace_gap", "growth_gap", "growth", "bottom", "sign_flip", "volatility", "streak",
    "rank_class", "contradiction", "late", "support",
]  # fmt: skip
WarningSays = Literal["hit", "clear", "no_data", "apart", "ended"]
WarningPhase = Literal["pending", "active", "recovering", "no_data", "closed"]
WarningEnd = Literal["recovered", "never_active", "retracted", "ended", "false_alarm"]
Teller = Literal["unit", "owner", "vice", "leader", "dispatch", "supervision", "statistics"]
CellFate = Literal["label", "note", "marker", "kept", "held", "ignored"]

FURTHER: tuple[str, ...] = get_args(Further)
FACETS: tuple[str, ...] = get_args(Facet)
TRACKS: tuple[str, ...] = get_args(Track)
CELL_FATES: tuple[str, ...] = get_args(CellFate)

FACET_NAMES: dict[str, str] = {
    "level": "总量", "growth": "增速", "change_pp": "增减百分点", "rank_level": "总量位次",
    "rank_growth": "增速位次", "gap": "相差百分点", "share": "占比", "completion": "完成率",
}  # fmt: skip
TRACK_NAMES: dict[str, str] = {
    "estimate": "预计", "self": "自报", "flash": "快报", "accounted": "核算",
    "recognised": "上级认定",
}  # fmt: skip
# A figure put right by the rulebook: no track that anything comes in on or a use may name.
CORRECTED = "corrected"
OBS_TRACK_NAMES: dict[str, str] = {**TRACK_NAMES, CORRECTED: "更正"}
OBS_WORD_NAMES: dict[str, str] = {
    "missing": "无数据", "not_due": "未到期", "late": "逾期未报", "refused": "未予认定",
    "nil": "无", "flat": "持平",
}  # fmt: skip
MEASURE_WORD_NAMES: dict[str, str] = {
    "no_base": "无同期数", "zero_base": "同期为零", "negative_base": "同期为负",
    "turned_positive": "由负转正", "turned_negative": "由正转负", "loss_narrowed": "亏损收窄",
    "loss_widened": "亏损扩大", "no_target": "未下达", "not_published": "未发布",
    "not_comparable": "无法比较", "undecidable": "按印发精度不能判定",
}  # fmt: skip
LIGHT_NAMES: dict[str, str] = {
    "good": "良好", "watch": "关注", "behind": "落后", "unknown": "无法判断",
    "not_due": "未到期", "no_target": "未下达任务",
}  # fmt: skip
TIER_NAMES: dict[str, str] = {
    "assigned": "上级下达", "own": "本级自定", "working": "调度目标", "floor": "底线",
    "stretch": "力争",
}  # fmt: skip
KIND_NAMES: dict[str, str] = {
    "level": "总量", "growth": "增速", "ceiling": "上限", "increment": "净增", "rank": "位次",
    "not_bottom": "不进后几位", "mean": "不低于平均", "sign": "由负转正", "relative": "相对",
    "yes_no": "是否", "qualitative": "定性",
}  # fmt: skip
# The kinds whose measures are made for every target, and that light tables are written for.
FIGURE_KINDS: tuple[str, ...] = ("level", "growth", "ceiling")
COMPARATOR_NAMES: dict[str, str] = {
    "reach": "达到", "at_least": "以上", "exceed": "突破", "about": "左右", "within": "以内",
    "hold": "控制在",
}  # fmt: skip
LEVEL_NAMES: dict[str, str] = {
    "nation": "全国", "province": "省", "city": "市", "county": "县", "township": "乡镇",
    "department": "部门", "park": "园区",
}  # fmt: skip
FURTHER_NAMES: dict[str, str] = {
    "two_year_average": "两年平均增速", "growth_needed": "余下时间需增长",
    "month_growth": "当月增速", "other_bases": "较年初、较去年全年", "streak": "连续月数",
}  # fmt: skip
DUTY_STATE_NAMES: dict[str, str] = {
    "draft": "拟稿", "issued": "待签收", "declined": "单位退回", "working": "办理中",
    "answered": "待核实", "returned": "退回重报", "verified": "已核实待销号",
    "extension": "延期待批", "long_term": "长期整改", "closed": "已销号",
    "reopened": "回头看重办", "withdrawn": "已撤销",
}  # fmt: skip
DUTY_ACT_NAMES: dict[str, str] = {
    "amend": "修改", "issue": "交办", "sign": "签收", "decline": "退回交办", "reassign": "改交",
    "note": "记办理进展", "report": "报进展", "answer": "反馈", "send_back": "退回补充",
    "verify": "核实", "close": "销号", "decide": "按决定销号", "ask_extension": "申请延期",
    "grant_extension": "同意延期", "refuse_extension": "不同意延期", "keep_long": "转长期整改",
    "resume": "恢复办理", "reopen": "回头看重办", "relieve": "认定容错或不可抗力",
    "escalate": "采取督办措施", "withdraw": "撤销",
}  # fmt: skip
DUTY_HAT_NAMES: dict[str, str] = {
    "office": "督查", "leader": "领导", "lead": "主办单位", "support": "协办单位",
    "system": "系统", "reader": "其他人",
}  # fmt: skip
DUTY_SOURCE_NAMES: dict[str, str] = {
    "meeting": "会议决定", "light": "亮灯预警", "upper": "上级文件", "inspection": "督查发现",
    "audit": "审计", "letter": "来信来函",
}  # fmt: skip
LADDER_STEP_NAMES: dict[str, str] = {
    "reminder": "提醒", "urge": "催办", "bulletin": "通报", "warning": "预警函", "talk": "约谈",
    "exposure": "走在后说清楚", "accountability": "问责提请",
}  # fmt: skip
WARNING_KIND_NAMES: dict[str, str] = {
    "pace_gap": "进度差", "growth_gap": "增速欠账", "growth": "增速低", "bottom": "倒数",
    "sign_flip": "由好转差", "volatility": "大起大落", "streak": "连续走低",
    "rank_class": "位次分类", "contradiction": "相互矛盾", "late": "逾期未报",
    "support": "支撑不足",
}  # fmt: skip
WARNING_SAYS_NAMES: dict[str, str] = {
    "hit": "触发", "clear": "未触发", "no_data": "无数据", "apart": "不适用", "ended": "规则停用",
}  # fmt: skip
WARNING_PHASE_NAMES: dict[str, str] = {
    "pending": "待确认", "active": "预警中", "recovering": "恢复中", "no_data": "无数据",
    "closed": "已解除",
}  # fmt: skip
WARNING_END_NAMES: dict[str, str] = {
    "recovered": "恢复后解除", "never_active": "没有持续，自行消除",
    "retracted": "数据修订后不再触发", "ended": "规则不再适用", "false_alarm": "误报",
}  # fmt: skip
TELLER_NAMES: dict[str, str] = {
    "unit": "本单位", "owner": "牵头部门", "vice": "分管领导", "leader": "主要领导",
    "dispatch": "调度", "supervision": "督查", "statistics": "统计",
}  # fmt: skip
SIGNER_NAMES: dict[str, str] = {"statistics": "统计", "vice": "分管领导", "leader": "领导"}

# Findings that are for one office of the desk alone, and for whom; all others are for everybody.
AUDIENCES: dict[str, Signer] = {"heaped": "statistics"}

# The measures of a run (docs/measures.md), in the order in which they are listed there.
MEASURES: tuple[str, ...] = (
    "value", "month_value", "last_year", "change", "growth", "growth_published", "implied_base",
    "growth_change_pp", "completion", "pace", "pace_gap", "arrears_growth", "arrears_pace",
    "arrears_pace_pp", "arrears_gross", "arrears_net", "shortfall_year", "shortfall_reportable",
    "mean_required", "allowance", "share", "rank_level", "rank_growth",
    "rank_level_reverse", "rank_growth_reverse",
    "rank_level_n", "rank_growth_n", "rank_level_move", "rank_growth_move",
    "rank_level_published", "rank_growth_published",
    "pull", "contribution", "pull_other", "like_for_like", "coverage_effect", "coverage_effect_pp",
    "recognition_gap", "recognition_gap_pct", "rank_level_gap_next", "rank_growth_gap_next",
    "rank_level_gap_behind", "rank_growth_gap_behind", "range_level", "range_growth",
    "variation_level", "places_level", "places_growth",
    "gap_parent", "gap_peers_mean", "count_above_target", "count_at_target",
    "count_below_target", "count_no_target", "count_growth_up", "count_growth_flat",
    "count_growth_down", "count_growth_not_comparable", "count_target_not_comparable",
    "two_year_average", "growth_needed", "growth_needed_next", "month_growth",
    "month_growth_published",
    "month_growth_solved", "growth_change_year_pp", "streak", "streak_month", "streak_sign",
    "streak_target", "streak_first", "completion_band",
    "support_coverage", "outcome", "target_growth", "mean_left",
)  # fmt: skip
MEASURE_NAMES: dict[str, str] = {
    "value": "本期值", "month_value": "当月值", "last_year": "上年同期", "change": "比上年同期增减",
    "growth": "增速（计算）", "growth_published": "增速（公布）", "implied_base": "推算同期数",
    "growth_change_pp": "增速比上期增减", "completion": "完成率", "pace": "序时进度",
    "pace_gap": "完成率与序时进度之差", "arrears_growth": "增速欠账", "arrears_pace": "进度欠账",
    "arrears_pace_pp": "进度欠账（百分点）", "arrears_gross": "下级进度欠账合计（只计欠账）",
    "arrears_net": "下级进度欠账合计（超欠相抵）", "shortfall_year": "全年缺口",
    "shortfall_reportable": "入库缺口", "mean_required": "剩余月份月均需完成",
    "allowance": "上限余量", "share": "占比", "rank_level": "总量位次", "rank_growth": "增速位次",
    "rank_level_reverse": "总量倒数位次", "rank_growth_reverse": "增速倒数位次",
    "rank_level_n": "总量参加排名个数", "rank_growth_n": "增速参加排名个数",
    "rank_level_move": "总量位次变动", "rank_growth_move": "增速位次变动",
    "rank_level_published": "总量位次（公布）", "rank_growth_published": "增速位次（公布）",
    "pull": "拉动", "contribution": "贡献率", "pull_other": "其他部分拉动",
    "like_for_like": "同口径增速", "coverage_effect": "进退影响",
    "coverage_effect_pp": "进退影响（百分点）", "recognition_gap": "认定差",
    "recognition_gap_pct": "认定差占自报比重", "rank_level_gap_next": "总量距前一位",
    "rank_growth_gap_next": "增速距前一位", "rank_level_gap_behind": "总量距后一位",
    "rank_growth_gap_behind": "增速距后一位", "range_level": "总量极差",
    "range_growth": "增速极差", "variation_level": "总量离散系数",
    "places_level": "总量位次分布", "places_growth": "增速位次分布",
    "gap_parent": "与上级增速之差", "gap_peers_mean": "与同组平均增速之差",
    "count_above_target": "高于目标个数", "count_at_target": "与目标持平个数",
    "count_below_target": "低于目标个数", "count_no_target": "未下达目标个数",
    "count_target_not_comparable": "与目标无法比较个数", "count_growth_up": "增速上升个数",
    "count_growth_flat": "增速持平个数", "count_growth_down": "增速下降个数",
    "count_growth_not_comparable": "增速无法比较个数",
    "two_year_average": "两年平均增速", "growth_needed": "余下时间需增长",
    "growth_needed_next": "下一期需增长", "month_growth": "当月增速（计算）",
    "month_growth_published": "当月增速（公布）",
    "month_growth_solved": "当月增速（推算）", "growth_change_year_pp": "增速比上年全年增减",
    "streak": "增速连升连降月数", "streak_month": "当月增速连升连降月数",
    "streak_sign": "增速连正连负月数", "streak_target": "连续达到或落后月数",
    "streak_first": "增速连续第一月数",
    "completion_band": "完成档次", "support_coverage": "支撑覆盖",
    "outcome": "对照目标", "target_growth": "总量目标相当于增长",
    "mean_left": "余下时间平均不超过",
}  # fmt: skip

# What a light's condition may ask for beside the measures, each with the words it may answer;
# () for a number. judge/facts.py says what each means.
YES_OR_NO = ("是", "否")
FACTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("has_target", "has_value", "is_due", "held", "late", "has_pace", "year_end", "falling"),
        YES_OR_NO,
    ),
    "met": (*YES_OR_NO, "undecidable", MEASURE_WORD_NAMES["undecidable"]),
    "kind": (*KIND_NAMES, *KIND_NAMES.values()),
    "tier": (*TIER_NAMES, *TIER_NAMES.values()),
    "comparator": (*COMPARATOR_NAMES, *COMPARATOR_NAMES.values()),
    "direction": ("high", "low", "越高越好", "越低越好"),
    "basis": ("ytd", "month", "stock", "rate", "mean", "count"),
    "short_growth": (),
    "short_pace": (),
    "short_pct": (),
}
