"""What is asked of, and said about, figures."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from diaodu.adapters.zips import MOST_BYTES, read_zip, without_top
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.words import FACET_NAMES, OBS_WORD_NAMES, TRACK_NAMES
from diaodu.web.figures.actions import CORRECTION_WORDS
from diaodu.web.figures.models import Observation
from diaodu.web.figures.queries import Search, indicators_named

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DIGITS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d+(\.\d+)?", re.ASCII)
_MINUS = str.maketrans("−－＋，．０１２３４５６７８９", "--+,.0123456789")
MEGABYTE = 1024 * 1024
ALL = "all"


def month_end(text: str) -> date | None:
    """2023-05 → 2023-05-31."""
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or not int(found[1]) >= 1:
        return None
    year, month = int(found[1]), int(found[2])
    return date(year, month, monthrange(year, month)[1])


class SearchForm(forms.Form):
    """All of it may be left open; `month` empty is the newest one, “all” every one."""

    q = forms.CharField(label="指标", required=False, max_length=50)
    org = forms.ChoiceField(label="单位", required=False)
    month = forms.CharField(label="月份", required=False, max_length=7)
    facet = forms.ChoiceField(
        label="面", required=False, choices=[("", "全部"), *FACET_NAMES.items()]
    )
    track = forms.ChoiceField(
        label="轨", required=False, choices=[("", "全部"), *TRACK_NAMES.items()]
    )
    as_of = forms.DateField(
        label="截至", required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    vintages = forms.BooleanField(label="全部版次", required=False)

    def __init__(self, *args: Any, orgs: list[tuple[str, str]], newest: date | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [("", "全部"), *orgs]  # type: ignore[attr-defined]
        self.fields["month"].widget.attrs["placeholder"] = newest and newest.strftime("%Y-%m")
        self.newest = newest

    def clean_month(self) -> str:
        text: str = self.cleaned_data["month"].strip()
        if text and text != ALL and month_end(text) is None:
            raise ValidationError("月份写成 2023-05；要看全部月份，写 all")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wide = not cleaned.get("q") and not cleaned.get("org")
        if cleaned.get("month") == ALL and wide and not self.errors:
            self.add_error("month", "看全部月份，先选指标或单位")
        return cleaned

    def search(self) -> Search:
        """Of a form without faults."""
        told = self.cleaned_data
        month = told["month"]
        return Search(
            indicators=indicators_named(told["q"]) if told["q"].strip() else None,
            org=told["org"], ends=None if month == ALL else month_end(month) or self.newest,
            facet=told["facet"], track=told["track"], as_of=told["as_of"],
            all_vintages=told["vintages"],
        )  # fmt: skip


class NumberField(forms.CharField):
    """A number as people write it: thousands' commas, full-width digits, a real minus."""

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).strip().translate(_MINUS)
        if not text:
            return None
        if not _DIGITS.fullmatch(text):
            raise ValidationError("这里只填一个数，不带单位，如 1234.5 或 -3.2")
        try:
            return Decimal(text.replace(",", ""))
        except InvalidOperation:
            raise ValidationError("这里只填一个数，不带单位") from None


class CorrectForm(forms.Form):
    value = NumberField(label="更正后的数", required=False, max_length=40)
    word = forms.ChoiceField(
        label="或者没有数", required=False,
        choices=[("", "（有数）"), *((word, OBS_WORD_NAMES[word]) for word in CORRECTION_WORDS)],
    )  # fmt: skip
    reason = forms.CharField(
        label="为什么更正", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(
        label="依据文件", max_length=200, help_text="文号或文件名称，以后查得到的写法。"
    )

    def __init__(self, *args: Any, row: Observation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = f"单位：{row.unit}。原来的数留着，更正是新的一版。"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files if one]


class ImportForm(forms.Form):
    upload = FilesField(
        label="报表", required=False,
        help_text="可以选几个表，或一个装着报表文件夹的 .zip（里面按收到日期分文件夹，"
        "如 2023-06-12）。合起来不超过120MB。",
    )  # fmt: skip
    received = forms.DateField(
        label="收到日期", required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="压缩包里已按日期分文件夹的不用填。",
    )  # fmt: skip
    document = forms.CharField(label="依据文件", required=False, max_length=200)
    reason = forms.CharField(label="说明", required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        files: list[UploadedFile] = cleaned.get("upload") or []
        zips = [one for one in files if (one.name or "").lower().endswith(".zip")]
        if not files:
            self.add_error("upload", "没有选文件；请选报表，或一个 .zip")
        elif sum(one.size or 0 for one in files) > MOST_BYTES:
            limit = MOST_BYTES // MEGABYTE
            self.add_error("upload", f"文件合起来超过{limit}MB；请分几次上传")
        elif zips and len(files) > 1:
            self.add_error("upload", ".zip 只能单独上传，一次一个")
        elif zips:
            self._take_zip(zips[0])
        else:
            self._take_tables(files)
        return cleaned

    def _take_zip(self, one: UploadedFile) -> None:
        try:
            files = read_zip(one.read(), most_bytes=MOST_BYTES)
        except DiaoduError as error:
            self.add_error("upload", str(error))
            return
        days = {name.partition("/")[0] for name in files if re.match(r"\d{4}-\d\d-\d\d/", name)}
        self.cleaned_data["files"] = without_top(files, days)

    def _take_tables(self, files: list[UploadedFile]) -> None:
        names = [one.name or "" for one in files]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self.add_error("upload", f"有同名的文件：{'、'.join(twice)}；请改名，或分几次上传")
            return
        self.cleaned_data["files"] = {one.name: one.read() for one in files}


class GapForm(forms.Form):
    indicator = forms.ChoiceField(label="指标")
    month = forms.CharField(
        label="月份", required=False, max_length=7,
        widget=forms.TextInput(attrs={"placeholder": "如2023-05"}),
    )  # fmt: skip

    def __init__(self, *args: Any, indicators: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = [("", "选一个指标"), *indicators]  # type: ignore[attr-defined]

    def clean_month(self) -> str:
        text: str = self.cleaned_data["month"].strip()
        if text and month_end(text) is None:
            raise ValidationError("月份写成 2023-05")
        return text
