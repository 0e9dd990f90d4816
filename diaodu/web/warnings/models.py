"""Warnings: what a rule says of a figure, period by period, and what people did about it. Read by
`queries` alone.

A warning stands on two courses. What published runs said makes `public_*`, which everybody in
scope reads; with live results in their place it makes `phase` …, for those who may see them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaodu.engine.ground.words import (
    WARNING_END_NAMES,
    WARNING_KIND_NAMES,
    WARNING_PHASE_NAMES,
    WARNING_SAYS_NAMES,
)

_PHASES = list(WARNING_PHASE_NAMES.items())
_ENDS = list(WARNING_END_NAMES.items())
SAID = 600


class Warning(models.Model):
    """One rule about one indicator of one org; `serial` counts those that came one after another.

    rule …: as it was when it last spoke. lead: who answers. opened, since, ended: periods. A false
    alarm is over for people whatever the figures say; its course goes on.
    """

    rule = models.CharField(max_length=64)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=list(WARNING_KIND_NAMES.items()))
    light = models.CharField(max_length=8)
    raise_after = models.PositiveSmallIntegerField(default=1)
    clear_after = models.PositiveSmallIntegerField(default=1)
    again_within = models.PositiveSmallIntegerField(default=0)
    tell: Any = models.JSONField(default=list)

    indicator = models.CharField(max_length=64)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    field = models.CharField(max_length=60, blank=True)
    serial = models.PositiveIntegerField(default=1)

    opened = models.CharField(max_length=32)
    phase = models.CharField(max_length=12, choices=_PHASES)
    since = models.CharField(max_length=32)
    ended = models.CharField(max_length=32, blank=True)
    end = models.CharField(max_length=16, choices=_ENDS, blank=True)
    said = models.CharField(max_length=SAID, blank=True)
    # Empty as long as no published run has spoken.
    public_phase = models.CharField(max_length=12, choices=_PHASES, blank=True)
    public_since = models.CharField(max_length=32, blank=True)
    public_end = models.CharField(max_length=16, choices=_ENDS, blank=True)
    public_said = models.CharField(max_length=SAID, blank=True)

    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    false_at = models.DateTimeField(null=True)
    has_cause = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "indicator", "org", "serial"], name="warnings_one_after_another"
            ),
            models.CheckConstraint(
                condition=Q(phase="closed") | Q(end=""),
                name="warnings_the_open_have_no_end",
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "org"]),
            models.Index(fields=["lead", "phase"]),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """What the rule said of one period, by a published run or by live results. Live runs go with
    time; what they said stays, by its name."""

    class Basis(models.TextChoices):
        LIVE = "live", "实时"
        PUBLISHED = "published", "已发布"

    warning = models.ForeignKey(Warning, on_delete=models.CASCADE, related_name="answers")
    period = models.CharField(max_length=32)
    basis = models.CharField(max_length=12, choices=Basis.choices)
    says = models.CharField(max_length=8, choices=list(WARNING_SAYS_NAMES.items()))
    said = models.CharField(max_length=SAID, blank=True)
    run = models.ForeignKey(
        "runs.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    run_name = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["warning", "period", "basis"], name="warnings_one_answer_a_period"
            )
        ]


class Act(models.Model):
    """What a person did. A cause is never changed: the newest stands, others are history."""

    class What(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", "知悉"
        CAUSE = "cause", "填报原因"
        FALSE_ALARM = "false_alarm", "标为误报"
        RESTORE = "restore", "撤销误报"

    warning = models.ForeignKey(Warning, on_delete=models.CASCADE, related_name="acts")
    what = models.CharField(max_length=12, choices=What.choices)
    text = models.CharField(max_length=1000, blank=True)
    plan = models.CharField(max_length=1000, blank=True)
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]


class Judged(models.Model):
    """How far a run has been judged: under which rules, of which results, and when there is more
    to say because a figure becomes public."""

    run = models.OneToOneField("runs.Run", on_delete=models.CASCADE, related_name="+")
    stamp = models.CharField(max_length=200)
    again_at = models.DateTimeField(null=True)


class Pass(models.Model):
    """The last pass. One row; two passes at once wait for each other."""

    at = models.DateTimeField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
