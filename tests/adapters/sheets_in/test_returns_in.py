import os
from datetime import date
from pathlib import Path

import pytest

from diaodu.adapters.sheets_in import limits, read_returns
from diaodu.engine.ground.errors import DiaoduError


def put(root: Path, name: str, data: bytes = "甲,1\n".encode()) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_files_come_in_order_of_path_with_the_day_of_their_folder(tmp_path: Path) -> None:
    for name in ("2023-06-12/乙.csv", "2023-06-12/b/甲.csv", "2023-05-12/丙.csv"):
        put(tmp_path, name)
    steps: list[tuple[int, int, str]] = []
    folder = read_returns(tmp_path, on_file=lambda *step: steps.append(step))
    assert [(w.file, w.received) for w in folder.workbooks] == [
        ("2023-05-12/丙.csv", date(2023, 5, 12)),
        ("2023-06-12/b/甲.csv", date(2023, 6, 12)),
        ("2023-06-12/乙.csv", date(2023, 6, 12)),
    ]
    assert folder.received_days == [date(2023, 5, 12), date(2023, 6, 12)]
    assert folder.findings == []
    assert steps[-1] == (3, 3, "2023-06-12/乙.csv")


def test_as_of_includes_its_day_and_passes_over_later_folders(tmp_path: Path) -> None:
    for day in ("2023-05-12", "2023-06-12", "2023-06-13"):
        put(tmp_path, f"{day}/a.csv")
    folder = read_returns(tmp_path, as_of=date(2023, 6, 12))
    assert folder.received_days == [date(2023, 5, 12), date(2023, 6, 12)]
    assert folder.later == 1


@pytest.mark.parametrize(
    "name", ["a.csv", "五月/a.csv", "2023-6-12/a.csv", "2023-02-30/a.csv", "20230612/a.csv",
             "2023-06-12 补报/a.csv", "x/2023-06-12/a.csv"],
)  # fmt: skip
def test_a_file_outside_a_day_folder_is_not_read(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    folder = read_returns(tmp_path)
    assert folder.workbooks == []
    (found,) = folder.findings
    assert (found.code, found.severity, found.file) == ("no_receipt_day", "hard", name)
    assert found.message == f"“{name}”不在以收到日期命名的文件夹里，不知道是哪天收到的，没有读"
    assert found.action == "把它移到以收到那天命名的文件夹，写法如 2023-06-12"


def test_temporary_and_hidden_files_are_ignored_and_listed(tmp_path: Path) -> None:
    for name in ("2023-06-12/~$a.xlsx", "2023-06-12/.DS_Store", ".git/x", "2023-06-12/a.csv"):
        put(tmp_path, name)
    folder = read_returns(tmp_path)
    assert [w.file for w in folder.workbooks] == ["2023-06-12/a.csv"]
    assert folder.findings == []
    assert folder.ignored == [
        (".git", "名称以“.”开头，是系统的隐藏文件"),
        ("2023-06-12/.DS_Store", "名称以“.”开头，是系统的隐藏文件"),
        ("2023-06-12/~$a.xlsx", "名称以“~$”开头，是打开表格时留下的临时文件"),
    ]


def test_what_is_no_regular_file_is_ignored_and_listed(tmp_path: Path) -> None:
    put(tmp_path, "2023-06-12/a.csv")
    os.mkfifo(tmp_path / "2023-06-12" / "pipe")
    (tmp_path / "2023-06-12" / "loop").symlink_to(tmp_path)
    (tmp_path / "2023-06-12" / "gone.csv").symlink_to(tmp_path / "nowhere")
    assert read_returns(tmp_path).ignored == [
        ("2023-06-12/gone.csv", "不是普通文件"),
        ("2023-06-12/loop", "是指向别处的链接，不是文件夹本身"),
        ("2023-06-12/pipe", "不是普通文件"),
    ]


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    put(tmp_path, "2023-06-12/1坏.xlsx", b"PK\x03\x04 cut")
    put(tmp_path, "2023-06-12/2好.csv")
    put(tmp_path, "2023-06-12/3通知.pdf", b"%PDF-1.7 ...")
    broken, good, notice = read_returns(tmp_path).workbooks
    assert [f.code for f in broken.findings] == ["truncated"]
    assert len(good.sheets) == 1
    assert [(f.code, f.severity) for f in notice.findings] == [("unreadable", "soft")]
    assert notice.findings[0].message == (
        "“2023-06-12/3通知.pdf”的内容是PDF 文件，不是能直接读的表格"
    )
    assert notice.findings[0].action == "请报送单位改用 .xlsx 表格报送"


def test_a_huge_file_is_never_loaded(tmp_path: Path) -> None:
    put(tmp_path, "2023-06-12/a.xlsx")
    os.truncate(tmp_path / "2023-06-12" / "a.xlsx", limits.MAX_FILE_BYTES + 1)
    (workbook,) = read_returns(tmp_path).workbooks
    assert [f.code for f in workbook.findings] == ["too_big"]
    assert workbook.findings[0].message == "“2023-06-12/a.xlsx”有 50 MB，超过上限 50 MB，没有读"
    assert len(workbook.sha256) == 64


def test_a_name_written_in_gbk_is_shown_as_meant(tmp_path: Path) -> None:
    put(tmp_path, "2023-06-12/a.csv")
    name = os.fsencode(tmp_path / "2023-06-12") + b"/" + "统计局.csv".encode("gbk")
    try:
        Path(os.fsdecode(name)).write_bytes(b"a,1\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    files = [workbook.file for workbook in read_returns(tmp_path).workbooks]
    assert files == ["2023-06-12/a.csv", "2023-06-12/统计局.csv"]


def test_a_missing_folder_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(DiaoduError) as caught:
        read_returns(tmp_path / "没有")
    assert str(caught.value) == (
        f"没有找到报表文件夹“{tmp_path / '没有'}”；请检查 --returns 后面的路径"
    )


def test_the_place_of_the_folder_changes_nothing(tmp_path: Path) -> None:
    for root in ("甲/乙", "丙"):
        put(tmp_path / root, "2023-06-12/a.csv")
        put(tmp_path / root, "外.csv")
    one, other = read_returns(tmp_path / "甲/乙"), read_returns(tmp_path / "丙")
    assert one == other
