"""Two hundred workbooks as townships' offices send them, and the rulebook that reads them."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

DAY = "2024-02-05"
FIRST_YEAR = 2021
AREAS = ("东片", "西片", "南片", "北片", "中片", "山片", "湖片", "城片")
ORGS_PER_FILE = 25
FILES = 200
HEADER_ROW = 2
STUB = "乡镇"

_FIRST = "清白金玉龙凤石杨柳松梅兰青红黄长大新古永安平和太兴盛泰康宁福"
_SECOND = "河山泉桥坪塘岭"
_TRADES = ("采矿", "食品", "纺织", "化工", "医药", "冶金", "机械", "电子")
_NOUNS = ("业产值", "业税收", "业投资", "业销售额", "业利润")

# Every fortieth workbook has a remark where a number belongs.
REMARK_EVERY = 40
REMARK = "待核"

ORG_NAMES = [
    f"{first}{second}镇" for first in _FIRST for second in _SECOND
][: ORGS_PER_FILE * len(AREAS)]  # fmt: skip
INDICATOR_NAMES = [trade + noun for trade in _TRADES for noun in _NOUNS]


def org_id(place: int) -> str:
    return f"town{place:03d}"


def indicator_id(place: int) -> str:
    return f"figure{place:02d}"


def months() -> list[tuple[int, int]]:
    """As many months as the areas need to fill the files, oldest first."""
    needed = -(-FILES // len(AREAS))
    return [(FIRST_YEAR + place // 12, place % 12 + 1) for place in range(needed)]


def level(org: int, indicator: int, year: int, month: int) -> float:
    """A cumulative figure of one decimal that rises through the year and from year to year."""
    base = 2000 + (org * 7919 + indicator * 104729) % 9000
    rise = 100 + (year - FIRST_YEAR) * 6 + (org + indicator) % 9
    return base * month * rise // 100 / 10


def write_returns(folder: Path) -> None:
    """DIR/2024-02-05/….xlsx: 25 orgs down, 40 indicators across, title, unit and note."""
    target = folder / DAY
    target.mkdir(parents=True)
    files = [(year, month, area) for year, month in months() for area in range(len(AREAS))]
    for place, (year, month, area) in enumerate(files[:FILES]):
        span = "1" if month == 1 else f"1-{month}"
        path = target / f"{AREAS[area]}主要指标{year}年{span}月.xlsx"
        _write_workbook(path, f"{year}年{span}月主要指标完成情况", year, month, area, place)


def _write_workbook(path: Path, title: str, year: int, month: int, area: int, place: int) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("汇总")
        number = book.add_format({"num_format": "0.0"})
        sheet.write(0, 0, title)
        sheet.write(1, 0, "单位：万元")
        sheet.write_row(HEADER_ROW, 0, [STUB, *INDICATOR_NAMES])
        for line in range(ORGS_PER_FILE):
            org = area * ORGS_PER_FILE + line
            sheet.write(HEADER_ROW + 1 + line, 0, ORG_NAMES[org])
            for column in range(len(INDICATOR_NAMES)):
                value = level(org, column, year, month)
                sheet.write_number(HEADER_ROW + 1 + line, column + 1, value, number)
        if place % REMARK_EVERY == 0:
            sheet.write(HEADER_ROW + 1, 1, REMARK)
        sheet.write(HEADER_ROW + 2 + ORGS_PER_FILE, 0, "注：本表为快报数。")


def write_rulebook(folder: Path) -> None:
    orgs = ["- {id: county, name: 测速县, level: county}"]
    orgs += [
        f"- {{id: {org_id(place)}, name: {name}, level: township, parent: county}}"
        for place, name in enumerate(ORG_NAMES)
    ]
    indicators = [
        f"- {{id: {indicator_id(place)}, name: {name}, unit: 万元, basis: ytd, "
        "facets: [level], direction: high, decimals: 1, cadence: month, january: 'yes'}"
        for place, name in enumerate(INDICATOR_NAMES)
    ]
    for kind, lines in (("orgs", orgs), ("indicators", indicators)):
        target = folder / kind
        target.mkdir(parents=True)
        (target / "all.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
