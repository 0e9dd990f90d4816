"""The chain of acts. Written by `shared.audit.record` alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Act(models.Model):
    """One act: who, when, what, before, after, why; `hash` covers all of it and `previous`."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=64, db_index=True)
    thing = models.CharField(max_length=64)
    thing_id = models.CharField(max_length=200)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["thing", "thing_id"]), models.Index(fields=["at"])]


class Head(models.Model):
    """The newest link of the chain, sealed with the desk's key: a cut tail does not fit it.

    One row; also what writers queue at, so that two acts never share a number.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)


class Serial(models.Model):
    """The last number given in a series of a year. Written by `shared.numbering` alone."""

    series = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="shared_one_serial")]


class Delivery(models.Model):
    """One word to one person by one way on one occasion. Written by `shared.outbox` alone.

    `key` is made of topic, thing, occasion, person and way: the database refuses a second one.
    """

    class Channel(models.TextChoices):
        SITE = "site", "站内"
        EMAIL = "email", "邮件"
        WEBHOOK = "webhook", "群机器人"

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        SENDING = "sending", "正在发送"
        SENT = "sent", "已送出"
        FAILED = "failed", "没有送到"
        UNSURE = "unsure", "不知是否送到"
        DROPPED = "dropped", "不再发送"

    key = models.CharField(max_length=64, unique=True)
    topic = models.CharField(max_length=32)
    thing = models.CharField(max_length=64)
    thing_id = models.CharField(max_length=64)
    occasion = models.CharField(max_length=200)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=1000)
    url = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    waits_since = models.DateTimeField()
    next_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "next_at"]),
            models.Index(fields=["to", "channel", "read_at"]),
            models.Index(fields=["thing", "thing_id"]),
        ]
