"""Returns collected by several processes are what one process makes of them."""

from __future__ import annotations

import gc
import os
import signal
from datetime import date
from pathlib import Path

import pytest

from diaodu.adapters.memory import all_kept
from diaodu.adapters.sheets_in import collect_in, collect_returns, read_returns
from diaodu.engine.collect.names import Names, build_names
from diaodu.engine.collect.reading import read_workbook
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

RULES = Rulebook(
    "test",
    {
        one.id: one
        for one in (
            Org(id="xian", name="示例县", level="county"),
            Org(id="jia", name="甲镇", level="township", parent="xian"),
            Org(id="yi", name="乙镇", level="township", parent="xian"),
        )
    },
    {"output": Indicator(id="output", name="总产值", unit="亿元", basis="ytd")},
)
MONTHS = range(2, 8)


@pytest.fixture
def names() -> Names:
    return build_names(RULES)


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    """Six months, one with a word for a number; a file that is no table; one without its day."""
    for month in MONTHS:
        value = "约九" if month == 4 else f"{month}.5"
        put(
            tmp_path / f"2023-{month + 1:02d}-08" / "乡镇" / f"{month}月.csv",
            f"2023年1—{month}月各乡镇总产值（单位：亿元）\n单位名称,总产值\n"
            f"甲镇,{value}\n乙镇,{month}\n",
        )
    put(tmp_path / "2023-08-08" / "坏.xlsx", "不是表")
    put(tmp_path / "无日期.csv", "x")
    return tmp_path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("processes", [1, 2, 3, 20])
def test_any_number_of_processes_brings_the_same(
    returns: Path, names: Names, processes: int
) -> None:
    folder, readings = collect_returns(returns, names, processes=processes)
    plain = read_returns(returns)
    assert readings == [read_workbook(book, names, RULES) for book in plain.workbooks]
    assert sum(len(sheet.observations) for one in readings for sheet in one.sheets) == 12
    assert folder.findings == plain.findings
    assert folder.received_days == plain.received_days
    assert [(w.file, w.sha256, w.received, w.findings) for w in folder.workbooks] == [
        (w.file, w.sha256, w.received, w.findings) for w in plain.workbooks
    ]


def test_what_a_helper_brings_is_what_the_parent_would_have_read(
    returns: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parent reads its first file only after the helper has read all the others."""
    whole = collect_returns(returns, names, processes=1)
    here = os.getpid()
    read = collect_in.read_file
    told, tells = os.pipe()
    others = len(MONTHS)  # and the one that is no table, less the parent's own

    def after_the_others(one: collect_in.ReceivedFile):  # type: ignore[no-untyped-def]
        if os.getpid() != here:
            os.write(tells, b"1")
        elif not read_here:
            for _ in range(others):
                os.read(told, 1)
        if os.getpid() == here:
            read_here.append(one.name)
        return read(one)

    read_here: list[str] = []
    monkeypatch.setattr(collect_in, "read_file", after_the_others)
    assert collect_returns(returns, names, processes=2) == whole
    assert len(read_here) <= 1  # none, where the helper took them all
    os.close(told)
    os.close(tells)


def test_progress_is_told_for_every_file_and_ends_at_all(returns: Path, names: Names) -> None:
    for processes in (1, 2):
        told: list[tuple[int, int, str]] = []
        collect_returns(
            returns, names, processes=processes, on_file=lambda *step, to=told: to.append(step)
        )
        assert [done for done, _, _ in told] == list(range(1, 8))
        assert {total for _, total, _ in told} == {7}
        assert len({name for _, _, name in told}) == 7


def test_as_of_is_kept(returns: Path, names: Names) -> None:
    folder, readings = collect_returns(returns, names, as_of=date(2023, 5, 8), processes=2)
    assert [one.received for one in readings] == [
        date(2023, 3, 8), date(2023, 4, 8), date(2023, 5, 8),
    ]  # fmt: skip
    assert folder.later == 4


def test_what_a_killed_helper_did_not_bring_is_read_all_the_same(
    returns: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = collect_returns(returns, names, processes=1)
    here = os.getpid()
    read = collect_in.read_file

    def killed_in_a_helper(one: collect_in.ReceivedFile):  # type: ignore[no-untyped-def]
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return read(one)

    monkeypatch.setattr(collect_in, "read_file", killed_in_a_helper)
    assert collect_returns(returns, names, processes=3) == whole


def test_an_error_in_a_helper_comes_up_in_the_parent(
    returns: Path, names: Names, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    read = collect_in.read_file

    def breaks(one: collect_in.ReceivedFile):  # type: ignore[no-untyped-def]
        if one.name.endswith("5月.csv"):
            raise AssertionError(one.name)
        return read(one)

    monkeypatch.setattr(collect_in, "read_file", breaks)
    for processes in (1, 2, 3):
        with pytest.raises(AssertionError, match=r"2023-06-08/乡镇/5月\.csv"):
            collect_returns(returns, names, processes=processes)
    assert capfd.readouterr().err == ""


def test_a_file_that_cannot_be_opened_is_a_finding(
    returns: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "5月.csv":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    for processes in (1, 2):
        folder, readings = collect_returns(returns, names, processes=processes)
        assert [one.file for one in folder.findings if one.code == "unreadable"] == [
            "2023-06-08/乡镇/5月.csv"
        ]
        assert len(readings) == len(folder.workbooks) == 6


def test_no_folder_is_told_at_once(tmp_path: Path, names: Names) -> None:
    with pytest.raises(DiaoduError, match="没有找到报表文件夹"):
        collect_returns(tmp_path / "没有", names)


def test_the_search_for_garbage_comes_back_on_even_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="x"), all_kept():
        assert not gc.isenabled()
        raise ValueError("x")
    assert gc.isenabled()
