"""What is filled in for a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from diaodu.web.meetings.models import (
    ITEM_KINDS,
    KINDS,
    LINE_KINDS,
    OUTCOMES,
    REVIEW,
    Item,
    Line,
    Meeting,
)
from diaodu.web.meetings.queries import Choices, Read

_NOBODY = [("", "（没有定）")]


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **kwargs)


class MeetingForm(forms.Form):
    """`runs`: (id, name) of the runs whose figures can be looked at."""

    kind = forms.ChoiceField(label="会议类型", choices=list(KINDS.items()))
    title = forms.CharField(label="会议名称", max_length=100)
    held_at = MomentField(label="开会时间")
    place = forms.CharField(label="地点", max_length=100, required=False)
    host = forms.CharField(label="主持人", max_length=50, required=False)
    run_id = forms.TypedChoiceField(
        label="看哪次运行的数", coerce=int, empty_value=None, required=False,
        help_text="会上的数以这次运行为准，以后不变；按它找出排名末位、要表态的单位",
    )  # fmt: skip

    def __init__(self, *args: Any, runs: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["run_id"]
        chosen.choices = [("", "（没有定）"), *runs]


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    return {
        "kind": meeting.kind, "title": meeting.title, "held_at": timezone.localtime(meeting.at),
        "place": meeting.place, "host": meeting.host, "run_id": meeting.run_id,
    }  # fmt: skip


class ItemForm(forms.Form):
    kind = forms.ChoiceField(
        label="类型", choices=[(k, v) for k, v in ITEM_KINDS.items() if k != REVIEW]
    )
    title = forms.CharField(label="议程", max_length=200)
    org = forms.ChoiceField(label="单位", required=False)
    speaker = forms.CharField(label="发言人", max_length=50, required=False)
    minutes = forms.IntegerField(label="时间（分钟）", min_value=1, max_value=600, required=False)

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["org"]
        chosen.choices = [*_NOBODY, *known.orgs.items()]

    def clean_org(self) -> str | None:
        return self.cleaned_data["org"] or None


class PlacedItemForm(ItemForm):
    place = forms.IntegerField(label="第几项", min_value=1, max_value=999)


def item_values(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind, "title": item.title, "org": item.org_id, "speaker": item.speaker,
        "minutes": item.minutes, "place": item.place,
    }  # fmt: skip


class PapersForm(forms.Form):
    title = forms.CharField(label="要什么材料", max_length=200, initial="汇报材料")
    due = MomentField(label="最晚什么时候交")
    orgs = forms.MultipleChoiceField(
        label="哪些单位交", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个单位"},
    )  # fmt: skip

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["orgs"]
        chosen.choices = list(known.orgs.items())


class FileForm(forms.Form):
    file = forms.FileField(label="文件", allow_empty_file=True)


class QuickForm(forms.Form):
    """One line as it is said."""

    line_kind = forms.ChoiceField(
        label="这一条是", choices=list(LINE_KINDS.items()), initial="duty",
        widget=forms.RadioSelect,
    )  # fmt: skip
    said = forms.CharField(
        label="谁、办什么、哪天前", max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text="例：青石镇王强10月31日前补报入库项目。回车记下，没说清的马上问",
    )  # fmt: skip


class LineForm(forms.Form):
    kind = forms.ChoiceField(label="这一条是", choices=list(LINE_KINDS.items()))
    text = forms.CharField(label="办什么", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    org = forms.ChoiceField(label="谁来办（主办单位）", required=False)
    person = forms.TypedChoiceField(
        label="承办人", coerce=int, empty_value=None, required=False
    )  # fmt: skip
    latest = DayField(label="哪天前（最晚）", required=False)
    best = DayField(label="力争哪天", required=False)
    supporting = forms.MultipleChoiceField(label="协办单位", required=False)
    proof = forms.CharField(
        label="要什么凭证", max_length=300, required=False, help_text="几样用“、”隔开"
    )

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        chosen["org"].choices = [*_NOBODY, *known.orgs.items()]
        chosen["supporting"].choices = list(known.orgs.items())
        by_org: dict[str, list[tuple[int, str]]] = {}
        for one in known.staff:
            told = (one.id, f"{one.name}（{one.post}）" if one.post else one.name)
            if told not in by_org.setdefault(known.orgs[one.org], []):
                by_org[known.orgs[one.org]].append(told)
        chosen["person"].choices = [*_NOBODY, *by_org.items()]
        for name in ("org", "person", "latest"):
            chosen[name].asked_later = True
            chosen[name].help_text = "交办事项散会以前要写明"

    def clean_org(self) -> str | None:
        return self.cleaned_data["org"] or None


def line_values(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind, "text": line.text, "org": line.org_id, "person": line.person_id,
        "latest": line.latest, "best": line.best, "supporting": line.supporting,
        "proof": line.proof,
    }  # fmt: skip


def read_values(read: Read, kind: str) -> dict[str, Any]:
    return {
        "kind": kind, "text": read.text, "org": read.org, "person": read.person,
        "latest": read.latest, "best": read.best, "supporting": list(read.supporting),
    }  # fmt: skip


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="结果", choices=list(OUTCOMES.items()), widget=forms.RadioSelect
    )
    reason = forms.CharField(label="依据", max_length=500, help_text="看了哪份材料、哪个数")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=500)
