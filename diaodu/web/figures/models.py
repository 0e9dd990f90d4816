"""Every figure ever received, with who, when, why and from which cell.

Rows of Observation are never deleted, and never updated but for `standing` and `release_at`.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Observation as EngineObservation
from diaodu.engine.ground.records import Target
from diaodu.engine.ground.words import FACET_NAMES, OBS_WORD_NAMES, TRACK_NAMES
from diaodu.web.shared.fields import ExactField

ORIGINS = {"import": "导入", "return": "报送", "correction": "更正", "targets": "目标"}
IMPORT_STATES = {
    "waiting": "等待读取", "reading": "正在读取", "done": "已导入", "refused": "没有导入",
    "failed": "中断，没有导入",
}  # fmt: skip


_RECEIVED = EngineObservation._fields.index("received")
_VALUE = EngineObservation._fields.index("value")


class Door(models.Model):
    """One row: whoever records figures takes it first."""

    id = models.PositiveSmallIntegerField(primary_key=True)


class Entry(models.Model):
    """One act of recording. Its id orders what came in: of two figures received on one day, the
    one of the later entry counts."""

    entered_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(max_length=16, choices=list(ORIGINS.items()))
    origin_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    document = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["origin", "origin_id"], name="figures_entry_origin")]


class Sheet(models.Model):
    """Where figures were read: a sheet of a file. Many figures share one."""

    file = models.TextField()
    sha256 = models.CharField(max_length=64, blank=True)
    sheet = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="figures_sheet_sha256")]


class Observation(models.Model):
    """The engine's observation; `against` empty where the engine has None."""

    obs_id = models.CharField(max_length=16, db_index=True)
    indicator = models.CharField(max_length=64)
    org = models.ForeignKey(
        "people.Org", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    period = models.CharField(max_length=32)
    ends = models.DateField()  # the period's last day, to sort and choose by
    facet = models.CharField(max_length=16, choices=list(FACET_NAMES.items()))
    against = models.CharField(max_length=64, blank=True)
    n = models.PositiveIntegerField(null=True)
    track = models.CharField(max_length=16, choices=list(TRACK_NAMES.items()))
    received = models.DateField()
    value = ExactField(null=True)
    decimals = models.SmallIntegerField(null=True)
    word = models.CharField(
        max_length=16, null=True, choices=list(OBS_WORD_NAMES.items())
    )  # None where there is a number, as in the engine
    unit = models.TextField()
    unit_given = models.TextField(blank=True)
    value_given = models.TextField(blank=True)
    place = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+", db_index=False)
    cell = models.CharField(max_length=32, blank=True)
    held = models.BooleanField(default=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="observations")
    entered_at = models.DateTimeField()
    release_at = models.DateTimeField(null=True)
    standing = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["indicator", "period", "org"], name="figures_obs_indicator"),
            models.Index(fields=["org", "ends"], name="figures_obs_org"),
            # A form's three periods of many indicators and orgs: PostgreSQL read the whole table.
            models.Index(fields=["period", "org", "indicator"], name="figures_obs_period"),
            models.Index(
                fields=["ends", "indicator"],
                name="figures_obs_standing",
                condition=Q(standing=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "org", "period", "facet", "against", "track"],
                condition=Q(standing=True), name="figures_one_standing",
            )
        ]  # fmt: skip

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        return (self.indicator, self.org_id, self.period, self.facet, self.against, self.track)

    @property
    def when(self) -> Period:
        return Period.from_id(self.period)

    def content(self) -> tuple[Decimal | None, str | None]:
        return self.value, self.word

    def as_engine(self) -> EngineObservation:
        """Needs `place`."""
        return EngineObservation(
            self.obs_id, self.indicator, self.org_id, self.period, self.facet,
            self.against or None, self.n, self.track, self.received, self.value, self.decimals,
            self.word, self.unit, self.unit_given, self.value_given, self.place.file,
            self.place.sha256, self.place.sheet, self.cell, self.held,
        )  # fmt: skip


class Repeat(models.Model):
    """A figure received again on a later day without change: no vintage of its own, but kept: a
    different figure of a day between that comes in afterwards makes it one."""

    indicator = models.CharField(max_length=64)
    org_id = models.CharField(max_length=64)
    period = models.CharField(max_length=32)
    received = models.DateField()
    row = models.JSONField()  # the engine's observation, in the order of its fields
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="repeats")
    taken = models.BooleanField(default=False)  # has become a vintage

    class Meta:
        indexes = [
            models.Index(fields=["indicator", "period", "org_id"], name="figures_repeat_key")
        ]

    @classmethod
    def of(cls, figure: EngineObservation, entry: Entry) -> Repeat:
        row = list(figure)
        row[_RECEIVED] = figure.received.isoformat()
        row[_VALUE] = None if figure.value is None else f"{figure.value:f}"
        return cls(
            indicator=figure.indicator, org_id=figure.org, period=figure.period,
            received=figure.received, row=row, entry=entry,
        )  # fmt: skip

    @property
    def figure(self) -> EngineObservation:
        found = EngineObservation._make(self.row)
        value = None if found.value is None else Decimal(found.value)
        return found._replace(received=self.received, value=value)


class TargetRecord(models.Model):
    """The engine's target as received, or as a locked version of `targets` hands it on."""

    target_id = models.CharField(max_length=16, db_index=True)
    indicator = models.CharField(max_length=64)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    comparator = models.CharField(max_length=16)
    value = ExactField(null=True)
    tolerance = ExactField(null=True)
    unit = models.TextField()
    word = models.CharField(max_length=16, null=True)
    issuer = models.TextField(blank=True)
    document = models.TextField(blank=True)
    received = models.DateField()
    place = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="+", db_index=False)
    cell = models.CharField(max_length=32, blank=True)
    period = models.CharField(max_length=32, blank=True)
    against = models.CharField(max_length=130, blank=True)
    text = models.TextField(blank=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="targets")
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["indicator", "year", "org"], name="figures_target_key")]

    def as_engine(self) -> Target:
        """Needs `place`."""
        return Target(
            self.target_id, self.indicator, self.org_id, self.year, self.tier, self.kind,
            self.comparator, self.value, self.tolerance, self.unit, self.word, self.issuer,
            self.document, self.received, self.place.file, self.place.sha256, self.place.sheet,
            self.cell, self.period, self.against, self.text,
        )  # fmt: skip


class ImportBatch(models.Model):
    """One upload of returns, and what became of it. All of it is on file, or nothing."""

    state = models.CharField(max_length=16, choices=list(IMPORT_STATES.items()), default="waiting")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    document = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)  # files read, of the files there are
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)  # the engine's findings, in the order of its fields
    entry = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]


class ImportFile(models.Model):
    """A file of an upload. Its content lies in the desk's files under its SHA-256."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    name = models.TextField()  # path in the folder, the day of receipt first
    received = models.DateField(null=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    told = models.TextField(blank=True)  # why it was not read
    again = models.BooleanField(default=False)  # the same file was imported before

    class Meta:
        ordering = ["id"]


class Export(models.Model):
    """A large export, made in the background for the one who asked."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=8)
    search = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="waiting")
    rows = models.PositiveIntegerField(default=0)
    name = models.TextField(blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
