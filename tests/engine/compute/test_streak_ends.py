"""How a streak ends, and what it is called."""

from __future__ import annotations

STOCK = {"id": "tax", "name": "贷款余额", "unit": "亿元", "basis": "stock", "headline": True}
HEADLINE = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "headline": True}


def test_a_balance_in_january_has_no_cumulative_growth(make_county):
    county = make_county([STOCK])
    county.see("a", "2022-01", "100.0")
    county.see("a", "2023-01", "110.0")
    told = county.compute("2023-01").find("streak_sign")
    assert told.formula.startswith("增速连续为正的月数")


def kept(make_county, figures: dict[str, str], years: tuple[int, ...] = (2023,)):
    county = make_county([HEADLINE])
    for year in years:
        county.aim("a", "12.00", year=year)
    for period, value in figures.items():
        county.see("a", period, value)
    return county.compute().find("streak_target")


def test_a_missing_figure_leaves_the_beginning_open(make_county):
    told = kept(make_county, {"2023-01": "1.00", "2023-01/04": "5.00", "2023-01/05": "6.00"})
    assert (told.value, told.lo, told.hi) == (2, 2, None)


def test_the_first_target_is_the_beginning(make_county):
    figures = {"2023-01": "1.50", **{f"2023-01/{m:02}": f"{m + 1}.00" for m in range(2, 6)}}
    told = kept(make_county, figures)
    assert (told.value, told.lo, told.hi) == (5, 5, 5)
