"""What stands beside the numbers of a line: declared margins, projects, firms and people that take
a part of it, and what it is to be reached with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from diaodu.engine.ground.words import KIND_NAMES
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.actions.common import content_of, key_of, leave_trace, locked_draft
from diaodu.web.targets.models import (
    AMOUNTLESS,
    NAMED_SPLITS,
    SPLITS,
    SUPPORT_KINDS,
    Line,
    Part,
    Support,
)
from diaodu.web.targets.queries.reading import digits


@transaction.atomic
def set_margin(
    *, line: Line, split: str, value: Decimal | None, reason: str, by: Any, at: datetime
) -> Line:  # fmt: skip
    """By how much the parts may exceed the whole, and why; no value takes it back."""
    held = locked_draft(line.version, "修改")
    if value is not None:
        _need_amount(line)
    found = Line.objects.select_for_update().get(pk=line.pk)
    if value is not None and value <= 0:
        raise ValidationError({"value": "余量要大于0；不留余量就清空"})
    if value is not None and not reason.strip():
        raise ValidationError({"reason": "请写明为什么多分"})
    before = content_of(found)
    if value is None:
        found.margins.pop(split, None)
    else:
        found.margins[split] = {"value": digits(value), "reason": reason.strip()}
    found.save(update_fields=["margins"])
    told = "不留" if value is None else f"{digits(value)}{found.unit}"
    leave_trace(
        held, act="edit", by=by, at=at, what=f"{_name(found)}{SPLITS[split]}的余量：{told}",
        before={key_of(found.place): before}, after={key_of(found.place): content_of(found)},
        told=_about(found), reason=reason.strip(),
    )  # fmt: skip
    return found


@transaction.atomic
def add_part(
    *, line: Line, split: str, name: str, value: Decimal, by: Any, at: datetime
) -> Part:  # fmt: skip
    held = locked_draft(line.version, "修改")
    _need_amount(line)
    if Part.objects.filter(line=line, by=split, name=name.strip()).exists():
        raise ValidationError({"name": f"“{name.strip()}”已经在里面；要改数，先删去再加"})
    last = Part.objects.filter(line=line).aggregate(last=Max("place"))["last"] or 0
    made = Part(line=line, by=split, name=name.strip(), value=value, place=last + 1)
    made.full_clean(exclude=["line", "value"])
    made.save()
    told = f"{_name(line)}{NAMED_SPLITS[split]}分：{made.name}{digits(value)}{line.unit}"
    leave_trace(held, act="edit", by=by, at=at, what=told[:200], told=_about(line))
    return made


@transaction.atomic
def drop_part(*, part: Part, by: Any, at: datetime) -> None:
    held = locked_draft(part.line.version, "修改")
    told = f"{_name(part.line)}{NAMED_SPLITS[part.by]}分：删去{part.name}{digits(part.value)}"
    part.delete()
    leave_trace(held, act="edit", by=by, at=at, what=told[:200], told=_about(part.line))


@transaction.atomic
def add_support(
    *, line: Line, kind: str, name: str, amount: Decimal, month: int, owner: str, certainty: str,
    by: Any, at: datetime,
) -> Support:  # fmt: skip
    held = locked_draft(line.version, "修改")
    _need_amount(line)
    made = Support(
        line=line, kind=kind, name=name.strip(), amount=amount, month=month, owner=owner.strip(),
        certainty=certainty,
    )  # fmt: skip
    made.full_clean(exclude=["line", "amount"])
    made.save()
    told = f"{_name(line)}的支撑：{SUPPORT_KINDS[kind]}{made.name}{digits(amount)}{line.unit}"
    leave_trace(held, act="edit", by=by, at=at, what=told[:200], told=_about(line))
    return made


@transaction.atomic
def drop_support(*, support: Support, by: Any, at: datetime) -> None:
    held = locked_draft(support.line.version, "修改")
    told = f"{_name(support.line)}的支撑：删去{support.name}{digits(support.amount)}"
    support.delete()
    leave_trace(held, act="edit", by=by, at=at, what=told[:200], told=_about(support.line))


def _need_amount(line: Line) -> None:
    if line.kind in AMOUNTLESS:
        raise ValidationError(
            f"“{KIND_NAMES[line.kind]}”没有数量，不能分、不列支撑；请写在总量或增速目标上"
        )


def _name(line: Line) -> str:
    known = rulebooks.current().indicators.get(line.indicator)
    return f"{known.name if known else line.indicator}{line.org.name}"


def _about(line: Line) -> dict[str, str]:
    return {"indicator": line.indicator, "org": str(line.org_id), "tier": line.tier}
