"""Runs: which figures under which rulebook, and what came of them. Read by `queries` alone.

A frozen run's rows are written once, in the transaction that calls it done, and never after.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaodu.engine.ground.period import Period


class Compact(json.JSONEncoder):
    """Rows are many: no blanks, and 汉字 as they are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"separators": (",", ":"), "ensure_ascii": False})


class Run(models.Model):
    """Live: one per month, brought up to every edit. Frozen: numbered, of the figures recorded up
    to `entry` and received by `as_of`, under one version of the rulebook."""

    class Kind(models.TextChoices):
        LIVE = "live", "实时"
        FROZEN = "frozen", "冻结"

    class State(models.TextChoices):
        WAITING = "waiting", "等待计算"
        RUNNING = "running", "正在计算"
        DONE = "done", "已算完"
        FAILED = "failed", "没有算成"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveIntegerField(null=True, unique=True)
    period = models.CharField(max_length=7)  # the month: 2023-05
    as_of = models.DateField()
    version = models.ForeignKey("rulebooks.Version", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=50, blank=True)
    done_parts = models.PositiveIntegerField(default=0)
    all_parts = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=1000, blank=True)
    finished_at = models.DateTimeField(null=True)

    horizon = models.JSONField(default=dict, encoder=Compact)  # indicator → period id
    told = models.JSONField(default=dict, encoder=Compact)  # what was read, counted
    release_at = models.DateTimeField(null=True)  # of its latest figure; null: nothing embargoed
    audit_number = models.PositiveBigIntegerField(default=0)
    audit_hash = models.CharField(max_length=64, blank=True)

    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    publish_note = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    # The last act of recording (figures.queries.last_entry) whose figures are in.
    entry = models.PositiveBigIntegerField(default=0)
    every_period = models.BooleanField(default=True)  # whether its checks looked at all of them

    class Meta:
        ordering = ["-period", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(kind="live"), name="runs_one_live_a_month"
            ),
            models.CheckConstraint(
                condition=Q(kind="live", number=None) | Q(kind="frozen", number__gte=1),
                name="runs_frozen_are_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}次运行" if self.number else "实时"

    @property
    def name(self) -> str:
        """How every page and export calls it."""
        return str(self)

    @property
    def months(self) -> Period:
        """What it is about: January to its month."""
        return Period.from_id(self.period).ytd()

    @property
    def is_live(self) -> bool:
        return self.kind == self.Kind.LIVE

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


class Row(models.Model):
    """One indicator of one org in a run; an org's counts stand under indicator “”.

    measures: [measure, target_id, base, peer_group, shown, unit, word, value]. targets: those of
    the year, each with its verdict. series: [period, level, growth] as shown. absent: the word in
    place of a figure. classes: of the counts (headline indicators only). seq: the act of recording
    up to which its figures are in.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    indicator = models.CharField(max_length=64)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=32)
    light = models.CharField(max_length=16, blank=True)
    light_word = models.CharField(max_length=32, blank=True)
    target_class = models.CharField(max_length=32, blank=True)
    growth_class = models.CharField(max_length=32, blank=True)
    absent = models.CharField(max_length=32, blank=True)
    release_at = models.DateTimeField(null=True)
    seq = models.PositiveBigIntegerField(default=0)
    # The large ones last: SQLite reads a row only as far as it must.
    reasons = models.JSONField(default=list, encoder=Compact)
    targets = models.JSONField(default=list, encoder=Compact)
    series = models.JSONField(default=list, encoder=Compact)
    measures = models.JSONField(default=list, encoder=Compact)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "indicator", "org"], name="runs_one_row")
        ]
        indexes = [models.Index(fields=["run", "org"])]


class Finding(models.Model):
    """What the checks of a run said. `indicator` and `org` may be empty: of a file alone."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings")
    finding_id = models.CharField(max_length=16)
    code = models.CharField(max_length=32)
    severity = models.CharField(max_length=8)
    indicator = models.CharField(max_length=64, blank=True)
    org = models.CharField(max_length=64, blank=True)
    period = models.CharField(max_length=32, blank=True)
    file = models.TextField(blank=True)
    sheet = models.TextField(blank=True)
    cell = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    found = models.TextField(blank=True)
    message = models.TextField()
    action = models.TextField(blank=True)
    release_at = models.DateTimeField(null=True)

    class Meta:
        # Hard ones first; as in the run's files.
        ordering = ["severity", "code", "file", "sheet", "cell", "finding_id"]
        indexes = [
            models.Index(fields=["run", "indicator"]),
            models.Index(fields=["run", "org"]),
        ]


class Numbers(models.Model):
    """The last number given to a frozen run. One row; who wants the next one waits for it."""

    last = models.PositiveIntegerField(default=0)
