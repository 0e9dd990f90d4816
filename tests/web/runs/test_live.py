"""Live runs: an edit is in the rows at once, and the rows are what a whole run would give."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from diaodu.adapters import frames
from diaodu.engine import flow
from diaodu.engine.ground.period import Period
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.runs import actions
from diaodu.web.runs.models import Finding, Row, Run
from tests.web.runs.conftest import PERIODS, PLACES, TARGETS, level, target, two_years

_ROW = ("indicator", "org_id", "period", "light", "light_word", "target_class", "growth_class",
        "absent", "release_at", "reasons", "targets", "series", "measures")  # fmt: skip
_FINDING = ("finding_id", "code", "severity", "indicator", "org", "period", "message", "release_at")
MAY = "2023-01/05"


def rows_of(period: str) -> list[tuple[Any, ...]]:
    found = Row.objects.filter(run__kind="live", run__period=period).order_by("indicator", "org_id")
    return list(found.values_list(*_ROW))


def findings_of(period: str) -> list[tuple[Any, ...]]:
    found = Finding.objects.filter(run__kind="live", run__period=period)
    return sorted(found.values_list(*_FINDING))


def row_of(indicator: str = "tax", org: str = "qingshi", period: str = "2023-05") -> Row:
    return Row.objects.get(run__kind="live", run__period=period, indicator=indicator, org_id=org)


def shown(row: Row, measure: str) -> list[str]:
    return [one[4] for one in row.measures if one[0] == measure]


def test_an_edit_is_in_the_rows_after_the_refresh(live: Any, filed: Any, now: datetime) -> None:
    assert shown(row_of(), "value") == ["2210"]
    filed([level("tax", "qingshi", MAY, 2500, received=now.date())])
    actions.refresh_live(at=now)
    assert shown(row_of(), "value") == ["2500"]
    assert row_of().series[-1] == [MAY, "2500", "25.0"]
    assert row_of().seq == figures.last_entry()


def test_an_edit_of_last_year_moves_this_years_growth(live: Any, filed: Any, now: datetime) -> None:
    before = shown(row_of(), "growth")
    filed([level("tax", "qingshi", "2022-01/05", 1900, received=now.date())])
    actions.refresh_live(at=now)
    assert shown(row_of(), "growth") != before


def test_a_part_under_another_rate_moves_with_its_whole(
    live: Any, filed: Any, now: datetime
) -> None:
    """The share of tax in revenue is a measure of tax."""
    before = shown(row_of(), "share")
    filed([level("revenue", "qingshi", MAY, 9999, received=now.date())])
    actions.refresh_live(at=now)
    assert shown(row_of(), "share") != before


def edits(chance: random.Random, day: date) -> list[Any]:
    """Some changed, absurd or repeated figures, of this year or the last."""
    made: list[Any] = []
    for _ in range(chance.randint(1, 3)):
        indicator = chance.choice(["tax", "revenue", "industry_output", "industry_va"])
        org, period = chance.choice(PLACES), chance.choice(PERIODS)
        facet = (
            "growth" if indicator == "industry_va" else chance.choice(["level", "level", "growth"])
        )
        value = chance.choice([chance.randint(1, 4000), 0, -5, 10**7])
        if facet == "growth":
            value = chance.randint(-99, 300)
        made.append(level(indicator, org, period, value, received=day, facet=facet))
    return list({one.obs_id: one for one in made}.values())


@pytest.mark.parametrize("seed", range(6))
def test_edits_one_by_one_come_to_the_same_as_a_whole_run(
    live: Any, filed: Any, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)
    day = now.date()
    for turn in range(8):
        more = {}
        if turn == 4:
            aims = [target("tax", chance.choice(PLACES), "level", chance.randint(1, 9999),
                           received=day)]  # fmt: skip
            more = {"targets": aims}
        filed(edits(chance, day - timedelta(days=chance.randint(0, 2))), **more)
        actions.refresh_live(at=now)
    stepwise = {period: (rows_of(period), findings_of(period)) for period in live}
    actions.rebuild_live(periods=list(live), at=now)
    assert {period: (rows_of(period), findings_of(period)) for period in live} == stepwise


def aims(chance: random.Random, day: date) -> list[Any]:
    """Some targets: new ones, others in place of those that stand, one of a place that has filed
    nothing, one held against another's growth."""
    made = []
    for _ in range(chance.randint(1, 3)):
        indicator, kind = chance.choice(
            [("tax", "level"), ("tax", "growth"), ("tax", "rank"), ("revenue", "ceiling"),
             ("industry_va", "growth"), ("industry_va", "not_bottom"), ("tax", "relative")]
        )  # fmt: skip
        value = chance.randint(1, 3 if kind in ("rank", "not_bottom") else 9999)
        one = target(
            indicator, chance.choice([*PLACES, "donglinqu"]), kind, value,
            tier=chance.choice(["assigned", "own", "stretch"]), received=day,
        )  # fmt: skip
        units = {"rank": "位", "not_bottom": "位", "relative": "百分点"}
        one = one._replace(unit=units.get(kind, one.unit))
        if kind == "relative":
            one = one._replace(against="revenue", value=one.value and one.value % 7)
        made.append(one)
    return list({one.target_id: one for one in made}.values())


@pytest.mark.parametrize("seed", range(6))
def test_targets_one_by_one_come_to_the_same_as_a_whole_run(
    live: Any, filed: Any, now: datetime, seed: int
) -> None:
    """Of figures alone nothing is computed then: what stands in the rows stays."""
    chance = random.Random(seed)
    day = now.date()
    for turn in range(8):
        figures_too = edits(chance, day) if turn in (2, 5) else []
        filed(figures_too, targets=aims(chance, day - timedelta(days=chance.randint(0, 2))))
        actions.refresh_live(at=now)
    stepwise = {period: (rows_of(period), findings_of(period)) for period in live}
    actions.rebuild_live(periods=list(live), at=now)
    assert {period: (rows_of(period), findings_of(period)) for period in live} == stepwise


def test_a_target_alone_leaves_measures_of_figures_standing(
    live: Any, filed: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diaodu.web.runs.actions import live as module

    handed: list[flow.Results] = []
    compute = module.live_results

    def watched(*given: Any, **more: Any) -> Any:
        targets, found = compute(*given, **more)
        handed.extend(found)
        return targets, found

    monkeypatch.setattr(module, "live_results", watched)
    streaks, series = shown(row_of(), "streak"), row_of().series
    filed([], targets=[target("tax", "qingshi", "level", 15000, received=now.date())])
    actions.refresh_live(at=now)
    assert handed and all("streak" in one.standing and not len(one.history) for one in handed)
    assert "streak" not in set(handed[0].measures["measure"].to_list())
    assert shown(row_of(), "streak") == streaks != []
    assert row_of().series == series != []
    assert shown(row_of(), "completion") == ["14.7"]


def test_a_whole_run_is_the_engines_month(live: Any, now: datetime, rules: Any) -> None:
    """The measures, word for word, that `flow.run_on_file` finds in the same figures."""
    for period in live:
        filed = flow.OnFile(figures.frame(), figures.targets())
        rulebook = live[period].version_id and _rulebook()
        month = flow.run_on_file(filed, rulebook, Period.from_id(period), now.date(), frames)
        expected = {
            tuple(row)
            for row in month.computed.measures.select(
                "indicator", "org", "measure", "target_id", "base", "peer_group", "shown", "unit"
            ).iter_rows()
        }
        ours = {
            (row.indicator, row.org_id, *one[:6])
            for row in Row.objects.filter(run=live[period])
            for one in row.measures
        }
        assert ours == expected
        lights = {(v.indicator, v.org): v.light for v in month.verdicts if v.target_id is None}
        kept = Row.objects.filter(run=live[period]).exclude(indicator="")
        assert {(row.indicator, row.org_id): row.light for row in kept} == lights


def _rulebook() -> Any:
    from diaodu.web.rulebooks import queries

    return queries.current()


def test_older_figures_never_overwrite_newer_ones(
    live: Any, filed: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow computation begun before another one ends after it."""
    from diaodu.web.runs.actions import live as module

    slow = module.live_results

    def overtaken(*given: Any, **more: Any) -> Any:
        found = slow(*given, **more)
        monkeypatch.setattr(module, "live_results", slow)
        filed([level("tax", "qingshi", MAY, 3000, received=now.date())])
        actions.refresh_live(at=now)
        return found

    filed([level("tax", "qingshi", MAY, 2500, received=now.date())])
    monkeypatch.setattr(module, "live_results", overtaken)
    actions.refresh_live(at=now)
    assert shown(row_of(), "value") == ["3000"]


def test_nothing_recorded_nothing_written(live: Any, now: datetime) -> None:
    before = rows_of("2023-05")
    actions.refresh_live(at=now)
    assert rows_of("2023-05") == before


def test_the_signal_puts_the_refresh_in_the_queue(
    live: Any, filed: Any, frozen_clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    frozen_clock(live["2023-05"].at)
    with django_capture_on_commit_callbacks(execute=True):
        filed([level("tax", "qingshi", MAY, 2600, received=date(2023, 6, 6))])
    assert shown(row_of(), "value") == ["2600"]


def test_the_first_figures_make_the_young_months(
    put: Any, frozen_clock: Any, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    frozen_clock(now)
    with django_capture_on_commit_callbacks(execute=True):
        put(list(two_years()), targets=TARGETS)
    assert sorted(Run.objects.values_list("period", "state")) == [
        ("2023-04", "done"), ("2023-05", "done"), ("2023-06", "done"),
    ]  # fmt: skip


def test_new_rules_recompute_everything(
    live: Any, rules_files: Any, frozen_clock: Any, now: datetime, rules: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    frozen_clock(now)
    changed = dict(rules_files)
    text = changed["indicators/main.yaml"].decode().replace("decimals: 0", "decimals: 1", 1)
    changed["indicators/main.yaml"] = text.encode()
    with django_capture_on_commit_callbacks(execute=True):
        imported = rulebooks.import_files(files=changed, by=None, at=now, note="一位小数")
        rulebooks.publish(
            version_id=imported.version.id, by=None, at=now, note="一位小数", seen=rules.id
        )
    assert shown(row_of(), "value") == ["2210.0"]


def test_a_refresh_with_nothing_to_do_only_reads(
    live: Any, now: datetime, django_assert_max_num_queries: Any
) -> None:
    """It comes every few minutes: a transaction would keep all writers waiting."""
    with django_assert_max_num_queries(12) as asked:
        actions.refresh_live(at=now)
    assert {one["sql"].split(" ")[0] for one in asked.captured_queries} == {"SELECT"}


def test_an_older_month_is_computed_when_somebody_asks(
    live: Any, filed: Any, frozen_clock: Any, now: datetime,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    frozen_clock(now)
    run = actions.ask_live(period="2023-02", at=now)
    assert run is not None
    run.refresh_from_db()
    assert run.state == "done"
    assert shown(row_of(period="2023-02"), "value") == ["884"]
    filed([level("tax", "qingshi", "2023-01/02", 900, received=now.date())])
    actions.refresh_live(at=now)
    assert shown(row_of(period="2023-02"), "value") == ["900"]


def test_an_edit_leaves_the_months_before_it_alone(live: Any, filed: Any, now: datetime) -> None:
    before = Row.objects.filter(run=live["2023-04"]).order_by("id").values_list("id")
    before = list(before)
    filed([level("tax", "qingshi", MAY, 2500, received=now.date())])
    actions.refresh_live(at=now)
    assert list(Row.objects.filter(run=live["2023-04"]).order_by("id").values_list("id")) == before
    assert Run.objects.get(pk=live["2023-04"].pk).entry == figures.last_entry()


def test_a_new_day_computes_young_months_anew_and_lets_old_ones_go(
    live: Any, frozen_clock: Any, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    frozen_clock(now)
    actions.ask_live(period="2021-06", at=now)
    assert Run.objects.get(period="2021-06").is_done
    tomorrow = now + timedelta(days=1)
    frozen_clock(tomorrow)
    actions.refresh_live(at=tomorrow)
    assert not Run.objects.filter(period="2021-06").exists()
    assert set(Run.objects.values_list("as_of", flat=True)) == {tomorrow.date()}
