"""What pages of this room send in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from diaodu.web.intake.actions import Entered
from diaodu.web.intake.queries.forms import Form
from diaodu.web.intake.queries.page import NIL_REASONS

MEGABYTE = 1024 * 1024
MOST_UPLOAD = 10 * MEGABYTE
_LONGEST = 500


def entered(data: QueryDict, form: Form, fillable: frozenset[str]) -> list[Entered]:
    """The cells sent: `key`, `text` and `seen` in step. Keys the form does not ask are passed over
    (the rules may have changed meanwhile); one the user may not fill is a 403."""
    found = list(_cells(data))
    if any(one.key in form.cells and one.key not in fillable for one in found):
        raise PermissionDenied("这一行由别人填")
    return [one for one in found if one.key in form.cells]


def unasked(data: QueryDict, form: Form) -> int:
    """How many of the cells sent hold something that the form no longer asks for: the rules have
    changed since the page was loaded."""
    return sum(bool(one.text.strip()) and one.key not in form.cells for one in _cells(data))


def _cells(data: QueryDict) -> Iterator[Entered]:
    keys, texts = data.getlist("key"), data.getlist("text")
    for key, text, seen in zip(keys, texts, data.getlist("seen"), strict=False):
        yield Entered(key, text, int(seen) if seen.isdecimal() and len(seen) < 10 else 0)


class SeenForm(forms.Form):
    """The version of the return that the page showed."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class NoneForm(forms.Form):
    """本期确无数据: for some cells, with a reason chosen or written."""

    keys = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="原因", max_length=_LONGEST, required=False,
        widget=forms.Select(choices=[("", "请选择"), *((one, one) for one in NIL_REASONS)]),
    )  # fmt: skip
    other = forms.CharField(label="其他原因", max_length=_LONGEST, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not (cleaned.get("reason") or cleaned.get("other")):
            self.add_error("reason", "请选原因，或在旁边写明")
        return cleaned

    @property
    def chosen(self) -> str:
        return self.cleaned_data["other"] or self.cleaned_data["reason"]


class ExplainForm(forms.Form):
    finding = forms.CharField(max_length=16)
    text = forms.CharField(label="说明", max_length=_LONGEST, required=False, strip=True)


class _UntilForm(forms.Form):
    """A moment as a person picks it: a day and a time of the desk."""

    until = forms.DateTimeField(
        label="新的截止时间", input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "请写成日期和时间，如 2023-06-12 18:00"},
    )  # fmt: skip


def _reason(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明原因"},
    )  # fmt: skip


class SendBackForm(_UntilForm):
    reason = _reason("退回原因，填报人要照着改")
    field_order = ["reason", "until"]

    def __init__(self, *args: Any, may_let_in: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].required = False
        self.fields["until"].help_text = "截止时间已过或快到的，写一个改好的时间"
        if not may_let_in:
            del self.fields["until"]


class ReopenForm(SendBackForm):
    reason = _reason("为什么要改已接收的数")
    field_order = ["reason", "until"]


class LetInForm(_UntilForm):
    reason = _reason("为什么准许补报")
    field_order = ["until", "reason"]


class RemindForm(forms.Form):
    text = forms.CharField(label="附言", max_length=_LONGEST, required=False)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="报表", max_length=200, allow_empty_file=True,
        error_messages={
            "required": "请先选文件", "max_length": "文件名太长，改短到200个字以内再传",
        },
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size == 0:
            raise forms.ValidationError(f"“{file.name}”是空的，请重新导出后再上传")
        if file.size > MOST_UPLOAD:
            raise forms.ValidationError(
                f"“{file.name}”有{file.size / MEGABYTE:.1f}兆，超过10兆没有收下。"
                "请去掉图片和多余的表页后再传"
            )
        return file


class HomeFilter(forms.Form):
    """Which month and which rows the first page shows."""

    period = forms.CharField(required=False, max_length=24)
    state = forms.CharField(required=False, max_length=16)
    form = forms.CharField(required=False, max_length=64)
    q = forms.CharField(required=False, max_length=50, label="单位")
    chase = forms.ChoiceField(required=False, choices=[("all", "全部要催的")])
