"""Who may see a figure: for all people at once, as for each of them."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from diaodu.web.people import actions
from diaodu.web.people.queries import access_of, viewers


@pytest.mark.parametrize("org", ["shilixian", "qingshi", "gongxinju", "shilishi", "donglinqu"])
@pytest.mark.parametrize("indicator", ["tax", "industry_va"])
def test_viewers_are_those_whose_access_lets_them(
    users: SimpleNamespace, now: datetime, org: str, indicator: str
) -> None:
    actions.set_active(user=users.vice, active=False, by=users.admin, at=now, reason="调走")
    users.vice.refresh_from_db()
    day = now.date()
    found = {one.id for one in viewers(org=org, indicator=indicator, on=day)}
    assert found == {
        one.pk
        for one in vars(users).values()
        if access_of(one, day).may("view", org=org, indicator=indicator)
    }
