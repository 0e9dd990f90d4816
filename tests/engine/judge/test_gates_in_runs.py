"""Gates in a whole run, in the months a desk keeps up, and after a change of targets alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from diaodu.adapters import frames
from diaodu.engine import flow
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Gate
from tests.engine.compute.conftest import County

DAY = date(2023, 6, 12)
MAY = Period.of_months(2023, 1, 5)
TAX = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "decimals": 2}
FEES = {**TAX, "id": "fees", "name": "非税收入"}
INCOME = {**TAX, "id": "income", "name": "财政收入", "formula": "税收 + 非税收入"}


@pytest.fixture
def county() -> County:
    gate = Gate.model_validate(
        {"id": "opening", "name": "开门红", "month": 3, "done": ">=", "growth": ">="}
    )
    county = County([TAX, FEES, INCOME], more={"gates": (gate,)})
    for indicator, size in (("tax", 10), ("fees", 2)):
        for year in (2022, 2023):
            for month in range(2, 6):
                county.see("a", f"{year}-01/{month:02d}", f"{size * month}.00", indicator=indicator)
    county.aim("a", "140.00", indicator="income", day=date(2023, 1, 9))
    return county


def live(county: County, **more: Any) -> flow.Results:
    filed = flow.OnFile(frames.observation_frame(county.observations), county.targets)
    (found,) = flow.run_months(
        filed, county.rulebook, [MAY], DAY, frames, all_periods=True, history=17, **more
    )
    return found


def test_a_gate_of_a_sum_is_judged_on_its_parts_wherever_it_is_asked(county: County) -> None:
    """March's sum is computed: it stands in no cell."""
    filed = flow.OnFile(frames.observation_frame(county.observations), county.targets)
    whole = flow.run_on_file(filed, county.rulebook, MAY, DAY, frames).gates
    (gate,) = whole
    assert (gate.result, gate.reasons[0]) == ("passed", "完成36.00亿元")
    assert live(county).gates == whole
    assert live(county, changed=["income"]).gates == whole
    assert live(county, changed=["income"], of_targets=True).gates == whole
