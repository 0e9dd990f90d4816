"""How offices print the figures of a run: the words between what a figure is of, or the figure
before it, and the figure, and which measure they mean.

The words must be known to the last sign: a figure behind any others is not held against the run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diaodu.engine.proofread.reading.model import AMOUNT, FIGURES, PERCENT, PLACE, POINTS

# What the ledger knows by name stands in a marked form as one sign.
ORG, INDICATOR = "Ⓞ", "Ⓘ"

_ABOUT = "(?:了|约|达到?|近|为)?"
_TIER = "(?P<tier>上级下达|上级|市下达|省下达|本级自定|本级|自定|调度|底线|力争)?"
_AIM = (
    "(?:的)?(?:全年|年度|年初)?(?:预期|预算|计划|工作|增速)?"
    "(?:目标|任务|计划|预算)(?:任务|目标)?(?:数)?"
)
_BASE = "(?P<base>＠(?:全年)?|上月|上个月|上期|上季度|上年全年|去年全年|年初)"
_UP = "提高|回升|加快|提升|上升|加速|前移|前进|进"
_DOWN = "回落|下降|放缓|降低|减缓|下滑|后退|后移|退"
_RISE = "同比|[比较]＠同期|[比较](?:上年|去年)(?:同期末?)?"
_PRICE = "(?:，?按(?:可比|不变)(?:价格?)?(?:计算)?，?)?"
_GROWS = (
    f"(?:名义|实际)?(?:增长|增加|上升|下降|减少|下滑|回落|负增长|增速|增幅|降幅|跌幅|增|降){_ABOUT}"
)
_ALONE = "(?:其中，?)?＠?(?:当月|单月|当季)"
_PLACES = "(?:各?(?:县市?区|县|市州|市|乡镇(?:街道)?))?"
_RANGED = rf"(?:(?P<what>增速|总量)在(?P<who>{ORG}))?"
_COLON = "[：，、；]?"
_OWED = "(?:）：(?:＠(?:（[^）]*）)?，)?|，)"

# What may stand before any of the words: the rest of a bracket, a remark in brackets, a clause that
# has no figure because there is nothing to tell.
_REMARK = rf"（[^（）{FIGURES}]*）"
_NONE = (
    "持平|相同|不同|不变|一致|没有余量|略[高低]于序时进度|进度属“[^”]*”|没有拉动|没有影响|相抵为零|"
    "未发布|逾期未报|暂扣|未到发布时间|不能判定|无法判断|不计增速|不能对照|无法比较|不作比较|不可比|"
    "无上年同期数|为准|已按新口径修订|由[负正]转[正负]|收窄|扩大|从[^，；。：（]{1,16}看"
)
_PASSED = (
    "(?:(?:(?:总量)?(?:未发布|逾期未报|未到期|暂扣|未到发布时间)|基本没有拉动)(?=[，、；]))?"
    rf"(?:(?:以上|左右|以内|以下)?(?:[^（）；。{FIGURES}]*）|{_REMARK})(?:因缺数不能对照|持平)?)?"
    rf"(?:[，、；：][^，、；。：（{FIGURES}]*(?:{_NONE})(?:{_REMARK})?(?=[，、；]))*"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """`name`: what is meant, its `measures`, the first there is; `words` between; `after`: only
    behind these in the same sentence; `tail`: what must follow the figure.

    Groups of `words` and `tail`: `who` an org, `part` an org whose pull is told, `base` a period,
    `what` is ranked, `tier` of a target, `way` a direction.
    """

    name: str
    sign: str
    words: str
    measures: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    tail: str = ""


_GROWTHS = ("growth_published", "growth")
_CHANGES = ("growth_change_pp", "growth_change_year_pp")
_MONTHS = ("month_growth_published", "month_growth", "month_growth_solved")

PHRASES: tuple[Phrase, ...] = (
    # -- levels and growth ---------------------------------------------------------------------
    Phrase("value", AMOUNT,
           r"[，、]?(?:总量|总额)?(?:累计|共|合计|平均)?(?:完成|实现|达到|达|为|是|有)?" + _ABOUT,
           ("value",), ("", "growth")),
    Phrase("value", PERCENT, r"(?:平均)?(?:为|是|达到|达)", ("value",), ("",)),
    Phrase("month_value", AMOUNT, rf"{_COLON}{_ALONE}(?:完成|实现|达到|达|为)?{_ABOUT}",
           ("month_value",)),
    Phrase("since_growth", PERCENT, rf"[，、]{_GROWS}", ("growth",), ("since",)),
    Phrase("growth", PERCENT, rf"[，、；（]?＠?{_PRICE}(?:累计)?(?:{_RISE})?，?{_GROWS}", _GROWTHS,
           ("", "value", "rank", "move", "peers", "month_value")),
    Phrase("growth", PERCENT, rf"[，、；（]＠累计(?:{_RISE})?{_GROWS}", _GROWTHS,
           ("growth", "month_growth")),
    Phrase("month_growth", PERCENT, rf"{_COLON}{_ALONE}(?:同比)?{_GROWS}", _MONTHS),
    Phrase("two_years", PERCENT, rf"{_COLON}（?两年平均{_GROWS}", ("two_year_average",)),
    Phrase("since", AMOUNT,
           rf"{_COLON}(?:比|较)(?P<base>年初|上年全年)(?P<way>增加|净增|新增|减少|下降)",
           ("change",)),
    Phrase("since", POINTS, rf"{_COLON}(?:比|较)(?P<base>上年全年)(?P<way>增加|提高|减少|下降)",
           ("change",)),
    # -- comparisons of growth -------------------------------------------------------------------
    Phrase("change", POINTS,
           rf"{_COLON}（?(?P<what>增速|增幅|涨幅|降幅|跌幅)?同?(?:比|较){_BASE}"
           rf"(?:由负转正、?|由正转负、?)?(?P<way>{_UP}|{_DOWN}|收窄|扩大|增加|减少){_ABOUT}",
           _CHANGES),
    Phrase("gap", POINTS,
           rf"{_COLON}(?:增速|增幅)?(?:(?P<way>高于|低于|快于|慢于|高出)(?P<who>{ORG})"
           rf"|比(?P<who2>{ORG}))(?:平均(?:水平|增速)?|增速)?(?P<way2>高|低|快|慢)?{_ABOUT}",
           ("gap_parent",)),
    # -- places ----------------------------------------------------------------------------------
    Phrase("rank", PLACE,
           rf"[，、；（]?(?P<what>增速|增幅|总量)?(?:位次)?(?:排名|排|位|名)?(?:居|列|在)?"
           rf"(?P<who>{ORG})?{_PLACES}(?P<back>倒数)?(?:并列)?(?:排名?)?(?P<back2>倒数)?"),
    Phrase("peers", AMOUNT, r"[（，]", after=("rank",), tail=r"[^，。；）]{0,6}参[与加]排名"),
    Phrase("move", AMOUNT,
           rf"[，、]?(?:位次|名次)?(?:比|较){_BASE}(?P<way>{_UP}|{_DOWN}){_ABOUT}",
           after=("rank", "peers")),
    Phrase("next", POINTS, rf"{_COLON}{_RANGED}距前一位", ("rank_growth_gap_next",)),
    Phrase("next", AMOUNT, rf"{_COLON}{_RANGED}距前一位", ("rank_level_gap_next",)),
    Phrase("behind", POINTS, rf"{_COLON}{_RANGED}领先后一位", ("rank_growth_gap_behind",)),
    Phrase("behind", AMOUNT, rf"{_COLON}{_RANGED}领先后一位", ("rank_level_gap_behind",)),
    Phrase("range", POINTS, rf"{_COLON}{_PLACES}增速最高与最低相差", ("range_growth",)),
    Phrase("range", AMOUNT, rf"{_COLON}{_PLACES}总量最大与最小相差", ("range_level",)),
    Phrase("range", POINTS, rf"{_COLON}{_PLACES}总量最大与最小相差", ("range_level",)),
    Phrase("range", PERCENT, rf"{_COLON}{_PLACES}总量离散系数", ("variation_level",)),
    # -- who came in and went out, what was recognised --------------------------------------------
    Phrase("like_for_like", PERCENT, rf"{_COLON}同口径(?:同比)?{_GROWS}", ("like_for_like",)),
    Phrase("coverage_pp", POINTS, rf"{_COLON}单位进退(?P<way>拉高|拉低)增速",
           ("coverage_effect_pp",)),
    Phrase("coverage", AMOUNT, rf"{_COLON}（?进退相抵(?P<way>增加|减少)", ("coverage_effect",)),
    Phrase("recognition", AMOUNT, rf"{_COLON}自报数比上级认定数(?P<way>多|少)",
           ("recognition_gap",)),
    Phrase("recognition_pct", PERCENT, "（占自报数的", ("recognition_gap_pct",), ("recognition",)),
    # -- streaks ---------------------------------------------------------------------------------
    Phrase("streak_month", AMOUNT, rf"{_COLON}(?:当月|当季)增速(?:至少)?连续", ("streak_month",),
           tail=r"(?P<way>上升|回升|提高|回落|下降)"),
    Phrase("streak", AMOUNT, r"[：，、（]?(?:增速)?(?:至少)?(?:已)?连续", ("streak",), ("change",),
           r"(?P<way>提高|上升|回升|收窄|回落|扩大)"),
    Phrase("streak_target", AMOUNT, r"[：，、；]?(?:至少)?连续", ("streak_target",),
           tail=r"(?P<way>达到|控制在|没有达到|超出)(?P<tier>上级下达|本级自定|调度|底线|力争)"
           r"[^，。；]*"),
    Phrase("streak_sign", AMOUNT, rf"{_COLON}(?:至少)?(?:已)?连续", ("streak_sign",),
           tail=r"(?:正|负)?(?P<way>增长|下降)"),
    # -- targets ---------------------------------------------------------------------------------
    Phrase("aim", AMOUNT, rf"{_COLON}(?:要|为)?(?:完成|达到){_TIER}{_AIM}"),
    Phrase("completion", PERCENT, "的", ("completion",), ("aim",)),
    Phrase("completion", PERCENT, rf"{_COLON}(?:占|完成|为){_TIER}{_AIM}的?{_ABOUT}",
           ("completion",)),
    Phrase("pace_gap", POINTS, rf"{_COLON}(?:比|较)序时进度(?P<way>高|低|快|慢|超|落后|滞后)",
           ("pace_gap",)),
    Phrase("pace_gap", POINTS,
           rf"{_COLON}(?P<way>高于|低于|快于|慢于|超|落后于?|滞后于?)序时(?:进度)?", ("pace_gap",)),
    *(
        Phrase("aim", sign, rf"{_COLON}{_TIER}(?:增速)?(?:目标|任务)（")
        for sign in (AMOUNT, PERCENT)
    ),
    Phrase("growth_aim", PERCENT,
           rf"{_COLON}(?P<way>高于|低于|要达到|与){_TIER}(?:增速)?(?:目标|任务)（"),
    Phrase("arrears_growth", POINTS, "", ("arrears_growth",), ("growth_aim",)),
    Phrase("needed", PERCENT, r"，余下时间(?:需增长|降幅不能超过)", ("growth_needed",),
           ("aim", "growth_aim")),
    Phrase("ceiling", AMOUNT, rf"{_COLON}(?:控制在|达到|超出){_TIER}上限"),
    Phrase("ceiling", PERCENT, rf"{_COLON}(?:控制在|达到|超出){_TIER}上限"),
    *(
        Phrase("allowance", sign, "(?:以内)?，(?:余量|(?P<way>超出))", ("allowance",), ("ceiling",))
        for sign in (AMOUNT, PERCENT, POINTS)
    ),
    # -- what is owed: behind the target in brackets ----------------------------------------------
    *(
        Phrase("aim_named", sign, rf"（{_TIER}(?:增速|总量|任务|上限)?(?:目标)?", after=("",))
        for sign in (AMOUNT, PERCENT)
    ),
    Phrase("arrears_growth", POINTS, "(?:＠(?:（[^）]*）)?，)?增速欠账", ("arrears_growth",)),
    Phrase("arrears_growth", POINTS, f"：?{_OWED}?增速欠账", ("arrears_growth",)),
    Phrase("arrears_pace", AMOUNT, f"：?{_OWED}?进度欠账", ("arrears_pace",)),
    Phrase("arrears_pace_pp", POINTS, "（", ("arrears_pace_pp",), ("arrears_pace",)),
    Phrase("arrears_pace_pp", POINTS, f"：?{_OWED}?进度欠账", ("arrears_pace_pp",)),
    Phrase("shortfall_year", AMOUNT, f"：?{_OWED}?全年缺口", ("shortfall_year",)),
    Phrase("shortfall_reportable", AMOUNT, f"：?{_OWED}?入库缺口", ("shortfall_reportable",)),
    Phrase("mean_required", AMOUNT, f"：?{_OWED}?剩余月份月均需完成", ("mean_required",)),
    *(
        Phrase("value", sign, f"：?{_OWED}?已达", ("value",), ("aim_named",))
        for sign in (AMOUNT, PERCENT)
    ),
    *(
        Phrase("allowance", sign, r"，(?:上限余量|(?P<way>超出))", ("allowance",), ("value",))
        for sign in (AMOUNT, PERCENT, POINTS)
    ),
    Phrase("arrears_gross", AMOUNT, rf"（{_TIER}）：所属单位进度欠账合计", ("arrears_gross",)),
    Phrase("arrears_net", AMOUNT, r"，超额相抵后净(?P<way>欠|超)", ("arrears_net",),
           ("arrears_gross",)),
    # -- parts -----------------------------------------------------------------------------------
    Phrase("pull", POINTS,
           rf"[，、；：]?(?:从[^，]*看(?:（[^）]*）)?，)?(?:居[前后]的是)?(?P<part>{ORG})"
           rf"(?P<way>拉动|下拉){_ABOUT}", ("pull",)),
    Phrase("pull", POINTS, rf"(?P<way>拉动|下拉){_ABOUT}", ("pull",), ("",)),
    Phrase("contribution", PERCENT, r"（(?:对下降的)?贡献率(?:为)?", ("contribution",), ("pull",)),
    Phrase("pull_other", POINTS, r"[，、]其他部分(?P<way>拉动|下拉)", ("pull_other",)),
)  # fmt: skip

# With a remark or an empty clause before the words, or without.
PATTERNS: tuple[tuple[Phrase, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (phrase, re.compile(f"(?:{_PASSED})(?:{phrase.words})"), re.compile(phrase.tail))
    for phrase in PHRASES
)

# Words that say a figure is lower than what it is held against.
LOWER = frozenset(
    "低于 慢于 低 慢 落后 落后于 滞后 滞后于 减少 下降 回落 放缓 降低 减缓 下滑 后退 后移 退 "
    "下拉 拉低 少 没有达到 超出".split()
)
