"""What the board keeps of its own: maps of the units below an org, and notes pinned to figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models

MOST = 1000  # letters

ALL, NAMED = "all", "named"
AUDIENCES = {ALL: "能看这个数的人都能看", NAMED: "只给指定的人看"}
FACETS = {
    "": "整行", "level": "总量", "growth": "增速", "completion": "完成进度", "rank": "位次",
}  # fmt: skip


class OrgMap(models.Model):
    """One version of the map of an org's units. The newest that is not withdrawn is drawn.

    `shapes`: org id → {"polygons": …, "label": [x, y] or null}. `sketch`: drawn by hand or
    invented; the page says 示意.
    """

    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    file = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    shapes = models.JSONField()
    sketch = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["org", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["org", "number"], name="board_one_map_of_a_number")
        ]


class Note(models.Model):
    """A remark on a figure of an org in a period, whatever run shows it and however it is revised;
    or an answer to one (`to`), which those read who read the remark. A deleted one has no text any
    more, and stays in its place. `version` counts every change."""

    to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    indicator = models.CharField(max_length=64)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=32)
    facet = models.CharField(max_length=16, blank=True, choices=list(FACETS.items()))
    text = models.CharField(max_length=MOST, blank=True)
    audience = models.CharField(max_length=8, choices=list(AUDIENCES.items()), default=ALL)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    last_at = models.DateTimeField()  # of the remark or its newest answer
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["org", "indicator", "period"]),
            models.Index(fields=["-last_at"]),
        ]

    @property
    def text_id(self) -> str:
        return str(self.pk)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class Reader(models.Model):
    """Who may read a note that is not for all, beside its author."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "user"], name="board_one_reader_once")
        ]
