"""What is handed in to be checked."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from diaodu.adapters.texts_in import SUFFIXES, Loaded, TextError, text_of

_MOST_BYTES = 10 * 1024 * 1024
_MOST_PASTED = 200_000
_LONGEST_NAME = 200
_FROM_TEXT = 20  # signs of a pasted text that it is called by


class CheckForm(forms.Form):
    """A file or a text, never both. `cleaned_data` of a form without faults has `name`, `loaded`,
    `content` (bytes of a Word file, else None) and `run`."""

    file = forms.FileField(
        label="文稿文件", required=False, allow_empty_file=True,
        help_text="Word 文件（.docx）或纯文本（.txt、.md），不超过10兆",
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )  # fmt: skip
    text = forms.CharField(
        label="或者粘贴文字", required=False, strip=False, max_length=_MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": "粘贴的文字超过20万字；请存成文件上传"},
    )  # fmt: skip
    run = forms.ChoiceField(
        label="与运行结果核对", required=False,
        help_text="只按您看得到、已经发布的数核对；不选就只按前后文核对",
        error_messages={"invalid_choice": "请从列出的运行里选"},
    )  # fmt: skip

    def __init__(self, *args: Any, runs: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["run"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "不核对"), *runs.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file: UploadedFile | None = cleaned.get("file")
        text: str = (cleaned.get("text") or "").replace("\r\n", "\n")
        if self.errors:
            return cleaned
        if file is not None and text.strip():
            self.add_error(None, "文件和文字只交一样：要么选文件，要么粘贴文字")
        elif file is not None:
            self._take_file(file)
        elif text.strip():
            first = " ".join(text.split())
            name = first if len(first) <= _FROM_TEXT else f"{first[:_FROM_TEXT]}…"
            self.cleaned_data |= {"name": name, "loaded": Loaded(text), "content": None}
        else:
            self.add_error(None, "没有要校核的内容；请选文件，或者粘贴文字")
        return cleaned

    def _take_file(self, file: UploadedFile) -> None:
        name = PurePath(file.name or "").name
        if (file.size or 0) > _MOST_BYTES:
            self.add_error("file", f"“{name}”超过10兆；请删去图片或分成几个文件")
            return
        data = file.read()
        try:
            loaded = text_of(data)
        except TextError as error:
            self.add_error("file", f"“{name}”{error}")
            return
        content = data if loaded.is_word else None
        self.cleaned_data |= {"name": name[:_LONGEST_NAME], "loaded": loaded, "content": content}
