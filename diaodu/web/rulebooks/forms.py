"""What is uploaded and said about the rulebook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from diaodu.adapters.zips import read_zip, without_top
from diaodu.engine.ground.errors import DiaoduError
from diaodu.web.rulebooks.queries import PARTS

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
_NOT_RULES = {"cases": "算例", "targets": "目标", "schemes": "考核办法", "corrections": "更正"}
FOLDERS = {**PARTS, **_NOT_RULES}


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files if one or not files]


class UploadForm(forms.Form):
    """A whole folder as .zip; or single files that take the place of those of the same name in
    the rules in force."""

    upload = FilesField(
        label="文件",
        help_text="一个 .zip：整个规则文件夹，代替全部规则。也可以只选几个文件："
        "代替现行规则里同名的文件，其余照旧。共不超过20MB。",
    )  # fmt: skip
    folder = forms.ChoiceField(
        label="单个文件放在哪个文件夹", required=False,
        choices=[
            ("", "（上传 .zip 时不用选）"),
            *((key, f"{name}　{key}/") for key, name in FOLDERS.items()),
        ],
    )  # fmt: skip
    note = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        files: list[UploadedFile] = cleaned.get("upload") or []
        if not files:
            self.add_error("upload", "没有选文件；请选一个 .zip，或几个规则文件")
        elif sum(one.size or 0 for one in files) > MOST_BYTES:
            self.add_error(
                "upload", "文件合起来超过20MB；规则是文字，请检查里面是不是混进了别的文件"
            )
        elif any((one.name or "").lower().endswith(".zip") for one in files):
            self._take_zip(files)
        elif not cleaned.get("folder"):
            self.add_error("folder", "请选这些文件放在哪个文件夹")
        return cleaned

    def _take_zip(self, files: list[UploadedFile]) -> None:
        if len(files) > 1:
            self.add_error("upload", ".zip 只能单独上传，一次一个")
            return
        try:
            read = read_zip(files[0].read(), most_bytes=MOST_BYTES)
        except DiaoduError as error:
            self.add_error("upload", str(error))
            return
        self.cleaned_data["whole"] = without_top(read, FOLDERS)

    @property
    def whole(self) -> dict[str, bytes] | None:
        """The folder, where one was uploaded."""
        return self.cleaned_data.get("whole")

    @property
    def single(self) -> dict[str, bytes]:
        """Path → content of single files."""
        folder = self.cleaned_data["folder"]
        return {f"{folder}/{one.name}": one.read() for one in self.cleaned_data["upload"]}


class PublishForm(forms.Form):
    note = forms.CharField(
        label="这次改了什么、为什么改", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
