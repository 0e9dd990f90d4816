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
