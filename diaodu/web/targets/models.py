"""The targets of a year: versions of one tree. A locked version is never changed again.

What stands in the grid are texts of exact numbers; what was typed and cannot be read stays beside
them until it is mended, so that nothing typed is lost.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaodu.web.shared.fields import ExactField

DRAFT, LOCKED, SUPERSEDED, DROPPED = "draft", "locked", "superseded", "dropped"
STATES = {DRAFT: "拟定中", LOCKED: "已锁定", SUPERSEDED: "已被调整", DROPPED: "不用了"}

FORCES = {"": "没有写", "ensure": "确保", "strive": "力争", "must": "必保"}
SPLITS = {"org": "按单位", "month": "按月", "group": "按项目或企业", "person": "按人"}
NAMED_SPLITS = {"group": "按项目或企业", "person": "按人"}
PROFILES = {
    "": "没有定", "linear": "按月平均", "days": "按天平均", "workdays": "按工作日",
    "milestones": "按节点", "last_year": "按去年进度", "phase": "逐月下达",
}  # fmt: skip
SUPPORT_KINDS = {"project": "项目", "firm": "企业", "policy": "政策", "fund": "资金"}
CERTAINTIES = {"registered": "在库", "signed": "已签", "planned": "拟报"}

# Kinds that ask for no number: what they ask stands in words.
WORDLESS = frozenset({"sign", "yes_no", "qualitative"})
# Kinds that ask for no amount: nothing of them can be shared out or added up.
AMOUNTLESS = WORDLESS | {"rank", "not_bottom", "mean"}
OPEN, TAKEN, DECLINED = "open", "taken", "declined"
PROPOSAL_STATES = {OPEN: "待定", TAKEN: "已采用", DECLINED: "没有采用"}


class Version(models.Model):
    """One state of a year's targets. `base`: the one it was re-based from. `effective`: from which
    day it counts. `entry`: the act of recording by which the runs have it. `changes` counts every
    edit."""

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=list(STATES.items()), default=DRAFT)
    base = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    origin = models.CharField(max_length=200, blank=True)
    document = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    effective = models.DateField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    entry = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="targets_one_number"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state=DRAFT), name="targets_one_draft_a_year"
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state=LOCKED), name="targets_one_locked_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年目标第{self.number}版"

    @property
    def is_draft(self) -> bool:
        return self.state == DRAFT


class Line(models.Model):
    """What one unit is to reach. `months`: month in which the part ends → exact digits. `typed`:
    column → a text that cannot be read. `margins`: split → what its parts may exceed the whole by,
    with the reason. `carried`: stood in the version before, so it can be set to 未下达 but not
    taken away."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="lines")
    indicator = models.CharField(max_length=64)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    comparator = models.CharField(max_length=16)
    force = models.CharField(max_length=8, choices=list(FORCES.items()), blank=True)
    value = ExactField(null=True)
    word = models.CharField(max_length=16, null=True)
    tolerance = ExactField(null=True)
    unit = models.CharField(max_length=40)
    text = models.CharField(max_length=300, blank=True)
    against = models.CharField(max_length=130, blank=True)
    issuer = models.CharField(max_length=100, blank=True)
    document = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=300, blank=True)
    profile = models.CharField(max_length=12, choices=list(PROFILES.items()), blank=True)
    months = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    margins = models.JSONField(default=dict)
    carried = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "indicator", "kind", "tier", "org"], name="targets_one_line"
            )
        ]

    @property
    def place(self) -> tuple[str, str, str, str]:
        return (self.indicator, self.kind, self.tier, str(self.org_id))

    @property
    def is_empty(self) -> bool:
        return (
            self.value is None and self.word is None
            and not (self.months or self.typed or self.against or self.kind in WORDLESS)
        )  # fmt: skip


class Part(models.Model):
    """A project, firm or person that takes a part of a line."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="parts")
    by = models.CharField(max_length=8, choices=list(NAMED_SPLITS.items()))
    name = models.CharField(max_length=100)
    value = ExactField()
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "by", "name"], name="targets_one_part")
        ]


class Support(models.Model):
    """What a line is to be reached with: a project, a firm, a policy, money."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="support")
    kind = models.CharField(max_length=8, choices=list(SUPPORT_KINDS.items()))
    name = models.CharField(max_length=100)
    amount = ExactField()
    month = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=100)
    certainty = models.CharField(max_length=12, choices=list(CERTAINTIES.items()))

    class Meta:
        ordering = ["month", "pk"]


class Edit(models.Model):
    """One change of a draft, with what stood before: it can be undone, and tells who changed the
    same cell meanwhile. `before` and `after`: place of a line → its fields, null where there was
    none."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=200)
    before = models.JSONField()
    after = models.JSONField()
    undone = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="targets_one_edit")
        ]


class Proposal(models.Model):
    """What an owner would have a line be; the office takes it or says why not."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="proposals")
    indicator = models.CharField(max_length=64)
    org = models.ForeignKey("people.Org", on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    value = ExactField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=list(PROPOSAL_STATES.items()), default=OPEN)
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
