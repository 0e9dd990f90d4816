"""Duties: who must do what by when, everything that was done about it, and what proves it."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaodu.engine.dispatch.duty import OPEN
from diaodu.engine.dispatch.recurring import EVERY_NAMES
from diaodu.engine.ground.words import (
    DUTY_ACT_NAMES,
    DUTY_SOURCE_NAMES,
    DUTY_STATE_NAMES,
    DutyState,
)

_USER = settings.AUTH_USER_MODEL
IS_OPEN = Q(state__in=sorted(OPEN))


class Duty(models.Model):
    """One duty. The engine's table says which act leads to which state (`engine.dispatch.duty`);
    the course so far stands in `events`.

    number: that of its 交办单, given when it is issued. goal: the engine's Goal, where a figure
    says whether it is done; `indicator` and `goal_org` repeat it for searching. things: the
    engine's Things. basis: sentences on the figure it was drafted from, as they stood then.
    in_time: whether the last answer (of one closed by decision: the end) came by the deadline;
    None before.
    report_every: of one kept for long, how often progress is told.
    proved_period: the period whose figure closed it. version counts every change.
    """

    title = models.CharField("事项", max_length=300)
    state = models.CharField(max_length=16, choices=list(DUTY_STATE_NAMES.items()), default="draft")
    source = models.CharField("来源", max_length=16, choices=list(DUTY_SOURCE_NAMES.items()))
    origin = models.CharField("来源的名称或文号", max_length=300, blank=True)
    number = models.CharField("字号", max_length=60, blank=True)
    lead = models.ForeignKey(
        "people.Org", on_delete=models.PROTECT, related_name="+", verbose_name="主办单位"
    )
    person = models.ForeignKey(
        _USER, on_delete=models.PROTECT, related_name="+", verbose_name="承办人"
    )
    leader = models.ForeignKey(
        _USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name="分管领导",
    )  # fmt: skip
    supporting = models.ManyToManyField("people.Org", related_name="+", verbose_name="协办单位")
    measures = models.CharField("怎样办", max_length=2000, blank=True)
    things = models.JSONField("对象", default=list, blank=True)
    proof_asked = models.JSONField("要交的凭证", default=list, blank=True)
    best = models.DateField("力争期限", null=True, blank=True)
    latest = models.DateField("最晚期限")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    goal = models.JSONField(null=True, blank=True)
    indicator = models.CharField(max_length=64, blank=True)
    goal_org = models.CharField(max_length=64, blank=True)
    basis = models.JSONField(default=list, blank=True)
    basis_run = models.CharField(max_length=100, blank=True)
    decision = models.CharField(max_length=500, blank=True)
    report_every = models.CharField(
        max_length=8, choices=list(EVERY_NAMES.items()), blank=True, default=""
    )
    asked_until = models.DateField(null=True, blank=True)

    issued = models.DateField(null=True, blank=True)
    signed = models.DateField(null=True, blank=True)
    answered = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        _USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed = models.DateField(null=True, blank=True)
    in_time = models.BooleanField(null=True, blank=True)
    proved_period = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField("到这一状态的时间")
    made_by = models.ForeignKey(
        _USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["latest", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="duties_one_number"
            )
        ]
        indexes = [
            models.Index(fields=["state", "latest"], name="duties_by_state"),
            models.Index(fields=["latest", "id"], name="duties_open", condition=IS_OPEN),
            models.Index(fields=["lead", "state", "latest"], name="duties_by_lead"),
            models.Index(fields=["person", "state"], name="duties_by_person"),
            models.Index(fields=["leader", "state"], name="duties_by_leader"),
            models.Index(fields=["indicator", "goal_org"], name="duties_by_figure"),
            models.Index(fields=["issued"], name="duties_by_issue"),
            models.Index(fields=["closed"], name="duties_by_close"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stands(self) -> DutyState:
        """The state, as the engine's table names it."""
        return cast(DutyState, self.state)


class Event(models.Model):
    """One act of the engine's table on a duty; `by` None is the desk itself. `text` is what was
    reported, `reason` why; `latest` the deadline that was asked for or set."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="events")
    act = models.CharField(max_length=20, choices=list(DUTY_ACT_NAMES.items()))
    state = models.CharField(max_length=16, choices=list(DUTY_STATE_NAMES.items()))
    at = models.DateTimeField()
    by = models.ForeignKey(_USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=2000, blank=True)
    latest = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class ProofKind(models.TextChoices):
    FILE = "file", "文件"
    FIGURE = "figure", "数据"
    LINK = "link", "链接"


def _where(proof: Proof, name: str) -> str:
    """Named by the desk: what a file is called by those who send it is only shown."""
    return f"duties/{proof.duty_id}/{proof.digest}"


class Proof(models.Model):
    """Handed in as proof. `proves`: the demand it meets. What it shows stands in `file`, or in
    `text`: the figure, or the address of a link. `dropped`: taken back before it was answered."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=8, choices=ProofKind.choices)
    name = models.CharField(max_length=200)
    proves = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    file = models.FileField(upload_to=_where, blank=True)
    ending = models.CharField(max_length=8, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Upload(models.Model):
    """An Excel list that was read and waits for its sender to take it."""

    name = models.CharField(max_length=200)
    content = models.BinaryField()
    by = models.ForeignKey(_USER, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    taken = models.BooleanField(default=False)


class Quota(models.Model):
    """So many times each week, month or quarter, by a unit and a person."""

    title = models.CharField("要做什么", max_length=200)
    org = models.ForeignKey(
        "people.Org", on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    person = models.ForeignKey(
        _USER, on_delete=models.PROTECT, related_name="+", verbose_name="承办人"
    )
    every = models.CharField(
        "周期", max_length=8,
        choices=list(EVERY_NAMES.items()),
    )  # fmt: skip
    times = models.PositiveSmallIntegerField("每期几次", default=1)
    day = models.PositiveSmallIntegerField("期内几日以前", default=31)
    rolls = models.BooleanField("没有做完的转到下一期", default=True)
    since = models.DateField("从哪天起")
    until = models.DateField("到哪天止", null=True, blank=True)
    source = models.CharField("来源的名称或文号", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(
        _USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["org__place", "pk"]

    def __str__(self) -> str:
        return self.title


class Done(models.Model):
    """A quota was done once on a day."""

    quota = models.ForeignKey(Quota, on_delete=models.CASCADE, related_name="dones")
    on = models.DateField()
    text = models.CharField(max_length=500)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
