"""Returns: the forms units fill each period, what is typed in them, and what becomes of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from diaodu.web.shared.fields import ExactField

DRAFT, SUBMITTED, REVIEW, RETURNED, ACCEPTED = (
    "draft", "submitted", "review", "returned", "accepted",
)  # fmt: skip
STATES = {
    DRAFT: "草稿",
    SUBMITTED: "已提交待签字",
    REVIEW: "待审核",
    RETURNED: "已退回",
    ACCEPTED: "已接收",
}

# (state, act) → state afterwards; what is not here cannot happen. The last signature that the
# form asks for moves a submitted return on to review; one that asks for none goes there at once.
MOVES: dict[tuple[str, str], tuple[str, ...]] = {
    (DRAFT, "save"): (DRAFT,),
    (RETURNED, "save"): (RETURNED,),
    (DRAFT, "submit"): (SUBMITTED, REVIEW),
    (RETURNED, "submit"): (SUBMITTED, REVIEW),
    (SUBMITTED, "sign"): (SUBMITTED, REVIEW),
    (SUBMITTED, "send_back"): (RETURNED,),
    (REVIEW, "send_back"): (RETURNED,),
    (REVIEW, "accept"): (ACCEPTED,),
    (ACCEPTED, "reopen"): (DRAFT,),
}


def _person() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


def _nobody_yet() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )


class Return(models.Model):
    """One form of one period filled by one unit. It comes to be with the first thing typed.

    `form` is the calendar entry's id, `period` the month's. `version` grows with every change and
    is what two clerks at one form are told apart by. `attempt` counts submissions (signatures
    belong to one), `round` acceptances: the second and later ones are changes after acceptance.
    """

    form = models.CharField(max_length=64)
    period = models.CharField(max_length=24)
    reporter = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=list(STATES.items()), default=DRAFT)
    version = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=1)
    reopened_because = models.TextField(blank=True)
    returned_because = models.TextField(blank=True)
    # What was left to do when it was last saved, for lists: must mend, to explain, to fill.
    hard = models.PositiveIntegerField(default=0)
    soft = models.PositiveIntegerField(default=0)
    unfilled = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = _person()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = _nobody_yet()
    decided_at = models.DateTimeField(null=True)
    decided_by = _nobody_yet()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "reporter"], name="one_return_of_a_form"
            )
        ]


class ReturnCell(models.Model):
    """One figure asked for. `given` is as typed; value and decimals are in the indicator's unit.

    `unit` is what that unit was when it was typed, `printed_decimals` what the rules printed it
    with when it was last handed in: under other rules than these it is not filed. Empty in cells
    older than these columns, which are asked for again.

    word “nil”: there is none this period, with the reason. `version` is the return's when this
    cell last changed. `taken` holds what was accepted last (given, value, word), for the
    difference after a reopening. file, tab, place: where in a workbook it came from.
    """

    sheet = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="cells")
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=64)
    period = models.CharField(max_length=24)
    facet = models.CharField(max_length=16)
    given = models.CharField(max_length=60, blank=True)
    value = ExactField(null=True)
    decimals = models.SmallIntegerField(null=True)
    unit = models.TextField(blank=True)
    printed_decimals = models.SmallIntegerField(null=True)
    word = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    tab = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=16, blank=True)
    taken = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=0)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "org", "indicator", "facet"], name="one_cell_of_a_figure"
            )
        ]


class Save(models.Model):
    """What one save changed: [{key, before, after}], for undoing it and for telling a colleague."""

    sheet = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="saves")
    version = models.PositiveIntegerField()
    by = _person()
    at = models.DateTimeField()
    changes = models.JSONField()
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "version"], name="one_save_of_a_version")
        ]


class Explanation(models.Model):
    """Why a figure that looks odd is right. It holds for the numbers the finding named: when they
    change it has to be given anew."""

    sheet = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="explanations")
    finding = models.CharField(max_length=16)
    code = models.CharField(max_length=32)
    org = models.CharField(max_length=64)
    indicator = models.CharField(max_length=64)
    period = models.CharField(max_length=24)
    about = models.CharField(max_length=200)  # expected|found, as the finding gave them
    message = models.TextField()
    text = models.CharField(max_length=500)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "finding"], name="one_word_on_a_finding")
        ]


class Signature(models.Model):
    """One of the signatures the form asks for, on one submission."""

    sheet = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="signatures")
    attempt = models.PositiveIntegerField()
    place = models.PositiveSmallIntegerField()  # 1, 2, 3
    title = models.CharField(max_length=50)
    role = models.CharField(max_length=16)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "attempt", "place"], name="one_signature_in_a_place"
            ),
            models.UniqueConstraint(fields=["sheet", "attempt", "by"], name="nobody_signs_twice"),
        ]


class Step(models.Model):
    """What happened to a return, in order, for the people who work on it."""

    sheet = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=16)
    state = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Upload(models.Model):
    """A workbook handed in for a return, what was read from it, and whether it was taken over.

    cells: [{key, text, reason, tab, place}]; left: what the form does not take, with place and
    reason; remarks: what is wrong with the file; notes: [org, indicator, text] of its 说明.
    """

    form = models.CharField(max_length=64)
    period = models.CharField(max_length=24)
    reporter = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    ours = models.BooleanField()
    cells = models.JSONField(default=list)
    left = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    by = _person()
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)


class Exemption(models.Model):
    """Leave to enter after the due moment, for one unit and form, with its own last moment."""

    form = models.CharField(max_length=64)
    period = models.CharField(max_length=24)
    reporter = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    reason = models.CharField(max_length=500)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["period", "form", "reporter"])]


class Reminder(models.Model):
    """Somebody chased a return; the unit sees it on its own page."""

    form = models.CharField(max_length=64)
    period = models.CharField(max_length=24)
    reporter = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500, blank=True)
    by = _person()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["period", "form", "reporter"])]
