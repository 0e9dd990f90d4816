"""What was done about duties that are late: steps taken, letters sent, decisions that stop them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaodu.engine.dispatch.ladder import RELIEF_NAMES
from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.engine.report.letters import KIND_NAMES

_KEY = 400
_MATTER = 140


class Letter(models.Model):
    """A numbered paper. `content` is all that it says: its file is made again from it, the same
    each time. A letter is never deleted; one sent in error is void, and keeps its number."""

    kind = models.CharField(max_length=8, choices=list(KIND_NAMES.items()))
    number = models.CharField(max_length=40, unique=True)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(
        "duties.Duty", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # fmt: skip
    title = models.CharField(max_length=300)
    content = models.JSONField()
    day = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    void_at = models.DateTimeField(null=True)
    void_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["org", "kind"])]

    def __str__(self) -> str:
        return self.number


class Step(models.Model):
    """One rung of the ladder that was taken; `by` is empty for reminders, which the desk sends by
    itself. `key` is that of the proposal it answers, so that none is answered twice. Of a
    reminder: `notice`, the pass that sent it, which told each person of all their duties at once,
    and `told`, the ids of those persons."""

    duty = models.ForeignKey(
        "duties.Duty", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=_MATTER)
    step = models.CharField(max_length=16, choices=list(LADDER_STEP_NAMES.items()))
    on = models.DateField()
    latest = models.DateField(null=True, blank=True)
    key = models.CharField(max_length=_KEY, blank=True)
    evidence = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    notice = models.CharField(max_length=200, blank=True, db_index=True)
    told = models.JSONField(default=list)
    letter = models.OneToOneField(
        Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="step"
    )  # fmt: skip
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="urging_one_step_a_proposal"
            )
        ]
        indexes = [models.Index(fields=["step", "on"]), models.Index(fields=["org", "step"])]


class Proposed(models.Model):
    """A step that is due and waits for a person: found by the last pass over all duties. Its
    evidence is worked out when it is read."""

    key = models.CharField(max_length=_KEY, unique=True)
    duty = models.ForeignKey(
        "duties.Duty", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    org = models.ForeignKey("people.Org", on_delete=models.CASCADE, related_name="+")
    matter = models.CharField(max_length=_MATTER)
    step = models.CharField(max_length=16, choices=list(LADDER_STEP_NAMES.items()))
    latest = models.DateField(null=True, blank=True)
    evidence = models.JSONField(default=list)  # of a step that is about no duty
    put_off = models.DateField(null=True, blank=True)  # not to be shown before
    put_off_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["step", "latest", "key"]
        indexes = [models.Index(fields=["org", "step"])]


class Relief(models.Model):
    """A decision (容错, 不可抗力) that stops the ladder for a duty. What is late stays late."""

    duty = models.ForeignKey("duties.Duty", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=list(RELIEF_NAMES.items()))
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]


class Pass(models.Model):
    """The last pass over all duties. One row; two passes at once wait for each other."""

    day = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
