"""The month on the demo county, from folder to folder, as a clerk runs it."""

from __future__ import annotations

import hashlib
import json
import shutil
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from diaodu.engine.ground.words import MEASURE_NAMES

OFFICE = {"bulletin.docx", "tables.xlsx", "findings.xlsx"}
FILES = OFFICE | {
    "observations.parquet", "targets.parquet", "measures.parquet", "peersets.parquet",
    "verdicts.json", "gates.json", "findings.json", "bulletin.json", "run.json", "timing.json",
}  # fmt: skip


def load(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.suffix in (".parquet", ".json") and path.name != "timing.json"
    }


def test_everything_is_written(month: Path) -> None:
    assert {path.name for path in month.iterdir()} == FILES


def test_observation_columns_and_ids(month: Path) -> None:
    frame = pl.read_parquet(month / "observations.parquet")
    assert frame.columns == [
        "obs_id", "indicator", "org", "period", "facet", "against", "n", "track", "received",
        "value", "decimals", "word", "unit", "unit_given", "value_given", "file", "sha256",
        "sheet", "cell", "held",
    ]  # fmt: skip
    assert frame.schema["value"] == pl.Decimal(38, 12)
    assert frame.schema["received"] == pl.Date
    for row in frame.sample(200, seed=7).iter_rows(named=True):
        key = [row[name] or "" for name in ("indicator", "org", "period", "facet", "against")]
        text = "|".join([*key, row["track"], row["received"].isoformat()])
        assert row["obs_id"] == hashlib.sha256(text.encode()).hexdigest()[:16]
    standing = frame.filter(~pl.col("held"))
    assert standing["obs_id"].n_unique() == len(standing)


def test_one_row_a_vintage(month: Path) -> None:
    frame = pl.read_parquet(month / "observations.parquet").filter(~pl.col("held"))
    key = ["indicator", "org", "period", "facet", "against", "track"]
    moved = frame.sort("received").group_by(key, maintain_order=True).agg("value", "word")
    for values, words in zip(moved["value"], moved["word"], strict=True):
        pairs = list(zip(values, words, strict=True))
        assert all(one != other for one, other in pairwise(pairs))


def test_every_cell_has_one_fate(month: Path, demo: Path) -> None:
    run = load(month / "run.json")
    assert run["inputs"], "no file was read"
    for file in run["inputs"]:
        content = (demo / "returns" / file["file"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        for sheet in file["sheets"]:
            cells = sheet["cells"]
            fates = ("label", "note", "marker", "kept", "held", "ignored")
            assert sum(cells[fate] for fate in fates) == cells["total"] > 0


def test_measures_rest_on_what_is_there(month: Path) -> None:
    measures = pl.read_parquet(month / "measures.parquet")
    known = set(measures["key"])
    known |= set(pl.read_parquet(month / "targets.parquet")["target_id"])
    observations = pl.read_parquet(month / "observations.parquet")
    # What a correction stands for is held, and named beside the correction.
    place = ["indicator", "org", "period", "facet", "received"]
    right = observations.filter(pl.col("track") == "corrected").select(place)
    assert len(right) == 1
    known |= set(observations.filter(~pl.col("held"))["obs_id"])
    known |= set(observations.join(right, on=place, how="semi")["obs_id"])
    known |= {f"peers:{name}" for name in pl.read_parquet(month / "peersets.parquet")["id"]}
    for key, inputs in measures.select("key", "inputs").iter_rows():
        missing = [one for one in inputs or [] if one not in known]
        assert not missing, f"{key} rests on {missing}"
    seven = ("indicator", "org", "period", "measure", "target_id", "base", "peer_group")
    for row in measures.iter_rows(named=True):
        assert row["key"] == "|".join(row[part] for part in seven)
        assert (row["value"] is None) != (row["word"] is None), row["key"]


def test_shown_is_rounded_half_up_once(month: Path) -> None:
    from decimal import ROUND_HALF_UP, Decimal

    measures = pl.read_parquet(month / "measures.parquet").drop_nulls("value")
    for row in measures.iter_rows(named=True):
        quantum = Decimal(1).scaleb(-row["decimals"])
        rounded = row["value"].quantize(quantum, rounding=ROUND_HALF_UP)
        wanted = f"{abs(rounded) if rounded == 0 else rounded:f}"
        assert row["shown"] in (wanted, "持平"), row["key"]


def test_planted_stories_are_found_and_nothing_else_is_hard(month: Path, demo: Path) -> None:
    key = load(demo / "answer-key.json")
    told = load(month / "findings.json")
    places = {
        (one["code"], one["file"], one["sheet"], one["cell"], one["indicator"], one["org"],
         one["period"])
        for one in told
    }  # fmt: skip
    planted = {
        (one["code"], one["file"], one["sheet"], one["cell"], one["indicator"], one["org"],
         one["period"])
        for one in key["planted"]
        if one["code"]
    }  # fmt: skip
    assert planted <= places
    hard = {(one["code"], one["file"]) for one in told if one["severity"] == "hard"}
    assert hard <= {(one["code"], one["file"]) for one in key["planted"]}


def test_finding_ids_are_unique_and_told_in_chinese(month: Path) -> None:
    told = load(month / "findings.json")
    assert len({one["id"] for one in told}) == len(told)
    for one in told:
        assert one["message"] and one["action"], one


def test_same_inputs_same_bytes(month: Path, demo: Path, tmp_path: Path, diaodu) -> None:
    elsewhere = tmp_path / "换个地方"
    shutil.copytree(demo, elsewhere)
    out = tmp_path / "out"
    told = diaodu("month", "2023-05", "--returns", elsewhere / "returns", "--rulebook",
                  elsewhere / "rulebook", "--out", out)  # fmt: skip
    assert told.code == 0
    assert bytes_of(out) == bytes_of(month)


def test_as_of_forgets_what_came_later(demo: Path, tmp_path: Path, diaodu) -> None:
    out = tmp_path / "out"
    told = diaodu("month", "2023-05", "--returns", demo / "returns", "--rulebook",
                  demo / "rulebook", "--out", out, "--as-of", "2023-06-08")  # fmt: skip
    assert told.code == 0
    received = pl.read_parquet(out / "observations.parquet")["received"]
    assert received.max().isoformat() <= "2023-06-08"
    assert load(out / "run.json")["later_files"] > 0
    assert not [one for one in load(out / "findings.json") if one["code"] == "late"]


def test_all_periods_holds_the_month_unchanged(
    month: Path, demo: Path, tmp_path: Path, diaodu
) -> None:
    out = tmp_path / "out"
    told = diaodu("month", "2023-05", "--returns", demo / "returns", "--rulebook",
                  demo / "rulebook", "--out", out, "--all-periods")  # fmt: skip
    assert told.code == 0
    all_of_them = pl.read_parquet(out / "measures.parquet")
    one = pl.read_parquet(month / "measures.parquet")
    assert len(all_of_them) > 10 * len(one)
    numbers = one.select("key", "value", "shown", "word")
    assert numbers.join(all_of_them, on=["key", "value", "shown", "word"], how="anti",
                        nulls_equal=True).is_empty()  # fmt: skip


def test_strict_ends_with_one_when_something_is_held(demo: Path, tmp_path: Path, diaodu) -> None:
    told = diaodu("month", "2023-05", "--returns", demo / "returns", "--rulebook",
                  demo / "rulebook", "--out", tmp_path / "out", "--strict")  # fmt: skip
    assert told.code == 1
    assert "暂扣" in told.out


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("2023年13月",), "月份应在1至12之间"),
        (("上上月",), "看不出统计期"),
    ],
)
def test_a_period_that_is_none(demo: Path, tmp_path: Path, diaodu, change, sentence) -> None:
    told = diaodu("month", *change, "--returns", demo / "returns", "--rulebook",
                  demo / "rulebook", "--out", tmp_path / "out")  # fmt: skip
    assert told.code == 2
    assert sentence in told.err
    assert not (tmp_path / "out").exists()


def test_no_returns(demo: Path, tmp_path: Path, diaodu) -> None:
    (tmp_path / "returns").mkdir()
    told = diaodu("month", "2023-05", "--returns", tmp_path / "returns", "--rulebook",
                  demo / "rulebook", "--out", tmp_path / "out")  # fmt: skip
    assert told.code == 2
    assert "没有能读的报表" in told.err


def test_a_broken_rulebook_lists_every_fault(demo: Path, tmp_path: Path, diaodu) -> None:
    rules = tmp_path / "rulebook"
    shutil.copytree(demo / "rulebook", rules)
    (rules / "indicators" / "zz.yaml").write_text(
        "- id: a\n  name: 甲\n  unit: 亿元\n  bassis: ytd\n- id: b\n  name: 乙\n  unit: 怪\n",
        encoding="utf-8",
    )
    told = diaodu("month", "2023-05", "--returns", demo / "returns", "--rulebook", rules,
                  "--out", tmp_path / "out")  # fmt: skip
    assert told.code == 2
    assert "bassis" in told.err and "basis" in told.err
    assert told.err.count("indicators/zz.yaml:") >= 3
    told = diaodu("rulebook", "check", rules, "--json")
    assert told.code == 2
    faults = json.loads(told.out)
    assert {"file", "line", "key", "message", "action"} == set(faults[0])


def test_explain_walks_to_the_cell(month: Path, demo: Path, diaodu) -> None:
    told = diaodu("explain", "一般公共预算收入", "示例县", "2023年1—5月", "--measure", "growth",
                  "--run", month, "--json")  # fmt: skip
    assert told.code == 0, told.err
    node = json.loads(told.out)
    assert node["kind"] == "measure" and node["key"].split("|")[3] == "growth"

    leaves = []

    def walk(one) -> None:
        if one["kind"] == "observation":
            leaves.append(one)
        for below in one["inputs"]:
            walk(below)

    walk(node)
    assert len(leaves) == 2
    for leaf in leaves:
        assert (demo / "returns" / leaf["file"]).is_file()
        assert leaf["cell"] and leaf["value_given"] and leaf["received"]


def test_explain_says_what_it_does_not_know(month: Path, diaodu) -> None:
    told = diaodu("explain", "没有的指标", "示例县", "2023-05", "--run", month)
    assert told.code == 2
    assert "没有的指标" in told.err
    told = diaodu("explain", "社零", "示例县", "2023-05", "--run", month)
    assert (told.code, told.err) == (
        2, "结果里没有指标“社零”，是不是“社零额”（社会消费品零售总额）？请写编号或全称\n",
    )  # fmt: skip


def test_explain_prints_names_and_takes_back_its_keys(month: Path, diaodu) -> None:
    asked = ("explain", "社会消费品零售总额", "示例县", "2023-05", "--run", month, "--measure")
    told = diaodu(*asked, "与上级增速之差")
    first, *lines = told.out.splitlines()
    assert first.startswith("示例县 2023年1—5月 社会消费品零售总额 与上级增速之差·示例市：")
    printed = [line.split("'")[1] for line in lines if "--measure '" in line]
    assert [key.split("|")[5] for key in printed] == ["shilisheng", "quanguo"]
    again = diaodu(*asked, printed[1])
    assert (again.code, "·全国：" in again.out) == (0, True)
    ranked = diaodu(*asked, "增速位次").out
    assert "增速位次·示例市各县：" in ranked and "\n  东林区 来数：" in ranked
    assert "shilixian" not in ranked
    assert set(json.loads(diaodu(*asked, "gap_parent", "--json").out)) == {
        "key", "kind", "value", "shown", "word", "unit", "formula", "inputs",
    }  # fmt: skip


def test_explain_opens_the_counts(month: Path, diaodu) -> None:
    asked = ("示例县", "2023-05", "--run", month, "--measure", "count_above_target", "--json")
    for indicator in ("—", "地区生产总值", "没有的指标"):
        node = json.loads(diaodu("explain", indicator, *asked).out)
        assert node["key"] == "|shilixian|2023-01/05|count_above_target|||"
        assert node["inputs"]


def test_explain_help_lists_every_measure(diaodu) -> None:
    text = diaodu("explain", "--help").out
    for measure, name in MEASURE_NAMES.items():
        assert any(line.split() == [measure, name] for line in text.splitlines())


def test_demo_leaves_what_is_there_alone(tmp_path: Path, diaodu) -> None:
    (tmp_path / "mine.txt").write_text("x")
    told = diaodu("demo", tmp_path)
    assert told.code == 2
    assert "没有动它" in told.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["month"],
        ["rulebook"],
        ["calc", "--help"],
        ["--help"],
        ["month", "--help"],
        ["nonsense"],
    ],
)
def test_help_and_errors_speak_chinese(diaodu, words: list[str]) -> None:
    told = diaodu(*words)
    text = told.out + told.err
    for english in ("usage:", "error:", "options:", "positional", "are required", "choose from"):
        assert english not in text
    assert "用法" in text


def test_an_unknown_command_names_those_there_are(diaodu) -> None:
    told = diaodu("mont")
    assert told.code == 2
    assert told.err.splitlines()[-1] == (
        "diaodu：命令：没有“mont”，是不是 month？"
        "可用的是：month、rulebook、explain、calc、proofread、demo、desk"
    )


def test_results_do_not_go_among_the_returns(demo: Path, diaodu) -> None:
    out = demo / "returns" / "2023-06-12" / "out"
    told = diaodu("month", "2023-05", "--returns", demo / "returns", "--rulebook",
                  demo / "rulebook", "--out", out)  # fmt: skip
    assert told.code == 2
    assert "下次会被当成收到的报表" in told.err
    assert not out.exists()


def test_results_do_not_overwrite_a_file(demo: Path, tmp_path: Path, diaodu) -> None:
    (tmp_path / "out").write_text("mine")
    told = diaodu("month", "2023-05", "--returns", demo / "returns", "--rulebook",
                  demo / "rulebook", "--out", tmp_path / "out")  # fmt: skip
    assert told.code == 2
    assert "是一个文件，不是目录" in told.err


def test_nothing_readable_leaves_the_findings(demo: Path, tmp_path: Path, diaodu) -> None:
    day = tmp_path / "returns" / "2023-06-12"
    day.mkdir(parents=True)
    (day / "坏的.xlsx").write_bytes(b"PK\x03\x04 half a file")
    told = diaodu("month", "2023-05", "--returns", tmp_path / "returns", "--rulebook",
                  demo / "rulebook", "--out", tmp_path / "out")  # fmt: skip
    assert told.code == 2
    codes = {one["code"] for one in load(tmp_path / "out" / "findings.json")}
    assert codes & {"truncated", "unreadable"}


def test_a_giant_number_is_held_and_stops_nothing(demo: Path, tmp_path: Path, diaodu) -> None:
    day = tmp_path / "returns" / "2023-06-12"
    day.mkdir(parents=True)
    lines = ["指标,单位,统计期,数值,计量单位", "一般公共预算收入,示例县,2023年1-5月,4.74,亿元"]
    lines += ["税收收入,示例县,2023年1-5月,1" + "0" * 40 + ",亿元"]
    (day / "表.csv").write_text("\n".join(lines), encoding="utf-8")
    told = diaodu("month", "2023-05", "--returns", tmp_path / "returns", "--rulebook",
                  demo / "rulebook", "--out", tmp_path / "out")  # fmt: skip
    assert told.code == 0, told.err
    [giant] = [
        one for one in load(tmp_path / "out" / "findings.json") if one["code"] == "out_of_range"
    ]
    assert (giant["severity"], giant["cell"]) == ("hard", "D3")
    kept = pl.read_parquet(tmp_path / "out" / "observations.parquet").filter(~pl.col("held"))
    assert kept["cell"].to_list() == ["D2"]
