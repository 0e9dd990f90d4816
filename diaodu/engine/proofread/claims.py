"""What the proofreader says of a figure: a Claim, with its verdict, its computation and its reason.

Offsets are code points of the text that was read; `quote` is the text between them as it stands.
A claim is the smallest stretch holding the printed number and its operands; where those lie in
several sentences, the stretch holds the printed number alone and `operands` lists the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal[
    "progress", "pace_gap", "share", "growth", "implied_base", "pp_diff", "difference", "sum",
    "rank", "contribution", "required", "average", "count", "trend", "repeat", "unit", "date",
    "ledger",
]  # fmt: skip
Verdict = Literal["holds", "contradicts", "unverifiable"]
Grade = Literal["wrong", "truncated", "wording"]

KIND_NAMES: dict[Kind, str] = {
    "progress": "完成进度", "pace_gap": "序时进度差", "share": "占比", "growth": "增速",
    "implied_base": "倒推基数", "pp_diff": "相差百分点", "difference": "相差", "sum": "合计",
    "rank": "位次", "contribution": "贡献和拉动", "required": "尚需完成", "average": "平均",
    "count": "列举个数", "trend": "走势", "repeat": "前后一致", "unit": "计量单位",
    "date": "日期", "ledger": "与运行结果核对",
}  # fmt: skip
VERDICT_NAMES: dict[Verdict, str] = {
    "holds": "相符", "contradicts": "矛盾", "unverifiable": "无法核对",
}  # fmt: skip
GRADE_NAMES: dict[Grade, str] = {"wrong": "有误", "truncated": "只舍不入", "wording": "用词"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure checked.

    `grade` stands beside contradicts alone. `printed` and `computed` are texts in the printed
    unit (10%, 10.71%); `interval` holds the bounds of what was computed, in that unit; both are
    None where there is nothing to compute. `explanation` is one Chinese sentence, `fix` the
    smallest change that would make a contradiction hold (also told in the explanation). `of`: what
    kind of figure a run has where a text is held against it.
    """

    start: int
    end: int
    quote: str
    kind: Kind
    verdict: Verdict
    printed: str
    explanation: str
    grade: Grade | None = None
    computed: str | None = None
    interval: tuple[Fraction, Fraction] | None = None
    fix: str | None = None
    operands: tuple[tuple[int, int], ...] = ()
    of: Kind = "repeat"

    def __post_init__(self) -> None:
        if (self.grade is not None) != (self.verdict == "contradicts"):
            raise ValueError("a grade belongs to a contradiction, and to nothing else")
