"""`diaodu proofread`: one line a file, exit codes, copies with comments, the table for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from diaodu.adapters.proofread_files import remarks_of
from diaodu.cli import main
from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import Claim

GOOD = "全年任务20亿元，已完成15亿元，完成全年任务的75%。"
BAD = "全年任务20亿元，已完成15亿元，完成全年任务的85%。"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "好.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "坏.md").write_bytes(b"\xef\xbb\xbf" + BAD.encode())
    document = docx.Document()
    document.add_paragraph("在全县经济运行调度会上的讲话")
    document.add_paragraph(BAD)
    document.save(str(tmp_path / "坏.docx"))
    (tmp_path / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(one) for one in capsys.readouterr().out.splitlines()]


def test_one_object_a_line_and_a_line_for_what_cannot_be_read(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(files / name) for name in ("好.txt", "旧.doc", "没有.txt", "坏.md")]
    assert main(["proofread", *names, "--json"]) == 0
    good, old, missing, bad = lines(capsys)
    assert [one["file"] for one in (good, old, missing, bad)] == names
    assert good["text"] == GOOD
    assert bad["text"] == BAD  # the byte order mark is off, nothing else changed
    assert old == {
        "file": names[1],
        "error": "是旧版 Word 格式（.doc 或 .wps），读不出内容；"
        "用 Word 或 WPS 打开，另存为 .docx 后再校核",
    }  # fmt: skip
    assert missing == {"file": names[2], "error": "没有这个文件；请检查路径和名称"}
    assert [one["verdict"] for one in good["claims"]] == ["holds"]
    (claim,) = bad["claims"]
    assert set(claim) == {
        "start", "end", "quote", "kind", "verdict", "grade", "printed", "computed", "interval",
        "explanation",
    }  # fmt: skip
    assert claim["quote"] == BAD[claim["start"] : claim["end"]]
    assert (claim["kind"], claim["verdict"], claim["grade"]) == ("progress", "contradicts", "wrong")
    assert claim["printed"] == "85%"
    assert claim["interval"][0] < 75 < claim["interval"][1]


@pytest.mark.parametrize(
    ("names", "more", "code"),
    [
        (["好.txt", "坏.md"], [], 0),
        (["好.txt"], ["--strict"], 0),
        (["好.txt", "坏.md"], ["--strict"], 1),
        (["坏.docx", "旧.doc"], ["--strict"], 1),
        (["旧.doc", "没有.txt"], [], 2),
        (["旧.doc", "好.txt"], ["--strict"], 0),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_exit_codes(
    names: list[str], more: list[str], code: int, form: list[str], files: Path
) -> None:
    assert main(["proofread", *(str(files / name) for name in names), *more, *form]) == code


def test_for_people_a_table_of_what_is_worth_a_look(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["proofread", str(files / "坏.docx"), str(files / "好.txt"), str(files / "旧.doc")])
    told = capsys.readouterr()
    assert f"{files / '坏.docx'}：核对1处：相符0处，矛盾1处，无法核对0处" in told.out
    assert "第2行" in told.out
    assert "矛盾（有误）" in told.out
    assert f"{files / '好.txt'}：核对1处：相符1处，矛盾0处，无法核对0处\n" in told.out
    assert "相符 " not in told.out  # what agrees is counted, not listed
    assert told.err.startswith(f"{files / '旧.doc'}：是旧版 Word 格式")
    main(["proofread", str(files / "好.txt"), "--all"])
    assert "相符 " in capsys.readouterr().out


def test_copies_with_comments_leave_the_files_alone(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (files / "坏.docx").read_bytes()
    names = [str(files / name) for name in ("坏.docx", "坏.md", "好.txt")]
    assert main(["proofread", *names, "--mark", str(files / "批注")]) == 0
    made = sorted(path.name for path in (files / "批注").iterdir())
    assert made == ["坏2（校核）.docx", "坏（校核）.docx", "好（校核）.docx"]
    assert (files / "坏.docx").read_bytes() == before
    (claim,) = proofread(BAD)
    for name in made[:2]:
        (comment,) = docx.Document(str(files / "批注" / name)).comments
        assert comment.text == f"完成进度·矛盾（有误）：{claim.explanation}"
    assert not list(docx.Document(str(files / "批注" / "好（校核）.docx")).comments)
    assert "带批注的文件：" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = str(files / "好.txt")
    assert main(["proofread", taken, "--mark", taken]) == 2
    assert "请换一个目录" in capsys.readouterr().err


def test_what_agrees_gets_no_comment() -> None:
    assert remarks_of(GOOD, proofread(GOOD)) == []
    (remark,) = remarks_of(BAD, proofread(BAD))
    assert BAD[remark.start : remark.end].endswith("85%")


def test_a_comment_across_sentences_says_what_it_rests_on() -> None:
    text = "全年任务20亿元。1—5月已完成15亿元。完成率85%。"
    claim = Claim(
        23, 26, "85%", "progress", "contradicts", "85%", "应为75%", "wrong",
        operands=((4, 8), (16, 20)),
    )  # fmt: skip
    (remark,) = remarks_of(text, [claim])
    assert remark.text == "完成进度·矛盾（有误）：应为75%（依据“20亿元”、“15亿元”）"


def test_pictures_are_told_beside_the_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = docx.Document()
    document.add_paragraph(GOOD)
    document.add_paragraph().add_run()._r.append(parse_xml(f"<pic:pic {nsdecls('pic')}/>"))
    document.save(str(tmp_path / "图.docx"))
    assert main(["proofread", str(tmp_path / "图.docx"), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["claims"]
    assert told.err == f"{tmp_path / '图.docx'}：有1张图片，图片里的文字和数没有校核\n"
