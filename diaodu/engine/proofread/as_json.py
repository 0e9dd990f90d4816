"""Claims as JSON: one object on one line for each text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR

from diaodu.engine.compute.calculator import json_number
from diaodu.engine.proofread.claims import Claim


def read_line(file: str, text: str, claims: Iterable[Claim]) -> str:
    """A text that was read, with its claims in their order."""
    told = ", ".join(map(_claim, claims))
    return f'{{"file": {_text(file)}, "text": {_text(text)}, "claims": [{told}]}}'


def error_line(file: str, error: str) -> str:
    """A file that could not be read."""
    return f'{{"file": {_text(file)}, "error": {_text(error)}}}'


def _claim(claim: Claim) -> str:
    """`interval` in JSON numbers of 20 significant digits, rounded outward; `operands` only of
    claims across sentences."""
    kind = claim.of if claim.kind == "ledger" else claim.kind  # a closed list of kinds is written
    parts = {
        "start": str(claim.start), "end": str(claim.end), "quote": _text(claim.quote),
        "kind": _text(kind), "verdict": _text(claim.verdict), "grade": _text(claim.grade),
        "printed": _text(claim.printed), "computed": _text(claim.computed),
        "interval": _interval(claim), "explanation": _text(claim.explanation),
    }  # fmt: skip
    if claim.operands:
        parts["operands"] = json.dumps(claim.operands)
    return "{" + ", ".join(f'"{key}": {value}' for key, value in parts.items()) + "}"


def _interval(claim: Claim) -> str:
    if claim.interval is None:
        return "null"
    lo, hi = claim.interval
    return f"[{json_number(lo, ROUND_FLOOR)}, {json_number(hi, ROUND_CEILING)}]"


def _text(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)
