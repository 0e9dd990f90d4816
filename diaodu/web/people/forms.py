"""What administrators fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.engine.rules.models import Code
from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people.models import Membership, Org, User
from diaodu.web.shared.roles import MAY_READ_EARLY, ROLES

_NEW_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_CODE_LINE = re.compile(
    r"(?P<code>[0-9A-Za-z]+)(\s+(?P<from>\d{4}-\d\d-\d\d)?\s*至\s*(?P<to>\d{4}-\d\d-\d\d)?)?"
)
_ROOT = ""
_ALL_ORGS = "*"


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class NamesField(forms.CharField):
    """Several words, parted by 、 or commas or line ends."""

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        return tuple(dict.fromkeys(one for one in re.split(r"[、，,;；\s]+", text) if one))


class CodesField(forms.CharField):
    """A code and its days on each line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value: Any) -> tuple[Code, ...]:
        lines = [one.strip() for one in super().clean(value).splitlines() if one.strip()]
        return tuple(self._code(at, line) for at, line in enumerate(lines, start=1))

    def _code(self, at: int, line: str) -> Code:
        found = _CODE_LINE.fullmatch(line)
        wrong = f"第{at}行“{line}”读不懂。每行写一个代码，有时段的接着写“2019-01-01至2022-12-31”。"
        if found is None:
            raise ValidationError(wrong)
        try:
            return Code.model_validate(
                {"code": found["code"], "from": found["from"], "to": found["to"]}
            )
        except ValueError:
            raise ValidationError(wrong) from None


def codes_text(codes: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(
        one["code"] + (f" {one.get('from', '')}至{one.get('to', '')}" if len(one) > 1 else "")
        for one in codes
    )


class OrgForm(forms.Form):
    """One org. `parents`: (id, shown name) of those it may stand under."""

    id = forms.CharField(
        label="编号", max_length=64, help_text="小写字母、数字，例如 qingshi；定了以后不能改"
    )
    name = forms.CharField(label="名称", max_length=100)
    level = forms.ChoiceField(label="层级", choices=list(LEVEL_NAMES.items()))
    parent = forms.ChoiceField(label="上级单位", required=False)
    aliases = NamesField(
        label="别名", max_length=500, required=False,
        help_text="简称、曾用名，用顿号隔开；读表时按它们认单位",
    )  # fmt: skip
    codes = CodesField(
        label="代码", max_length=1000, required=False,
        help_text="每行一个；有时段的接着写，例如 990101 2019-01-01至2022-12-31",
    )  # fmt: skip
    groups = NamesField(
        label="分组", max_length=500, required=False,
        help_text="参加排名的分组编号，用顿号隔开；不填则与同一上级的同层级单位比",
    )  # fmt: skip
    order = forms.IntegerField(
        label="排列次序", required=False, min_value=0, max_value=99999, help_text="小的排在前"
    )
    opened = DayField(label="设立日期", required=False)
    closed = DayField(label="撤销日期", required=False, help_text="最后一天；当天仍在")
    reason = forms.CharField(
        label="原因或依据", max_length=500, required=False, help_text="例如文件名称和文号"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, org: Org | None, parents: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        self.org = org
        if org is not None:
            kwargs.setdefault("initial", {}).update(_initial(org))
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = parents  # type: ignore[attr-defined]
        self.fields["parent"].required = all(id != _ROOT for id, _ in parents)
        if org is not None:
            del self.fields["id"]

    def clean_id(self) -> str:
        id = str(self.cleaned_data["id"]).strip()
        if not _NEW_ID.fullmatch(id):
            raise ValidationError("编号只用小写字母、数字、下划线和短横，以字母或数字开头")
        return id

    def rule_org(self) -> RuleOrg:
        told = {
            key: self.cleaned_data[key]
            for key in (
                "name", "level", "aliases", "codes", "groups", "order", "opened", "closed",
            )
        }  # fmt: skip
        id = self.org.pk if self.org is not None else self.cleaned_data["id"]
        return RuleOrg(id=id, parent=self.cleaned_data["parent"] or None, **told)


def _initial(org: Org) -> dict[str, Any]:
    return {
        "name": org.name, "level": org.level, "parent": org.parent_id or _ROOT,
        "aliases": "、".join(org.aliases), "codes": codes_text(org.codes),
        "groups": "、".join(org.groups), "order": org.order, "opened": org.opened,
        "closed": org.closed, "version": org.version,
    }  # fmt: skip


class CloseForm(forms.Form):
    closed = DayField(label="最后一天", help_text="当天仍在，第二天起不再要它报数")
    reason = forms.CharField(label="依据", max_length=500, help_text="例如文件名称和文号")
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=500)


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "post", "phone", "email"]
        labels = {
            "username": "用户名", "name": "姓名", "post": "职务", "phone": "电话", "email": "邮箱",
        }  # fmt: skip
        help_texts = {"username": "登录时用，可以是姓名拼音或工号；不分大小写，不能与别人相同"}
        error_messages = {
            "username": {"invalid": "用户名只能用汉字、字母、数字和 @ . + - _，中间不能有空格"}
        }

    def validate_unique(self) -> None:
        """The action tells it, capitals aside."""


class MembershipForm(forms.Form):
    """One role. `orgs`: (id, shown name) of those it may be given for; `everywhere`: also for all
    of them at once; `indicators`: id → name."""

    role = forms.ChoiceField(label="角色", choices=list(ROLES.items()))
    org = forms.ChoiceField(
        label="单位", help_text="管到这个单位和它下面的单位；填报、签字只在本单位"
    )
    scope = forms.ChoiceField(
        label="指标", choices=[("all", "全部指标"), ("chosen", "只限下面选中的")],
        widget=forms.RadioSelect, initial="all",
    )  # fmt: skip
    indicators = forms.MultipleChoiceField(
        label="选中的指标", required=False, widget=forms.CheckboxSelectMultiple
    )
    early = forms.BooleanField(label="发布前可看", required=False)
    since = DayField(label="起", required=False, help_text="不填则即时生效")
    until = DayField(label="止", required=False, help_text="最后一天；不填则长期有效")

    def __init__(
        self, *args: Any, membership: Membership | None, orgs: Sequence[tuple[str, str]],
        everywhere: bool, indicators: Mapping[str, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        if membership is not None:
            kwargs.setdefault("initial", {}).update(_held(membership))
            # One that the rulebook has lost stays to be seen, and may be taken away.
            lost = {one: f"{one}（规则里已没有）" for one in membership.indicators}
            indicators = {**lost, **indicators}
        super().__init__(*args, **kwargs)
        whole = [(_ALL_ORGS, "全部单位（只用于管理员）")] if everywhere else []
        self.fields["org"].choices = [("", "请选单位"), *whole, *orgs]  # type: ignore[attr-defined]
        self.fields["indicators"].choices = list(indicators.items())  # type: ignore[attr-defined]
        named = "、".join(ROLES[one] for one in ROLES if one in MAY_READ_EARLY)
        self.fields["early"].help_text = f"只有{named}可以在发布时间以前看数"
        if not indicators:
            self.fields["indicators"].help_text = "还没有发布规则，暂时只能选“全部指标”"

    def right(self) -> dict[str, Any]:
        """As `actions.grant` takes it."""
        told = self.cleaned_data
        return {
            "role": told["role"], "early": told["early"],
            "org": None if told["org"] == _ALL_ORGS else told["org"],
            "since": told["since"], "until": told["until"],
            "indicators": None if told["scope"] == "all" else told["indicators"],
        }  # fmt: skip


def _held(one: Membership) -> dict[str, Any]:
    return {
        "role": one.role, "org": one.org_id or _ALL_ORGS, "early": one.early, "since": one.since,
        "until": one.until, "indicators": one.indicators,
        "scope": "chosen" if one.indicators else "all",
    }  # fmt: skip


class UserSearch(forms.Form):
    q = forms.CharField(label="姓名、用户名、职务、电话", required=False, max_length=50)
    role = forms.ChoiceField(
        label="角色", required=False, choices=[("", "全部角色"), *ROLES.items()]
    )
    org = forms.ChoiceField(label="单位", required=False)
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "在用"), ("off", "已停用"), ("none", "没有角色"), ("all", "全部")],
    )  # fmt: skip

    def __init__(self, *args: Any, orgs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [("", "全部单位"), *orgs]  # type: ignore[attr-defined]


class ActSearch(forms.Form):
    person = forms.CharField(label="谁", required=False, max_length=50)
    thing = forms.CharField(label="对象或编号", required=False, max_length=200)
    action = forms.ChoiceField(label="做了什么", required=False)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def __init__(self, *args: Any, actions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "全部"), *actions.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if isinstance(since, date) and isinstance(until, date) and since > until:
            self.add_error("until", "“到”的日期早于“从”的日期")
        return told
