"""What a user writes about a run."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from diaodu.engine.flow import months_back
from diaodu.engine.ground.period import Period

_MONTHS = 36


class MonthForm(forms.Form):
    """One of the last three years' months."""

    period = forms.ChoiceField(label="统计期", widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = months_back(Period.of_month(today.year, today.month), _MONTHS)[::-1]
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.id, str(one.ytd())) for one in back]
        field.error_messages["invalid_choice"] = "请从列出的统计期里选"
        # The month that is complete, not the one that runs.
        field.initial = back[1].id


class StartForm(MonthForm):
    """Which month, as things were known on which day."""

    as_of = forms.DateField(
        label="数据截至", help_text="这一天（含）以前收到的数据参加计算",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "请填数据截至哪一天", "invalid": "请按 2023-06-12 的样子填日期",
        },
    )  # fmt: skip
    note = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="为什么算这一次，如“5月调度会用”",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.fields["as_of"].initial = today


class ReasonForm(forms.Form):
    """What a dialog asks for before an act."""

    reason = forms.CharField(
        max_length=500,
        error_messages={"required": "请写明原因", "max_length": "最多写500字，请写短一些"},
    )
