"""What an administrator fills in to put up a map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from diaodu.adapters.geo_in import MOST_BYTES
from diaodu.engine.rules.models import Org


class MapForm(forms.Form):
    """`orgs`: those whose units the reader may map."""

    org = forms.ChoiceField(
        label="哪里的地图", help_text="图上是它的下一级单位，例如县的地图上是乡镇"
    )
    file = forms.FileField(
        label="文件", max_length=255,
        help_text="GeoJSON，最大5MB，坐标是经纬度。每个面的name写单位的名称、编号或别名",
    )  # fmt: skip
    sketch = forms.BooleanField(label="是示意图，不是测绘的边界", required=False)
    without = forms.BooleanField(label="没有地界的单位可以不在图上", required=False)
    note = forms.CharField(label="来源或说明", max_length=500, required=False)

    def __init__(self, orgs: Iterable[Org], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.id, one.name) for one in orgs]
        self.fields["org"] = forms.ChoiceField(
            label=self.fields["org"].label, help_text=self.fields["org"].help_text, choices=choices
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件超过5MB。请用制图软件简化边界后再传")
        return file


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=500)
