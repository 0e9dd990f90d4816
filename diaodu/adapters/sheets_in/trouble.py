"""What keeps a file or a sheet from being read, told in words and turned into a Finding."""

from __future__ import annotations

from diaodu.engine.ground.records import Finding, finding
from diaodu.engine.ground.words import Severity

SAVE_AS = "用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送"
SEND_AGAIN = "请报送单位重新发送完整的文件"
UNLOCK = "取消打开密码，另存为 .xlsx 后重新报送"
SHRINK = "只留要报的表，删去多余的行、列、图片，另存为 .xlsx 后重新报送"


class Trouble(Exception):
    """One file or sheet that cannot be read. `why` is a Chinese clause whose subject is the file
    or the sheet; `action` says what to do."""

    def __init__(self, code: str, why: str, action: str, severity: Severity = "hard") -> None:
        super().__init__(why)
        self.code = code
        self.why = why
        self.action = action
        self.severity = severity

    def finding(self, file: str, sheet: str = "") -> Finding:
        where = f"“{file}”的工作表“{sheet}”" if sheet else f"“{file}”"
        return finding(
            self.code, self.severity, where + self.why, self.action, file=file, sheet=sheet
        )


def unreadable(why: str, action: str = SAVE_AS, severity: Severity = "hard") -> Trouble:
    return Trouble("unreadable", why, action, severity)


def truncated(why: str) -> Trouble:
    return Trouble("truncated", f"不完整：{why}，多半是拷贝或下载中断", SEND_AGAIN)


def encrypted() -> Trouble:
    return Trouble("encrypted", "设有打开密码，读不出内容", UNLOCK)


def too_big(why: str) -> Trouble:
    return Trouble("too_big", f"{why}，没有读", SHRINK)


def empty_sheet() -> Trouble:
    return Trouble(
        "empty_sheet", "没有任何内容", "本来就不用填的不必理会；应填而空的请补填后重新报送", "soft"
    )
