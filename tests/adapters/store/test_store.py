"""A run on disk: the columns of the contract, the same bytes, and back again."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from diaodu.adapters.frames import (
    observation_frame,
    observations_of,
    target_frame,
    targets_of,
)
from diaodu.adapters.store import (
    StoreError,
    open_run,
    read_measures,
    read_observations,
    read_targets,
    write_measures,
    write_observations,
    write_targets,
)
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.explain import as_json, explain
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.records import Observation, Target
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

NUMBER = pl.Decimal(38, 12)
DAY = date(2023, 6, 12)


def observation(org, period, value, **more):
    number = None if value is None else Decimal(value)
    made = Observation(
        Observation.make_id("tax", org, period, "level", None, "self", DAY), "tax", org, period,
        "level", None, None, "self", DAY, number, 2, None, "亿元", "亿元", str(value),
        "2023-06-12/表.xlsx", "0" * 64, "表", "B2", False,
    )  # fmt: skip
    return made._replace(**more)


def target(org, value):
    return Target(
        Target.make_id("tax", org, 2023, "assigned", "level", DAY), "tax", org, 2023, "assigned",
        "level", "reach", None if value is None else Decimal(value), Decimal("0.5"), "亿元",
        None if value else "no_target", "", "", DAY, "目标.xlsx", "1" * 64, "目标", "G2",
    )  # fmt: skip


OBSERVATIONS = [
    observation("a", "2023-01/05", "12.5"),
    observation("b", "2023-01/05", "-99999999999999.123456789012"),
    observation("a", "2022-01/05", "0.000000000001"),
    observation("c", "2023-01/05", None, word="late", decimals=None),
    observation("a", "2023-01/04", "3", held=True, against="city", n=7),
]
TARGETS = [target("a", "30"), target("b", None)]


def rulebook():
    orgs = [Org(id="city", name="市", level="city")]
    orgs += [Org(id=o, name=o, level="county", parent="city") for o in "abc"]
    tax = Indicator(id="tax", name="税收", unit="亿元", basis="ytd")
    return Rulebook("v1", {o.id: o for o in orgs}, {"tax": tax})


def write(folder, observations=OBSERVATIONS, targets=TARGETS):
    from diaodu.engine.compute.month import compute_month

    folder.mkdir(parents=True, exist_ok=True)
    computed = compute_month(
        observation_frame(observations), target_frame(targets), rulebook(),
        parse_period("2023-05"), date(2023, 6, 30),
    )  # fmt: skip
    write_observations(folder, observations)
    write_targets(folder, targets)
    write_measures(folder, computed.measures, computed.peersets)
    return computed


def hashes(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_the_same_rows_give_the_same_bytes_anywhere(tmp_path):
    write(tmp_path / "one")
    observations, targets = list(OBSERVATIONS), list(TARGETS)
    random.Random(1).shuffle(observations)
    targets.reverse()
    write(tmp_path / "another" / "place", observations, targets)
    one = hashes(tmp_path / "one")
    assert one == hashes(tmp_path / "another" / "place")
    assert set(one) == {
        "observations.parquet", "targets.parquet", "measures.parquet", "peersets.parquet",
    }  # fmt: skip


def test_columns_and_types_of_the_contract(tmp_path):
    write(tmp_path)
    assert pl.read_parquet_schema(tmp_path / "observations.parquet") == {
        "obs_id": pl.String, "indicator": pl.String, "org": pl.String, "period": pl.String,
        "facet": pl.String, "against": pl.String, "n": pl.Int64, "track": pl.String,
        "received": pl.Date, "value": NUMBER, "decimals": pl.Int64, "word": pl.String,
        "unit": pl.String, "unit_given": pl.String, "value_given": pl.String, "file": pl.String,
        "sha256": pl.String, "sheet": pl.String, "cell": pl.String, "held": pl.Boolean,
    }  # fmt: skip
    assert list(pl.read_parquet_schema(tmp_path / "targets.parquet")) == [
        "target_id", "indicator", "org", "year", "tier", "kind", "comparator", "value",
        "tolerance", "unit", "word", "issuer", "document", "received", "file", "sha256", "sheet",
        "cell",
    ]  # fmt: skip
    measures = pl.read_parquet_schema(tmp_path / "measures.parquet")
    assert list(measures) == [
        "key", "indicator", "org", "period", "measure", "target_id", "base", "peer_group", "value",
        "shown", "decimals", "word", "unit", "lo", "hi", "formula", "inputs",
    ]  # fmt: skip
    assert (measures["value"], measures["lo"], measures["hi"]) == (NUMBER, NUMBER, NUMBER)
    assert measures["inputs"] == pl.List(pl.String)
    assert pl.read_parquet(tmp_path / "measures.parquet")["inputs"].null_count() == 0
    assert pl.read_parquet_schema(tmp_path / "peersets.parquet") == {
        "id": pl.String, "obs_id": pl.String,
    }  # fmt: skip


def test_digits_survive_the_way_there_and_back(tmp_path):
    computed = write(tmp_path)
    stored = pl.read_parquet(tmp_path / "observations.parquet")
    by_org = dict(zip(stored["obs_id"], stored["value"], strict=True))
    assert by_org == {o.obs_id: o.value for o in OBSERVATIONS}
    assert sorted(observations_of(read_observations(tmp_path))) == sorted(OBSERVATIONS)
    assert sorted(targets_of(read_targets(tmp_path))) == sorted(TARGETS)
    written = to_measures(computed.measures)
    assert to_measures(read_measures(tmp_path)) == written


@pytest.mark.parametrize("value", ["0.0000000000001", "1" + "0" * 26, "-1" + "0" * 26])
def test_a_number_that_cannot_be_held_is_refused(value):
    with pytest.raises(QuantityError) as told:
        observation_frame([observation("a", "2023-05", value)])
    assert str(told.value) == (
        f"2023-06-12/表.xlsx 表 B2 的数值{Decimal(value)}存不下：最多十二位小数、二十六位整数；"
        "请核对数值和计量单位"
    )


def test_an_opened_run_explains(tmp_path):
    write(tmp_path)
    node = as_json(explain(open_run(tmp_path), "tax", "a", "2023年5月", "completion"))
    assert node["shown"] == "41.7"
    assert [one["kind"] for one in node["inputs"]] == ["measure", "target"]
    ranks = explain(open_run(tmp_path), "tax", "a", "2023年5月", "rank_level")
    assert len(ranks.inputs) == 2


def test_printed_names_are_known_from_run_json(tmp_path):
    write(tmp_path)
    ids = {"indicator": {"tax": "tax"}, "org": {"a": "a", "b": "b", "c": "c"}}
    bare = open_run(tmp_path).names
    assert {kind: dict(known) for kind, known in bare.written.items()} == ids
    told = {
        "indicator": {"税收": "tax"}, "org": {"甲县": "a"},
        "printed": {"tax": "税收", "a": "甲县", "city/county": "示例市各县"},
        "parents": {"a": "city"},
    }  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps({"names": told}), encoding="utf-8")
    names = open_run(tmp_path).names
    assert names.written["indicator"] == {"税收": "tax", "tax": "tax"}
    assert names.written["org"]["甲县"] == "a"
    assert "乙县" not in names.written["org"]
    assert [names.of(one) for one in ("a", "city/county", "2023-01/05", "b")] == [
        "甲县", "示例市各县", "2023年1—5月", "b",
    ]  # fmt: skip
    assert (names.height("a", "city"), names.height("a", "b")) == (1, None)


def test_a_folder_that_is_no_run(tmp_path):
    with pytest.raises(StoreError) as told:
        open_run(tmp_path)
    assert str(told.value) == (
        f"{tmp_path} 里没有 observations.parquet：不是 month 写出的结果目录，或没有写完；请重新计算"
    )
