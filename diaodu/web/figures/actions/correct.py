"""A correction: a new vintage with a reason and a document; the old one stays."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.figures.actions.recording import file_figures, new_figure, wait_turn
from diaodu.web.figures.models import Observation
from diaodu.web.shared import audit, clock

# What may be said instead of a number. A word of absence would never replace a figure.
CORRECTION_WORDS = ("refused", "nil")
FILE = "更正"


@transaction.atomic
def correct(
    *, row: int, value: Decimal | None = None, word: str | None = None, by: Any, at: datetime,
    reason: str, document: str, value_given: str = "",
) -> Observation:  # fmt: skip
    """Replace the figure that stands in `row` (an Observation's id) as from today.

    Raises ValidationError with everything that is wrong.
    """
    wait_turn()
    old = Observation.objects.select_for_update().select_related("place").get(pk=row)
    _refuse(old, value, word, reason, document)
    today = at.astimezone(clock.now().tzinfo).date()
    new = new_figure(
        indicator=old.indicator, org=old.org_id, period=old.period, facet=old.facet,
        track=old.track, received=max(today, old.received), unit=old.unit, value=value, word=word,
        value_given=value_given, against=old.against or None, n=old.n, file=FILE,
    )  # fmt: skip
    filed = file_figures(
        [new], by=by, at=at, origin="correction", origin_id=str(old.pk), reason=reason.strip(),
        document=document.strip(),
    )  # fmt: skip
    (made,) = filed.rows
    audit.record(
        by=by, at=at, action="figures.correct", thing="figures.Observation", id=made.pk,
        before=_told(old), after={**_told(made), "document": document.strip()},
        reason=reason.strip(),
    )  # fmt: skip
    return made


def _refuse(
    old: Observation, value: Decimal | None, word: str | None, reason: str, document: str
) -> None:
    wrong = []
    if not old.standing:
        wrong.append("这个数已经有了更新的版次；请回到数据页，看过最新的数再更正")
    if (value is None) == (word is None):
        wrong.append("请填更正后的数，或选一个词，二者只要一样")
    elif word is not None and word not in CORRECTION_WORDS:
        wrong.append("这个词不能用来更正")
    elif (value, word) == (old.value, old.word):
        wrong.append("更正后的数与现在的数相同")
    if not reason.strip():
        wrong.append("请写明为什么更正")
    if not document.strip():
        wrong.append("请写明依据的文件（文号或名称）")
    if wrong:
        raise ValidationError(wrong)


def _told(row: Observation) -> dict[str, Any]:
    return {
        "indicator": row.indicator, "org": row.org_id, "period": row.period, "facet": row.facet,
        "track": row.track, "value": row.value, "word": row.word, "received": row.received,
    }  # fmt: skip
