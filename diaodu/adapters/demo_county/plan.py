"""What the invented county looks like: sizes, growth by year, shape of the year.

Sizes are whole numbers of the last printed digit (`tick`): 0.01亿元 where the indicator prints
two decimals, 1万元 for what townships report. Growth is in per mille a year, 2020 to 2023.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = 2019, 2023  # 2019 is only the base of the first published growth
FIRST_MONTH = (2020, 6)
LAST_MONTH = (2023, 5)

COUNTY, CITY, PROVINCE, NATION, PARK = (
    "shilixian", "shilishi", "shilisheng", "quanguo", "jingkaiqu",
)  # fmt: skip

# Share of each month in the year, in per mille: quarter ends are heavy, the turn of the year light.
FARMING = (60, 50, 70, 60, 70, 90, 80, 90, 120, 120, 100, 90)
TOWN_PAY = (100, 86, 88, 76, 76, 78, 82, 82, 84, 80, 82, 86)
FARM_PAY = (96, 82, 84, 74, 74, 76, 82, 82, 88, 86, 86, 90)
EVEN = (83, 80, 84, 83, 83, 84, 83, 83, 84, 84, 84, 85)
INDUSTRY = (74, 68, 86, 82, 83, 90, 80, 82, 88, 84, 86, 97)
BUILDING = (40, 38, 88, 84, 88, 112, 84, 88, 104, 92, 90, 92)
BUDGET = (104, 66, 84, 86, 80, 100, 78, 70, 84, 84, 72, 92)
TRAVEL = (88, 70, 62, 92, 104, 70, 98, 96, 72, 126, 62, 60)
SHOPPING = (96, 84, 78, 76, 80, 82, 78, 80, 84, 90, 84, 88)


@dataclass(frozen=True)
class Flow:
    """A cumulative series of the county alone. `total` is 2019, in ticks."""

    id: str
    total: int
    growth: tuple[int, int, int, int]
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Shared:
    """A cumulative series that townships report and that sums to the county's.

    `total` is 2019 in the townships' unit; `unit` is that unit; `own` per mille of it is booked
    at county level and belongs to no township.
    """

    id: str
    unit: str
    total: int
    growth: tuple[int, int, int, int]
    shape: tuple[int, ...]
    own: int = 0


@dataclass(frozen=True)
class Rate:
    """A growth published without level: where each year ends, in tenths of a percent."""

    id: str
    ends: tuple[int, int, int, int]  # 2020, 2021, 2022, 2023
    swing: int


@dataclass(frozen=True)
class Stock:
    id: str
    level: int  # end of 2019, in ticks
    growth: tuple[int, int, int, int]


SHARED = (
    Shared("industry_output", "万元", 1_380_000, (38, 96, 62, 74), INDUSTRY),
    Shared("project_investment", "万元", 742_000, (26, 108, 84, 92), BUILDING),
    Shared("retail_above", "万元", 186_000, (-22, 124, 46, 88), SHOPPING),
    Shared("tax", "万元", 68_000, (12, 92, -34, 84), BUDGET, own=320),
    Shared("outside_funds", "万元", 468_000, (62, 88, 94, 78), EVEN),
    Shared("new_jobs", "人", 5_400, (-18, 32, 14, 26), EVEN),
)

FLOWS = (
    Flow("gdp_primary", 4180, (34, 78, 46, 42), FARMING),
    Flow("gdp_secondary", 9320, (24, 102, 58, 66), INDUSTRY),
    Flow("gdp_tertiary", 10860, (18, 92, 44, 70), EVEN),
    Flow("realestate_investment", 2260, (64, 52, -48, -62), BUILDING),
    Flow("housing_area", 5840, (42, 36, -86, -44), BUILDING),
    Flow("housing_sales", 2870, (66, 58, -98, -36), BUILDING),
    Flow("retail", 8640, (-36, 118, 28, 82), SHOPPING),
    Flow("service_revenue", 1240, (22, 136, 58, 96), EVEN),
    Flow("tourists", 46800, (-92, 114, 32, 168), TRAVEL),
    Flow("nontax", 294, (42, 26, 88, 22), BUDGET),
    Flow("budget_spending", 3680, (38, -12, 56, 48), EVEN),
    Flow("trade", 86400, (58, 142, 112, 64), EVEN),
    Flow("exports", 72100, (64, 138, 120, 58), EVEN),
    Flow("foreign_capital", 1860, (72, 86, 64, 52), EVEN),
    Flow("income_urban", 33460, (36, 82, 48, 58), TOWN_PAY),
    Flow("income_rural", 15280, (72, 104, 68, 76), FARM_PAY),
    Flow("income_all", 23120, (52, 92, 58, 66), TOWN_PAY),
    Flow("power", 118600, (28, 96, 52, 64), EVEN),
    Flow("industry_power", 71400, (22, 108, 46, 72), INDUSTRY),
    Flow("agri_output", 6920, (36, 72, 44, 40), FARMING),
    Flow("pigs", 412600, (-64, 136, 42, 28), EVEN),
)  # fmt: skip

RATES = (
    Rate("industry_va", (42, 86, 74, 82), 8),
    Rate("fixed_investment", (56, 104, 92, 78), 12),
    Rate("industry_investment", (68, 132, 146, 124), 18),
    Rate("tech_investment", (44, 118, 98, -36), 22),
    Rate("energy_intensity", (-21, -34, -28, -31), 3),
)

STOCKS = (
    Stock("deposits", 27640, (92, 98, 108, 104)),
    Stock("loans", 17890, (128, 136, 132, 126)),
    Stock("market_entities", 21460, (86, 94, 78, 82)),
)

# Shares of the county's output in per mille, and how they drift a year; the last takes the rest.
INDUSTRIES = {
    "output_food": (236, 4), "output_minerals": (194, -9), "output_textile": (148, -5),
    "output_equipment": (182, 8),
}  # fmt: skip
OTHER_INDUSTRIES = "output_other"
# An industry that began in the middle of last year: it has no figure a year ago.
YOUNG_INDUSTRY, YOUNG_SINCE, YOUNG_SHARE = "output_electronics", (2022, 8), 34

WIDER_FLOWS = (
    Flow("wholesale_sales", 7240, (14, 124, 62, 94), EVEN),
    Flow("retail_sales", 4160, (-18, 112, 54, 76), SHOPPING),
    Flow("hotel_revenue", 21400, (-46, 96, 28, 142), TRAVEL),
    Flow("catering_revenue", 63800, (-38, 128, 36, 118), SHOPPING),
    Flow("freight", 184600, (22, 94, 48, 56), EVEN),
    Flow("parcels", 98400, (142, 168, 124, 136), EVEN),
    Flow("industry_vat", 31800, (16, 104, 42, 72), INDUSTRY),
)  # fmt: skip

WIDER_RATES = (
    Rate("hightech_va", (86, 142, 118, 126), 14),
    Rate("private_investment", (38, 96, 54, 46), 15),
    Rate("infrastructure_investment", (74, 62, 112, 94), 18),
    Rate("cpi", (24, 12, 19, 8), 4),
)

FIRMS = Stock("industry_firms", 146, (62, 84, 71, 66))

TOWNSHIP_POWER = 62_000  # 2019, 万千瓦时: what the townships' own lines carry
TOWNSHIP_POWER_GROWTH = (24, 88, 46, 58)

# Months of the year in 2019: what the air is like; later years move by a few per mille.
FINE_DUST = (58, 52, 43, 34, 28, 22, 19, 20, 25, 34, 44, 56)
FINE_DUST_GROWTH = (-64, -48, -32, 26)

# 1—2月, 1—3月 … of a loss that turns, 万元; January is never released alone.
PROFIT = {
    2019: (8200, 13100, 17600, 22400, 28900, 33700, 38400, 44600, 50100, 55800, 63200),
    2020: (2100, 6400, 11200, 17300, 24600, 30200, 35900, 42800, 48700, 54900, 62400),
    2021: (9600, 15200, 21300, 27800, 35100, 40900, 46200, 52700, 58300, 63100, 68900),
    2022: (-5240, -6130, -4570, -2860, 1180, 4320, 8950, 13760, 18240, 23380, 31050),
    2023: (820, 2140, 5260, 9640),
}

# City comparison: size of each neighbour against the county, in per mille, and its growth.
NEIGHBOURS = {
    "donglinqu": (1680, 64), "xitanxian": (820, 52), "nanpingxian": (1130, 82),
    "beigangxian": (690, 47), "hewanqu": (1940, 71), "zhongzhouxian": (940, 58),
}  # fmt: skip
COMPARED_LEVELS = ("gdp", "retail", "budget_revenue")
COMPARED = (
    "gdp", "industry_va", "fixed_investment", "retail", "budget_revenue", "income_urban",
    "income_rural",
)  # fmt: skip
UPPER_GROWTH = {  # tenths of a percent in May 2023: city, province, nation
    "gdp": (61, 57, 45), "industry_va": (73, 64, 36), "fixed_investment": (68, 59, 40),
    "retail": (79, 84, 93), "budget_revenue": (72, 88, 114), "income_urban": (51, 48, 40),
    "income_rural": (68, 64, 61),
}  # fmt: skip

# Targets of the county in 2023 and (with other numbers) 2022:
# indicator, tier, kind, comparator, 2022, 2023, unit, tolerance. None is 未下达.
COUNTY_TARGETS: tuple[tuple[str, str, str, str, str | None, str | None, str, str], ...] = (
    ("gdp", "上级下达", "增速", "以上", "7.0", "6.5", "%", ""),
    ("gdp", "本级自定", "增速", "达到", "7.5", "7.0", "%", ""),
    ("industry_va", "上级下达", "增速", "以上", "8.0", "8.0", "%", ""),
    ("industry_va", "本级自定", "增速", "达到", "8.5", "9.0", "%", ""),
    ("industry_output", "本级自定", "总量", "突破", "180", "182", "亿元", ""),
    ("new_firms", "上级下达", "总量", "达到", "36", "40", "家", ""),
    ("fixed_investment", "上级下达", "增速", "以上", "9.0", "8.0", "%", ""),
    ("retail", "上级下达", "增速", "达到", "6.0", "8.0", "%", ""),
    ("budget_revenue", "上级下达", "增速", "达到", "5.0", "7.0", "%", ""),
    ("budget_revenue", "本级自定", "总量", "突破", "10.8", "11.5", "亿元", ""),
    ("income_urban", "上级下达", "增速", "以上", "7.0", "6.5", "%", ""),
    ("income_rural", "上级下达", "增速", "以上", "8.0", "7.5", "%", ""),
    ("loans", "上级下达", "增速", "左右", "13.0", "12.5", "%", "0.5"),
    ("trade", "上级下达", "总量", "达到", None, None, "万元", ""),
    ("foreign_capital", "上级下达", "总量", "达到", "2200", "2400", "万美元", ""),
    ("new_jobs", "上级下达", "总量", "达到", "5500", "5600", "人", ""),
    ("pm25", "上级下达", "上限", "以内", "36", "35", "微克/立方米", ""),
    ("energy_intensity", "上级下达", "增速", "以内", "-2.5", "-3.0", "%", ""),
)

# Targets handed down to townships, whose parts sum to the county's: 2022 and 2023, in 万元 (家).
SHARED_TARGETS = {
    "project_investment": (965_000, 1_050_000), "outside_funds": (590_000, 650_000),
    "new_firms": (36, 40),
}  # fmt: skip
