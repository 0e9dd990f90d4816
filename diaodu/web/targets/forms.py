"""What is filled in for a year's targets beside the grid."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diaodu.engine.ground.words import COMPARATOR_NAMES, KIND_NAMES
from diaodu.web.shared.fields import ExactField
from diaodu.web.targets.actions import SOURCES, Entered
from diaodu.web.targets.models import FORCES, Line

_MOST_TEXT = 2_000_000


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class NumberField(forms.CharField):
    """An exact number as it is typed: 1,200.50 or −3."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        said = super().clean(value).replace(",", "").replace("，", "").replace("−", "-").strip()
        if not said:
            return None
        return ExactField().to_python(said)


class BeginForm(forms.Form):
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2999)
    source = forms.ChoiceField(
        label="从哪里开始", choices=list(SOURCES.items()), widget=forms.RadioSelect
    )


class LockForm(forms.Form):
    document = forms.CharField(
        label="依据的文件或会议", max_length=200,
        help_text="例：示例县发〔2023〕1号，或县政府第12次常务会议",
    )  # fmt: skip
    effective = DayField(
        label="从哪天起有效", help_text="这天起收到数据的运行用这一版；以前的运行不变"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=500)


class ChooseForm(forms.Form):
    """Which grid to open: an indicator of the rules and a kind of target."""

    indicator = forms.ChoiceField(label="指标")
    kind = forms.ChoiceField(label="类型", choices=list(KIND_NAMES.items()))

    def __init__(self, *args: Any, indicators: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["indicator"]
        chosen.choices = list(indicators)


class CellsForm(forms.Form):
    """Cells as the page sends them: [[tier:org:column, text], …] as one JSON text."""

    cells = forms.CharField(max_length=_MOST_TEXT)
    seen = forms.IntegerField(min_value=0)

    def clean_cells(self) -> list[Entered]:
        try:
            rows = json.loads(self.cleaned_data["cells"])
            return [_entered(str(key), str(text)) for key, text in rows]
        except (ValueError, TypeError, AttributeError) as error:
            raise ValidationError("页面送来的格子读不懂；请刷新页面再填") from error


def _entered(key: str, text: str) -> Entered:
    tier, org, column = key.split(":")
    return Entered(tier, org, column, text)


class LineForm(forms.Form):
    """What a line says beside its numbers."""

    comparator = forms.ChoiceField(label="比较", choices=list(COMPARATOR_NAMES.items()))
    force = forms.ChoiceField(label="力度", choices=list(FORCES.items()), required=False)
    tolerance = NumberField(
        label="容差", required=False, help_text="“左右”要写明相差多少算到，用目标的计量单位"
    )
    text = forms.CharField(label="文字表述", max_length=300, required=False)
    issuer = forms.CharField(label="下达单位", max_length=100, required=False)
    document = forms.CharField(label="文号", max_length=200, required=False)
    decision = forms.CharField(label="依据的决定", max_length=300, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def line_values(line: Line) -> dict[str, Any]:
    return {
        "comparator": line.comparator, "force": line.force,
        "tolerance": "" if line.tolerance is None else f"{line.tolerance:f}",
        "text": line.text, "issuer": line.issuer, "document": line.document,
        "decision": line.decision, "seen": line.version.changes,
    }  # fmt: skip


class ProposeForm(forms.Form):
    value = NumberField(label="建议的目标值")
    reason = forms.CharField(label="依据", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
