"""One changed cell of the demo county recomputed, against the whole month computed again."""

from __future__ import annotations

import tempfile
from pathlib import Path

import narwhals as nw

from bench.__main__ import hand_on
from bench.measuring import NotEqualError, peak_memory, row, seconds_of
from diaodu.adapters.demo_county.make import PERIOD, make_demo
from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.adapters.memory import all_kept
from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.adapters.sheets_in import read_returns
from diaodu.engine.collect.names import build_names
from diaodu.engine.collect.reading import read_workbook
from diaodu.engine.collect.settle import settle
from diaodu.engine.compute.changed import recompute
from diaodu.engine.compute.exact import ONE
from diaodu.engine.compute.month import Computed, compute_month

TIMES = 9
INDICATOR = "budget_revenue"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        make_demo(Path(name) / "demo")
        rulebook = read_rulebook(Path(name) / "demo" / "rulebook")
        folder = read_returns(Path(name) / "demo" / "returns")
    names = build_names(rulebook)
    day = folder.received_days[-1]
    settled = settle([read_workbook(book, names, rulebook) for book in folder.workbooks], day)
    targets = target_frame(settled.targets)
    before = observation_frame(settled.observations)
    computed = compute_month(before, targets, rulebook, PERIOD, day)
    cell = next(
        one.obs_id
        for one in settled.observations
        if one.indicator == INDICATOR
        and one.period == PERIOD.ytd().id
        and one.value is not None
        and not one.held
    )
    is_it = nw.col("obs_id") == cell
    after = before.with_columns(
        value=nw.when(is_it).then(nw.col("value") + nw.lit(ONE, nw.Int128)).otherwise("value")
    )
    with all_kept():  # as the desk's worker has it
        seconds, ours = seconds_of(
            lambda: recompute(computed, [INDICATOR], after, targets, rulebook, PERIOD, day),
            times=TIMES,
        )
        baseline, whole = seconds_of(
            lambda: compute_month(after, targets, rulebook, PERIOD, day), times=TIMES
        )
    check_equal(ours, whole, computed)
    hand_on([row("示例县改一格后重算（对照：整月重算）", seconds, baseline, peak_memory())])


def check_equal(ours: Computed, whole: Computed, before: Computed) -> None:
    """Raises NotEqualError unless both have the same measures, and other ones than before."""
    measures, expected = nw.to_native(ours.measures), nw.to_native(whole.measures)
    if not measures.equals(expected):
        raise NotEqualError(f"{len(measures)} rows recomputed, {len(expected)} computed anew")
    if not set(ours.peersets.iter_rows()) <= set(whole.peersets.iter_rows()):
        raise NotEqualError("a peer set recomputed that is not there when computed anew")
    if measures.equals(nw.to_native(before.measures)):
        raise NotEqualError("the changed cell changed nothing")


if __name__ == "__main__":
    main()
