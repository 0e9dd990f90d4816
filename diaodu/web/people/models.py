"""Orgs, users and what each may do where."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.web.shared.roles import ROLES


class Org(models.Model):
    """One org of the tree; the id is the rulebook's. Closed orgs stay, with their last day."""

    id = models.CharField("编号", primary_key=True, max_length=64)
    name = models.CharField("名称", max_length=100)
    level = models.CharField("层级", max_length=16, choices=list(LEVEL_NAMES.items()))
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children",
        verbose_name="上级单位",
    )  # fmt: skip
    aliases = models.JSONField("别名", default=list, blank=True)
    codes = models.JSONField("代码", default=list, blank=True)
    groups = models.JSONField("分组", default=list, blank=True)
    opened = models.DateField("设立日期", null=True, blank=True)
    closed = models.DateField("撤销日期", null=True, blank=True)
    order = models.IntegerField("排列次序", null=True, blank=True)
    place = models.PositiveIntegerField("规则中的次序", default=0)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in. `name` is what pages print."""

    name = models.CharField("姓名", max_length=50)
    post = models.CharField("职务", max_length=50, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username


class Membership(models.Model):
    """A role over an org and all below it. `indicators` empty means all of them. No org: all orgs,
    for the administrator who comes before there are any."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("角色", max_length=16, choices=list(ROLES.items()))
    org = models.ForeignKey(
        Org, null=True, blank=True, on_delete=models.PROTECT, verbose_name="单位"
    )
    indicators = models.JSONField("指标", default=list, blank=True)
    early = models.BooleanField("发布前可看", default=False)
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def told(self, today: date) -> str:
        """统计（示例县，只限3个指标，发布前可看，2023年7月1日起）"""
        said = [
            self.place,
            f"只限{len(self.indicators)}个指标" if self.indicators else "",
            "发布前可看" if self.early else "",
            f"{_day(self.since)}起" if self.since and self.since > today else "",
            f"{_day(self.until)}{'已到期' if self.until < today else '止'}" if self.until else "",
        ]
        return f"{self.get_role_display()}（{'，'.join(one for one in said if one)}）"

    @property
    def place(self) -> str:
        return "全部单位" if self.org is None else self.org.name


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


class OneTimeLink(models.Model):
    """A link that sets a password once. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
