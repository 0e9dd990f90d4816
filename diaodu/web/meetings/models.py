"""Dispatch meetings: what is looked at, who speaks, what is handed in, what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models

PLANNED, OPEN, HELD, CANCELLED = "planned", "open", "held", "cancelled"
STATES = {PLANNED: "筹备", OPEN: "正在开", HELD: "已开完", CANCELLED: "不开了"}
KINDS = {
    "dispatch": "经济运行调度会", "analysis": "经济运行分析会", "push": "推进会",
    "special": "专题会",
}  # fmt: skip

REVIEW, REPORT, SPEECH, TALK, OTHER = "review", "report", "speech", "talk", "other"
ITEM_KINDS = {
    REVIEW: "上次会议落实情况", REPORT: "汇报", SPEECH: "表态发言", TALK: "讲话", OTHER: "其他",
}  # fmt: skip

DUTY, PROMISE, NOTE = "duty", "promise", "note"
LINE_KINDS = {DUTY: "交办", PROMISE: "表态", NOTE: "记录"}
KEPT, BROKEN = "kept", "broken"
OUTCOMES = {KEPT: "兑现", BROKEN: "没有兑现"}


class Meeting(models.Model):
    """`run`: the frozen run whose figures are looked at. `previous`: the one whose decisions this
    one opens with. `version` counts every change."""

    kind = models.CharField(max_length=16, choices=list(KINDS.items()))
    title = models.CharField(max_length=100)
    at = models.DateTimeField()
    place = models.CharField(max_length=100, blank=True)
    host = models.CharField(max_length=50, blank=True)
    run = models.ForeignKey(
        "runs.Run", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    state = models.CharField(max_length=16, choices=list(STATES.items()), default=PLANNED)
    version = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )  # fmt: skip
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """One point of the agenda. `why`: the rule's reason, of those who must speak."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=list(ITEM_KINDS.items()))
    title = models.CharField(max_length=200)
    org = models.ForeignKey(
        "people.Org", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # fmt: skip
    speaker = models.CharField(max_length=50, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["place", "pk"]


def _where(paper: Paper, name: str) -> str:
    """Named by the desk: what a file is called by those who send it is only shown."""
    return f"meetings/{paper.meeting_id}/{paper.digest}"


class Paper(models.Model):
    """What a unit is to hand in for the meeting, and what it handed in."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="papers")
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    due = models.DateTimeField()
    file = models.FileField(upload_to=_where, blank=True)
    name = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(null=True, blank=True)
    sent_back = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["org__place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "org", "title"], name="meetings_one_paper"
            )
        ]  # fmt: skip


class Line(models.Model):
    """One line of the minutes. An assignment says who, what and by when before the meeting is
    closed, and then is `duty`; a promise is kept or broken later. A struck line stays, and is
    shown so."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=list(LINE_KINDS.items()))
    text = models.CharField(max_length=500)
    org = models.ForeignKey(
        "people.Org", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # fmt: skip
    supporting = models.JSONField(default=list, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    latest = models.DateField(null=True, blank=True)
    best = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=300, blank=True)
    duty = models.ForeignKey(
        "duties.Duty", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=8, choices=list(OUTCOMES.items()), blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_reason = models.CharField(max_length=500, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    struck = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["duty"])]

    @property
    def missing(self) -> list[str]:
        return missing(self.kind, self.org_id, self.person_id, self.latest)


def missing(kind: str, org: object, person: object, latest: object) -> list[str]:
    """What a duty or promise still has to say, in words."""
    if kind == NOTE:
        return []
    asked = [("谁来办", org), ("承办人", person or kind == PROMISE), ("哪天前", latest)]
    return [word for word, given in asked if not given]
