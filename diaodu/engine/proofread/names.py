"""Names listed one after the other: 全国、全省和全市; names with a 、 or 和 inside stay whole."""

from __future__ import annotations

import re

# Classes of industries (GB/T 4754) and other names that hold what otherwise parts names.
_WHOLE = re.compile(
    r"农、林、牧、渔业|农林牧渔业|交通运输、仓储和邮政业|批发和零售业|住宿和餐饮业|科学研究和技术服务业|"
    r"电力、热力、燃气及水(?:的)?生产和供应业|信息传输、软件和信息技术服务业|租赁和商务服务业|"
    r"水利、环境和公共设施管理业|居民服务、修理和其他服务业|文化、体育和娱乐业|卫生和社会工作|"
    r"公共管理、社会保障和社会组织|总承包和专业承包|计算机、通信和其他电子设备制造业|教育、文化和娱乐"
)
_PARTED = re.compile(r"、|以及|[和及与]|(?<=全[国省市州区县])(?=全[国省市州区县])")  # 全国全区
_HIDDEN = {"、": "\ue000", "和": "\ue001", "及": "\ue002", "与": "\ue003"}
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()})


def listed_names(text: str) -> list[str]:
    """The names of a list, in order, as they stand; what is in brackets stays with its name."""
    hidden = _WHOLE.sub(lambda match: _hide(match[0]), text)
    hidden = re.sub(r"（[^）]*）", lambda match: _hide(match[0]), hidden)
    names = [name.translate(_SHOWN) for name in _PARTED.split(hidden)]
    return [name for name in names if name]


def _hide(text: str) -> str:
    return "".join(_HIDDEN.get(sign, sign) for sign in text)
