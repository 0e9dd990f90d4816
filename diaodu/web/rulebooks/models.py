"""Versions of the rulebook: a folder of files each, kept byte for byte."""

from __future__ import annotations

from django.conf import settings
from django.db import models

STATES = {"draft": "待发布", "published": "已发布", "discarded": "已作废"}


class Version(models.Model):
    """One folder of rules as imported. `number` is given when it is published; the published one
    of the highest number is in force. Neither files nor digest ever change."""

    number = models.PositiveIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=16, db_index=True)  # the engine's, of the files it reads
    content = models.CharField(max_length=64)  # of all files
    state = models.CharField(max_length=16, choices=list(STATES.items()), default="draft")
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    published_note = models.TextField(blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"规则第{self.number}版" if self.number else f"规则草稿{self.pk}"


class File(models.Model):
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="rulebooks_file_path")
        ]
