"""A JSON file of duty facts, as the desk exports it → DutyList, or everything wrong with it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from diaodu.engine.dispatch.duty import DutyList
from diaodu.engine.dispatch.listed import read_list
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.rules.rulebook import Rulebook

_MOST_TOLD = 50
_MOST_BYTES = 200 * 1024 * 1024


class DutiesError(DiaoduError):
    """A file of duties that cannot be used; the text names every fault."""


def read_duties(path: Path, rulebook: Rulebook) -> DutyList:
    """Read the file. Raises DutiesError."""
    handed, faults = read_list(_json(path), rulebook)
    if handed is not None:
        return handed
    lines = [f"{path} {fault}" for fault in faults[:_MOST_TOLD]]
    if len(faults) > _MOST_TOLD:
        lines.append(f"……还有{len(faults) - _MOST_TOLD}处")
    raise DutiesError("\n".join([*lines, f"交办事项有{len(faults)}处错误，没有继续。"]))


def _json(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST_BYTES:
            most = _MOST_BYTES // 1024 // 1024
            raise DutiesError(f"{path} 超过{most}兆，不像交办事项的文件；请用调度台导出的文件")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DutiesError(f"没有 {path} 这个文件；请检查 --duties 后面的路径") from error
    except OSError as error:
        raise DutiesError(f"{path} 打不开（{error.strerror}）；请检查路径和文件的权限") from error
    except UnicodeDecodeError as error:
        raise DutiesError(f"{path} 不是UTF-8编码；请用调度台导出的文件") from error
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno} 第{error.colno}个字符"
        raise DutiesError(f"{where} 不合JSON的写法；请用调度台导出的文件") from error
    except RecursionError as error:
        raise DutiesError(f"{path} 层次太深；请用调度台导出的文件") from error


def _no_number(name: str) -> str:
    """NaN and Infinity are no numbers here; they fail as the texts they are."""
    return name
