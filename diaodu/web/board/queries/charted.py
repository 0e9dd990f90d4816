"""The charts of the indicator page, each with its name and what it is of."""

from __future__ import annotations

from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.indicator import Page
from diaodu.web.shared.charts import About, Chart


def about(chosen: Chosen, what: str, period: str, url: str) -> About:
    """What stands on the pictures and workbooks of a page of the board."""
    return About(chosen.org.name, what, period, chosen.run.name, chosen.run.as_of, url)


def indicator_charts(chosen: Chosen, page: Page, url: str) -> dict[str, Chart]:
    """By id, those there is something to draw for."""
    indicator = page.indicator
    of = about(chosen, indicator.name, page.period, url)
    change = f"{indicator.unit}，比去年同期增减"
    level = "累计完成与目标" if indicator.is_flow else "各月与目标"
    growth = "累计增速" if indicator.is_of_year_so_far else "增速"
    told = (
        ("level", page.level_chart, level, indicator.unit),
        ("growth", page.growth_chart, growth, "%"),
        ("parts", page.waterfall, "下级单位对增量的影响", change),
        *((one.id, one.spec, one.title, "百分点") for one in page.pulls),
    )
    return {id: Chart(id, spec, title, unit, of) for id, spec, title, unit in told if spec}
