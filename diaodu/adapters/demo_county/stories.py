"""What is wrong on purpose, and where: each story plants itself and says which cell it took."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import pairwise

from diaodu.adapters.demo_county import plan
from diaodu.adapters.demo_county.figures import Ledger, ratio_growth, township_ids
from diaodu.adapters.demo_county.grids import Broken, Grid, Number
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import convert, round_half_up

SLIPPED = ("project_investment", "yunling")  # in 元 where the sheet says 万元
LATE = "yuewan"
REVISED = ("retail", Period.of_months(2022, 1, 5))
REVISION = Decimal("-0.46")  # 亿元
ALONE = ("retail_above", Period.of_month(2023, 1))
TIED = "industry_output"
TURNED = "industry_profit"
TYPED, ERRED, HIDDEN = "zhushan", "huaqiao", "meiling"
STRANGER = "红旗林场"  # in no rulebook
CLOSED = ("retail_above", "fengxi", (2023, 3))  # a shop closes: from that month on
CLOSED_LEFT = 34  # per cent of the township's trade that remains
HEAPED = ("reportable_amount", 5000)  # 万元
HEAPED_ORGS = (
    "qingshi", "liuhe", "bailu", "shuangxi", "jinsui", "gudu", "songlin", "gaoping", "yinxing",
)  # fmt: skip
HEAPED_FIRST = "gudu"
MISPRINTED = ("output_minerals", Decimal("1.20"))  # 亿元 more than the parts leave
UNPUBLISHED = ("fixed_investment", ("hewanqu", "beigangxian"))
TRANSPOSED = ("parcels", Period.of_months(2023, 1, 4), Decimal("553.00"), Decimal("535.00"))
REDEFINED = ("tourists", Decimal("1.27"))  # from this year on counted in another way
YOUNG = plan.YOUNG_INDUSTRY
RECOGNISED = {"shiqiao": Decimal(62), "taoping": Decimal(85)}  # per cent of what they reported
UNTASKED = "trade"


@dataclass(frozen=True)
class Planted:
    """One entry of the answer key. `code` is the finding it must raise, empty where none may."""

    story: str
    code: str
    file: str
    sheet: str
    cell: str
    indicator: str
    org: str
    period: str


@dataclass
class AnswerKey:
    planted: list[Planted] = field(default_factory=list)

    def add(
        self, story: str, code: str, file: str, grid: Grid, figure: tuple[str, str, str],
        period: Period, *, org: str | None = None,
    ) -> None:  # fmt: skip
        name, place, _ = figure
        self.planted.append(
            Planted(
                story=story,
                code=code,
                file=file,
                sheet=grid.name,
                cell=grid.cell_of(figure),
                indicator=name,
                org=place if org is None else org,
                period=period.id,
            )
        )

    def add_absent(self, story: str, code: str, name: str, org: str, period: Period) -> None:
        self.planted.append(Planted(story, code, "", "", "", name, org, period.id))

    def rows(self) -> list[dict[str, str]]:
        return [asdict(entry) for entry in self.planted]


def revise_base(ledger: Ledger) -> None:
    """From now on the ledger knows last year's figure as revised."""
    name, period = REVISED
    ledger.levels[name, plan.COUNTY, period] += REVISION
    for later in (period, period_after_a_year(period)):
        growth = ratio_growth(ledger.levels, (name, plan.COUNTY, later))
        if growth is not None:
            ledger.growths[name, plan.COUNTY, later] = growth


def period_after_a_year(period: Period) -> Period:
    return Period.of_months(period.year + 1, period.start.month, period.month)


def tie_two(ledger: Ledger, period: Period) -> tuple[str, str]:
    """Move one township's level so that its printed growth equals its nearest neighbour's.

    The county's level follows, so that the parts still sum to it.
    """
    names = [org for org in township_ids(ledger.book) if org != LATE]
    growth = {org: ratio_growth(ledger.levels, (TIED, org, period)) or Decimal(0) for org in names}
    order = sorted(names, key=lambda org: (growth[org], org))
    pairs = [(growth[b] - growth[a], a, b) for a, b in pairwise(order)]
    _, first, second = min(pair for pair in pairs if pair[0] > 0)
    base = ledger.levels[TIED, second, period.last_year()]
    ledger.levels[TIED, second, period] = round_half_up(base * (1 + growth[first] / 100), 0)
    whole = sum(ledger.levels[TIED, org, period] for org in township_ids(ledger.book))
    ledger.levels[TIED, plan.COUNTY, period] = round_half_up(Decimal(whole) / 10000, 2)
    return first, second


def close_a_firm(ledger: Ledger) -> None:
    """The largest shop of a township closes; what it sold is missing from that month on."""
    name, org, (year, since) = CLOSED
    before = ledger.levels[name, org, Period.of_months(year, 1, since - 1)]
    for month in range(since, plan.LAST_MONTH[1] + 1):
        period = Period.of_months(year, 1, month)
        level = ledger.levels[name, org, period]
        left = round_half_up(before + (level - before) * CLOSED_LEFT / 100, 0)
        ledger.levels[name, org, period] = left
        _follow(ledger, name, period)


def heap(ledger: Ledger) -> None:
    """A column of one and the same number."""
    name, amount = HEAPED
    period = Period.of_months(*plan.LAST_MONTH[:1], 1, plan.LAST_MONTH[1])
    for org in HEAPED_ORGS:
        ledger.levels[name, org, _own(ledger, name, period)] = Decimal(amount)
    _follow(ledger, name, _own(ledger, name, period))


def _own(ledger: Ledger, name: str, period: Period) -> Period:
    stock = ledger.book.indicators[name].basis == "stock"
    return period.last_month() if stock else period


def _follow(ledger: Ledger, name: str, period: Period) -> None:
    """The county is the sum of its townships."""
    whole = sum(ledger.levels[name, org, period] for org in township_ids(ledger.book))
    known = ledger.book.indicators[name]
    given = ledger.unit(name, township_ids(ledger.book)[0])
    ledger.levels[name, plan.COUNTY, period] = round_half_up(
        convert(Decimal(whole), given, known.unit), known.decimals
    )


def settle_what_was_transposed(ledger: Ledger) -> None:
    """The true figure is one that the rulebook's correction can name, whatever the seed."""
    name, period, true, _ = TRANSPOSED
    ledger.levels[name, plan.COUNTY, period] = true


def transpose(grid: Grid) -> None:
    """The clerk turns two digits round."""
    name, _, _, printed = TRANSPOSED
    place = grid.places[name, plan.COUNTY, "level"]
    grid.cells[place] = Number(printed, 2)


def redefine(ledger: Ledger) -> None:
    """Counted in another way from this year on; the growth is published on the old footing."""
    name, factor = REDEFINED
    for month in range(1, plan.LAST_MONTH[1] + 1):
        key = (name, plan.COUNTY, Period.of_months(plan.LAST_YEAR, 1, month))
        ledger.levels[key] = round_half_up(ledger.levels[key] * factor, 2)


def misprint_a_part(ledger: Ledger) -> None:
    """One industry is printed larger than the whole leaves room for; its growth goes with it."""
    name, more = MISPRINTED
    key = (name, plan.COUNTY, Period.of_months(plan.LAST_MONTH[0], 1, plan.LAST_MONTH[1]))
    ledger.levels[key] += more
    growth = ratio_growth(ledger.levels, key)
    assert growth is not None
    ledger.growths[key] = growth


def leave_unpublished(ledger: Ledger) -> None:
    """Two counties have published nothing yet; the others are ranked without them."""
    name, orgs = UNPUBLISHED
    for org in orgs:
        del ledger.growths[name, org, Period.of_months(plan.LAST_MONTH[0], 1, plan.LAST_MONTH[1])]


def slip_unit(grid: Grid) -> None:
    """The clerk fills in 元 under a header that says 万元."""
    name, org = SLIPPED
    place = grid.places[name, org, "level"]
    value = grid.cells[place]
    assert isinstance(value, Number)
    grid.cells[place] = Number(value.value * 10000, 0)


def spoil(grid: Grid, name: str) -> None:
    """A sheet with a word for a number, a broken formula, a hidden row and an unknown unit."""
    grid.cells[grid.places[name, TYPED, "level"]] = "约320"
    grid.cells[grid.places[name, ERRED, "growth"]] = Broken("=B5/#REF!", "#REF!")
    grid.hidden_rows.add(grid.places[name, HIDDEN, "level"][0])
    row = 1 + max(row for row, _ in grid.cells)
    grid.put(row, 0, STRANGER, (name, STRANGER, "level"))
    grid.put(row, 1, Number(Decimal(186), 0))
