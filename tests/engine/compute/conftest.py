"""A small county to compute on, built by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.month import Computed, compute_all, compute_month
from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.records import Measure, Observation, Target
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

DAY = date(2023, 6, 12)
TAX = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"}


@dataclass
class County:
    """Orgs city > a, b, c (counties); one indicator unless told otherwise. Collects figures and
    computes."""

    indicators: list[dict[str, Any]] = field(default_factory=lambda: [dict(TAX)])
    orgs: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"id": "city", "name": "示例市", "level": "city"},
            *(
                {"id": org, "name": f"{org}县", "level": "county", "parent": "city"}
                for org in ("a", "b", "c")
            ),
        ]
    )
    more: dict[str, Any] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    @property
    def rulebook(self) -> Rulebook:
        orgs = [Org(**org) for org in self.orgs]
        indicators = [Indicator(**indicator) for indicator in self.indicators]
        return Rulebook("v1", {o.id: o for o in orgs}, {i.id: i for i in indicators}, **self.more)

    def see(
        self, org: str, period: str, value: str | None = None, *, indicator: str = "tax",
        facet: str = "level", word: str | None = None, track: str = "self", day: date = DAY,
        against: str | None = None, n: int | None = None, held: bool = False,
    ) -> str:  # fmt: skip
        """Add a figure; its obs_id."""
        number = None if value is None else Decimal(value)
        decimals = None if value is None else len(value.partition(".")[2])
        unit = next(i["unit"] for i in self.indicators if i["id"] == indicator)
        unit = {"level": unit, "growth": "%", "change_pp": "百分点", "gap": "百分点"}.get(
            facet, "位"
        )
        obs_id = Observation.make_id(indicator, org, period, facet, against, track, day)
        self.observations.append(
            Observation(
                obs_id, indicator, org, period, facet, against, n, track, day, number, decimals,
                word, unit, unit, value or "—", f"{day.isoformat()}/表.xlsx", "0" * 64, "表",
                f"B{len(self.observations) + 1}", held,
            )
        )  # fmt: skip
        return obs_id

    def aim(
        self, org: str, value: str | None, *, indicator: str = "tax", kind: str = "level",
        tier: str = "assigned", year: int = 2023, day: date = DAY,
    ) -> str:  # fmt: skip
        """Add a target (未下达 without a value); its target_id."""
        target_id = Target.make_id(indicator, org, year, tier, kind, day)
        number = None if value is None else Decimal(value)
        self.targets.append(
            Target(
                target_id, indicator, org, year, tier, kind, "reach", number, None,
                "%" if kind == "growth" else "亿元", None if value else "no_target", "", "", day,
                "目标.xlsx", "1" * 64, "目标", f"G{len(self.targets) + 2}",
            )
        )  # fmt: skip
        return target_id

    def compute(
        self, period: str = "2023-05", as_of: date = date(2023, 12, 31), use: str = "board"
    ) -> Results:
        return Results(
            compute_month(
                observation_frame(self.observations), target_frame(self.targets), self.rulebook,
                parse_period(period), as_of, use,
            )
        )  # fmt: skip

    def compute_all(self, as_of: date = date(2023, 12, 31)) -> Results:
        return Results(
            compute_all(
                observation_frame(self.observations), target_frame(self.targets), self.rulebook,
                as_of,
            )
        )  # fmt: skip


class Results:
    def __init__(self, computed: Computed) -> None:
        self.computed = computed
        self.rows: list[Measure] = to_measures(computed.measures)
        self.by_key = {row.key: row for row in self.rows}

    def find(self, measure: str, org: str = "a", **parts: str) -> Measure | None:
        wanted = {"indicator": "tax", "measure": measure, "org": org, **parts}
        found = [r for r in self.rows if all(getattr(r, k) == v for k, v in wanted.items())]
        assert len(found) <= 1, [row.key for row in found]
        return found[0] if found else None

    def shown(self, measure: str, org: str = "a", **parts: str) -> str | None:
        found = self.find(measure, org, **parts)
        return None if found is None else found.shown

    def sets(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, obs_id in self.computed.peersets.iter_rows():
            found.setdefault(name, []).append(obs_id)
        return found

    def reaches(self, key: str) -> set[str]:
        """Every obs_id and target_id that a measure transitively rests on."""
        sets, found, todo = self.sets(), set[str](), [key]
        while todo:
            name = todo.pop()
            if name in self.by_key:
                todo += self.by_key[name].inputs
            elif name.startswith("peers:"):
                found |= set(sets[name.removeprefix("peers:")])
            else:
                assert "|" not in name, f"{key} rests on {name}, which the run does not have"
                found.add(name)
        return found


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture(scope="session")
def make_county() -> type[County]:
    return County
