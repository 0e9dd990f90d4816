"""What the machinery of the desk remembers about itself."""

from __future__ import annotations

from django.db import models


class Beat(models.Model):
    """A worker's sign of life, written by the worker itself every second."""

    worker = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField(db_index=True)


class Tick(models.Model):
    """When a repeated job was last put in the queue; claimed by a conditional update."""

    name = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField()
