"""What a calculation asks for, in one of its ways."""

from __future__ import annotations

from typing import Any

from django import forms

from diaodu.engine.compute.calculator import Form, faults

_LONGEST, _LONGEST_LIST = 60, 4000
_DIRECTIONS = (("high", "越大越好"), ("low", "越小越好"))
_LISTS = ("amounts", "percents", "weights", "named")


class CalcForm(forms.Form):
    """One field for each key of the way, called as an office calls it. Texts are read by the
    calculator: what it finds stands at its field."""

    def __init__(self, asked: Form, way: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        shown = dict(pair.split("=", 1) for pair in asked.examples[way].split(" "))
        for key in asked.keys:
            if key.name in shown:
                self.fields[key.name] = _field(key.label, key.kind, shown[key.name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for key, fault in faults(self.asked.name, cleaned):
                self.add_error(key or None, fault)
        return cleaned


def _field(label: str, kind: str, example: str) -> forms.Field:
    missing = {"required": f"请填写{label}"}
    if kind == "direction":
        return forms.ChoiceField(label=label, choices=_DIRECTIONS, error_messages=missing)
    is_list = kind in _LISTS
    attrs = {"placeholder": f"如 {example}", "autocomplete": "off"}
    widget = forms.Textarea(attrs={**attrs, "rows": 2}) if is_list else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, max_length=_LONGEST_LIST if is_list else _LONGEST, widget=widget,
        error_messages={**missing, "max_length": f"{label}太长，请分开算"},
    )  # fmt: skip
