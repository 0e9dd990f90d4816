"""What the board keeps of its own: maps of the units below an org."""

from __future__ import annotations

from django.conf import settings
from django.db import models


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
