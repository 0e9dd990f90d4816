"""Make the demo: a rulebook, three years of returns as offices send them, and the answer key."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

from diaodu.adapters.demo_county import layouts, plan, stories
from diaodu.adapters.demo_county.catalog import FOLDER, read_catalog
from diaodu.adapters.demo_county.figures import (
    Ledger,
    make_ledger,
    publish,
    publish_wider,
    township_ids,
    widen,
)
from diaodu.adapters.demo_county.grids import Grid, write_csv, write_xls, write_xlsx
from diaodu.adapters.demo_county.map import draw_map
from diaodu.adapters.demo_county.stories import AnswerKey, Planted
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.rules.models import Indicator

PERIOD = Period.of_month(*plan.LAST_MONTH)
HISTORY_DAY = date(2023, 1, 20)

TOWNSHIP_IDS = (
    "industry_output", "project_investment", "retail_above", "tax", "outside_funds",
    "reportable_amount", "new_firms", "new_jobs",
)  # fmt: skip
MONEY_IDS = ("budget_revenue", "tax", "nontax", "budget_spending")
BANK_IDS = ("deposits", "loans")
AIR_IDS = ("pm25", "good_days")
PARK_IDS = ("industry_output", "project_investment", "tax", "outside_funds")
LAGGING = "service_revenue"
MONTHLY_COMPARED = ("industry_va", "fixed_investment", "retail", "budget_revenue")
QUARTERLY_COMPARED = ("gdp", "income_urban", "income_rural")

README = """示例县（虚构）的试用数据

本文件夹里的县、乡镇、部门和全部数字都是按固定种子编出来的，与任何真实地方无关，仅供试用。

rulebook/        示例县的规则：单位、指标、校验、亮灯、日历、通报提纲
returns/         按收到日期分文件夹的报表，写法和毛病都照着实际工作里常见的样子
maps/            各单位的示意地图，按种子画出，不是真实的边界
answer-key.json  有意埋下的问题在哪个文件、哪张表、哪个单元格

怎样用（在本文件夹的上一级执行，把 DIR 换成本文件夹）：
diaodu month {period} --returns DIR/returns --rulebook DIR/rulebook --out DIR/out

种子：{seed}　　本期：{printed}
"""


def make_demo(target: Path, seed: int = 20230612) -> None:
    """Write DIR/rulebook, DIR/returns, DIR/maps, DIR/README and DIR/answer-key.json.

    The same seed gives the same files. Raises FileExistsError where DIR already holds returns:
    files of two seeds must not lie side by side.
    """
    returns = target / "returns"
    if returns.exists():
        raise FileExistsError(f"{returns}已经存在；请换一个空文件夹，或先移走旧的")
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(FOLDER, target / "rulebook", symlinks=False)
    key = AnswerKey()
    _Returns(returns, seed, key).write()
    _draw_maps(target / "maps", seed)
    _write_text(
        target / "README",
        README.format(period=PERIOD.id, seed=seed, printed=print_period(PERIOD)),
    )
    answers = {"period": PERIOD.id, "seed": seed, "planted": key.rows()}
    _write_text(
        target / "answer-key.json", json.dumps(answers, ensure_ascii=False, indent=2) + "\n"
    )


def _draw_maps(folder: Path, seed: int) -> None:
    """Of the county's townships and of the city's counties; the park lies among the townships."""
    folder.mkdir()
    book = read_catalog()
    for org in (plan.COUNTY, plan.CITY):
        below = book.children(org, PERIOD.end)
        units = [one for one in below if one.level in ("township", "county")]
        _write_text(folder / f"{org}.geojson", draw_map(units, f"{seed}/map/{org}") + "\n")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


class _Returns:
    """The folders of receipt in the order in which they came in."""

    def __init__(self, root: Path, seed: int, key: AnswerKey) -> None:
        rng = Random(seed)
        self.root = root
        self.key = key
        self.ledger: Ledger = make_ledger(read_catalog(), rng)
        self.tied = stories.tie_two(self.ledger, PERIOD.ytd())
        stories.close_a_firm(self.ledger)
        stories.heap(self.ledger)
        publish(self.ledger, rng)
        wider = Random(f"{seed}/wide")
        widen(self.ledger, wider)
        stories.settle_what_was_transposed(self.ledger)
        publish_wider(self.ledger, wider)
        stories.misprint_a_part(self.ledger)
        stories.redefine(self.ledger)
        stories.leave_unpublished(self.ledger)

    def write(self) -> None:
        self._history()
        self._targets()
        for month in range(1, PERIOD.month + 1):
            period = Period.of_months(PERIOD.year, 1, month)
            final = month == PERIOD.month
            self._townships(period, date(PERIOD.year, month + 1, 8), final=final)
            self._departments(period, date(PERIOD.year, month + 1, 8), final=final)
            if final:
                self._revision(date(PERIOD.year, month + 1, 12))
            self._county(period, date(PERIOD.year, month + 1, 12), final=final)
            if month == 3:
                self._quarter(period, date(PERIOD.year, 4, 22))
        self._january_alone(date(2023, 3, 8))

    def _path(self, day: date, *parts: str) -> Path:
        return self.root.joinpath(day.isoformat(), *parts)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _reported(self) -> list[Indicator]:
        """What is computed from others comes in no return."""
        return [one for one in self.ledger.book.indicators.values() if one.formula is None]

    def _ids(self, cadence: str, left_out: Sequence[str] = ()) -> list[str]:
        return [
            known.id
            for known in self._reported()
            if known.cadence == cadence and known.id not in left_out
        ]

    # -- before the system ---------------------------------------------------------------------

    def _history(self) -> None:
        last = PERIOD.year - 1
        every = [one.id for one in self._reported()]
        write_xlsx(
            self._path(HISTORY_DAY, "历史数据", "示例县主要指标历史数据.xlsx"),
            layouts.county_history(self.ledger, every, last),
        )
        write_xls(
            self._path(HISTORY_DAY, "历史数据", "乡镇历史数据.xls"),
            layouts.township_history(self.ledger, TOWNSHIP_IDS, last),
        )
        upper = [plan.NATION, plan.PROVINCE, plan.CITY, *plan.NEIGHBOURS]
        periods = [Period.of_months(last, 1, month) for month in range(1, 13)]
        write_csv(
            self._path(HISTORY_DAY, "历史数据", "市统计局导出.csv"),
            layouts.csv_rows(self.ledger, upper, plan.COMPARED, periods),
        )

    def _targets(self) -> None:
        for day, year in ((HISTORY_DAY, 2022), (date(2023, 3, 12), 2023)):
            path = self._path(day, "目标任务", f"{year}年目标任务.xlsx")
            grid = layouts.target_grid(self.ledger, year)
            write_xlsx(path, [grid])
        self._plant_untasked(grid, path)

    def _plant_untasked(self, grid: Grid, path: Path) -> None:
        book = self.ledger.book
        names = (book.indicators[stories.UNTASKED].name, book.orgs[plan.COUNTY].name, "目标值")
        self.key.planted.append(
            Planted("目标未下达", "", self._name(path), grid.name, grid.cell_of(names),
                    stories.UNTASKED, plan.COUNTY, str(PERIOD.year))
        )  # fmt: skip

    # -- every month ---------------------------------------------------------------------------

    def _townships(self, period: Period, day: date, *, final: bool) -> None:
        ids = layouts.due_ids(self.ledger, TOWNSHIP_IDS, period)
        left_out = [stories.LATE] if final else []
        grid = layouts.township_matrix(self.ledger, period, ids, left_out)
        path = self._path(day, "乡镇报表", f"{print_period(period)}各乡镇主要经济指标.xlsx")
        if final:
            self._plant_in_matrix(grid, path, period, ids)
        write_xlsx(path, [grid])

    def _plant_in_matrix(self, grid: Grid, path: Path, period: Period, ids: Sequence[str]) -> None:
        file = self._name(path)
        stories.slip_unit(grid)
        self.key.add("单位填错：万元栏按元填", "unit_slip", file, grid,
                     (*stories.SLIPPED, "level"), period)  # fmt: skip
        for name in ids:
            stock = self.ledger.book.indicators[name].basis == "stock"
            own = period.last_month() if stock else period
            self.key.add_absent("月湾乡过期未报", "late", name, stories.LATE, own)
        shop, org, _ = stories.CLOSED
        self.key.add("企业关停拉低零售额", "jump", file, grid, (shop, org, "level"), period)
        heaped, _ = stories.HEAPED
        for org in stories.HEAPED_ORGS:
            # One finding names them all, at the cell of the first.
            first = org == stories.HEAPED_FIRST
            self.key.add(
                "多个单位填同一个数", "heaped" if first else "", file, grid,
                (heaped, org, "level"), period.last_month(), org="" if first else org,
            )  # fmt: skip
        for org in self.tied:
            self.key.add("增速相同，位次并列", "", file, grid,
                         (stories.TIED, org, "growth"), period)  # fmt: skip

    def _departments(self, period: Period, day: date, *, final: bool) -> None:
        printed = print_period(period)
        folder = "部门报表"
        write_csv(
            self._path(day, folder, f"县财政局{printed}财政收支.csv"),
            layouts.csv_rows(self.ledger, [plan.COUNTY], MONEY_IDS, [period]),
        )
        write_xls(
            self._path(day, folder, f"人民银行{printed}存贷款.xls"),
            [self._sheet(period, BANK_IDS, plan.COUNTY, "人民银行示例县支行")],
        )
        write_xlsx(
            self._path(day, folder, f"生态环境{printed}空气质量.xlsx"),
            [self._sheet(period, AIR_IDS, plan.COUNTY, "市生态环境局示例分局")],
        )
        park = layouts.due_ids(self.ledger, PARK_IDS, period)
        write_xlsx(
            self._path(day, folder, f"经开区{printed}报表.xlsx"),
            [self._sheet(period, park, plan.PARK, "经开区管委会")],
        )
        if period.month >= 3:
            before = Period.of_months(period.year, 1, period.month - 1)
            write_xlsx(
                self._path(day, folder, f"县发改局{print_period(before)}服务业.xlsx"),
                [self._sheet(before, (LAGGING,), plan.COUNTY, "县发展和改革局")],
            )
        self._power(period, day, final=final)

    def _sheet(self, period: Period, ids: Sequence[str], org: str, sender: str) -> Grid:
        return layouts.department_sheet(self.ledger, period, ids, org, sender)

    def _power(self, period: Period, day: date, *, final: bool) -> None:
        orgs = township_ids(self.ledger.book)
        grid = layouts.one_indicator(self.ledger, period, "power", orgs)
        path = self._path(day, "部门报表", f"供电公司{print_period(period)}乡镇用电量.xlsx")
        if final:
            stories.spoil(grid, "power")
            self._plant_in_power(grid, self._name(path), period)
        write_xlsx(path, [grid])

    def _plant_in_power(self, grid: Grid, file: str, period: Period) -> None:
        def add(story: str, code: str, org: str, facet: str, printed_org: str) -> None:
            self.key.add(story, code, file, grid, ("power", org, facet), period, org=printed_org)

        add("数字格里填了文字", "not_a_number", stories.TYPED, "level", stories.TYPED)
        add("公式出错", "formula_error", stories.ERRED, "growth", stories.ERRED)
        add("隐藏的行", "hidden", stories.HIDDEN, "level", stories.HIDDEN)
        add("单位不在名录", "unknown_org", stories.STRANGER, "level", "")

    def _county(self, period: Period, day: date, *, final: bool) -> None:
        elsewhere = (*MONEY_IDS, *BANK_IDS, *AIR_IDS, LAGGING)
        ids = layouts.due_ids(self.ledger, self._ids("month", elsewhere), period)
        grid = layouts.county_table(self.ledger, period, ids)
        path = self._path(day, "县统计局", f"示例县{print_period(period)}主要经济指标.xlsx")
        name, transposed, *_ = stories.TRANSPOSED
        if period == transposed:
            stories.transpose(grid)
            self.key.add("两位数字颠倒，已声明更正", "corrected", self._name(path), grid,
                         (name, plan.COUNTY, "level"), period)  # fmt: skip
        write_xlsx(path, [grid])
        if final:
            self._plant_in_county(grid, self._name(path), period)
        compared = layouts.due_ids(self.ledger, MONTHLY_COMPARED, period)
        self._comparison(period, day, compared, final=final)
        if final:
            self._recognition(period, day)

    def _plant_in_county(self, grid: Grid, file: str, period: Period) -> None:
        part, _ = stories.MISPRINTED
        for story, code, name in (
            ("利润由负转正", "", stories.TURNED),
            ("分项之和不等于总数", "parts_vs_parent", "industry_output"),
            ("多印的分项", "", part),
            ("新行业无同期数", "", stories.YOUNG),
            ("统计方法变了，与以前年度不可比", "", stories.REDEFINED[0]),
        ):
            self.key.add(story, code, file, grid, (name, plan.COUNTY, "level"), period)

    def _recognition(self, period: Period, day: date) -> None:
        """The county's office recognises only a part of what two townships reported."""
        name = "outside_funds"
        grid = layouts.recognised(self.ledger, period, name, stories.RECOGNISED)
        path = self._path(day, "部门报表", f"县招商服务中心{print_period(period)}到位资金认定.xlsx")
        write_xlsx(path, [grid])
        for org in stories.RECOGNISED:
            self.key.add("自报数只认定一部分", "", self._name(path), grid,
                         (name, org, "recognised"), period)  # fmt: skip

    def _quarter(self, period: Period, day: date) -> None:
        ids = layouts.due_ids(self.ledger, self._ids("quarter"), period)
        write_xlsx(
            self._path(day, "县统计局", f"示例县{print_period(period)}季度指标.xlsx"),
            [layouts.county_table(self.ledger, period, ids)],
        )
        self._comparison(period, day, QUARTERLY_COMPARED, final=False)

    def _comparison(self, period: Period, day: date, ids: Sequence[str], *, final: bool) -> None:
        grid = layouts.comparison(self.ledger, period, ids)
        path = self._path(day, "市统计局", f"{print_period(period)}各县区对比.xlsx")
        write_xlsx(path, [grid])
        name, orgs = stories.UNPUBLISHED
        for org in orgs if final else ():
            self.key.add("有的县区未发布，位次少算两家", "", self._name(path), grid,
                         (name, org, "growth"), period)  # fmt: skip

    # -- once ----------------------------------------------------------------------------------

    def _revision(self, day: date) -> None:
        """Last year's figure comes again with another value."""
        stories.revise_base(self.ledger)
        name, period = stories.REVISED
        grid = layouts.one_indicator(self.ledger, period, name, [plan.COUNTY])
        grid.put(4, 0, "注：依据年度核实结果修订，以本表为准。")
        path = self._path(day, "部门报表", f"县商务局{print_period(period)}零售额修订.xlsx")
        write_xlsx(path, [grid])
        for facet in ("level", "growth"):
            self.key.add("去年同期数修订", "revised", self._name(path), grid,
                         (name, plan.COUNTY, facet), period)  # fmt: skip

    def _january_alone(self, day: date) -> None:
        """A department reports January alone where only 1—2月 exists."""
        name, period = stories.ALONE
        both = Period.of_months(period.year, 1, 2)
        orgs = [plan.COUNTY]
        grid = layouts.one_indicator(self.ledger, both, name, orgs)
        grid.cells[0, 0] = f"{print_period(period)}{self.ledger.book.indicators[name].name}情况表"
        grid.cells.pop(grid.places[name, plan.COUNTY, "growth"])
        path = self._path(day, "部门报表", f"县商务局{print_period(period)}零售额.xlsx")
        write_xlsx(path, [grid])
        self.key.add("1—2月合并发布，却单报1月", "wrong_period", self._name(path), grid,
                     (name, plan.COUNTY, "level"), period)  # fmt: skip
