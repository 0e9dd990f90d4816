"""Texts that were proofread, each its author's own. Read by `queries` alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Check(models.Model):
    """One text, checked once. It is gone when it expires, or when its author deletes it.

    `claims`: as `queries.told` writes them. `run_name`: as pages called the run it was held
    against; empty without one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待校核"
        RUNNING = "running", "正在校核"
        DONE = "done", "已校核"
        FAILED = "failed", "没有校核成"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=200)
    run = models.ForeignKey("runs.Run", null=True, on_delete=models.SET_NULL, related_name="+")
    run_name = models.CharField(max_length=80, blank=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=50, blank=True)
    trouble = models.CharField(max_length=500, blank=True)

    length = models.PositiveIntegerField()
    contradicts = models.PositiveIntegerField(default=0)
    unverifiable = models.PositiveIntegerField(default=0)
    holds = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    # The large ones last: SQLite reads a row only as far as it must.
    text = models.TextField()
    claims = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "-at"])]

    @property
    def text_id(self) -> str:
        return str(self.pk)

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_open(self) -> bool:
        """Somebody still works on it."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def found(self) -> int:
        return self.contradicts + self.unverifiable + self.holds


class Original(models.Model):
    """The Word file as it was sent in, to be handed back with comments."""

    of = models.OneToOneField(
        Check, on_delete=models.CASCADE, primary_key=True, related_name="original"
    )
    content = models.BinaryField()
