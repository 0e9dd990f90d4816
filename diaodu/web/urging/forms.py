"""What is filled in when a step is taken, put off, or stopped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from diaodu.engine.dispatch.ladder import RELIEF_NAMES
from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.engine.report.letters import Talk
from diaodu.web.urging.actions import Details

_ANSWER_DAYS = {"urge": 3, "warning": 7}


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M"], **kwargs)


class AnswerForm(forms.Form):
    """催办单 and 预警函."""

    answer_by = DayField(label="最晚什么时候反馈")
    demand = forms.CharField(
        label="要求", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写进文书；不写就只有通用的要求",
    )  # fmt: skip
    copies = forms.CharField(
        label="抄送", max_length=300, required=False, help_text="几个单位用“、”隔开"
    )

    def details(self) -> Details:
        given = self.cleaned_data
        return Details(
            answer_by=given["answer_by"], demand=given["demand"], copies=_names(given["copies"])
        )


class TalkForm(forms.Form):
    talk_at = MomentField(label="什么时候谈")
    place = forms.CharField(label="地点", max_length=100)
    host = forms.CharField(label="谁来谈", max_length=50)
    attendee = forms.CharField(label="谈谁", max_length=100, initial="主要负责人")
    bring = forms.CharField(label="要带什么", max_length=300, required=False)
    copies = forms.CharField(
        label="抄送", max_length=300, required=False, help_text="几个单位用“、”隔开"
    )

    def details(self) -> Details:
        given = self.cleaned_data
        talk = Talk(
            given["talk_at"], given["place"], given["host"], given["attendee"], given["bring"]
        )
        return Details(talk=talk, copies=_names(given["copies"]))


class NoteForm(forms.Form):
    """Steps without a paper of their own."""

    note = forms.CharField(label="在哪里", max_length=500, help_text="哪一期通报、哪次会、哪个文号")

    def details(self) -> Details:
        return Details(note=self.cleaned_data["note"])


StepForm = AnswerForm | TalkForm | NoteForm


def step_form(step: str, today: date, posted: Any = None) -> StepForm:
    if step == "talk":
        return TalkForm(posted)
    if step in _ANSWER_DAYS:
        proposed = today + timedelta(days=_ANSWER_DAYS[step])
        return AnswerForm(posted, initial={"answer_by": proposed})
    return NoteForm(posted)


def _names(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.replace("，", "、").split("、") if one.strip())


class PutOffForm(forms.Form):
    until = DayField(label="暂缓到哪天")
    reason = forms.CharField(label="为什么暂缓", max_length=500)


class ReliefForm(forms.Form):
    kind = forms.ChoiceField(
        label="认定为", choices=list(RELIEF_NAMES.items()), widget=forms.RadioSelect
    )
    document = forms.CharField(
        label="依据的决定", max_length=200, help_text="如：县政府第12次常务会议纪要"
    )
    reason = forms.CharField(label="事由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    until = DayField(
        label="到哪天为止", required=False, help_text="不填就是一直有效；逾期仍显示为逾期"
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=500)


class FilterForm(forms.Form):
    step = forms.ChoiceField(
        required=False,
        choices=[
            ("", "全部措施"),
            *(one for one in LADDER_STEP_NAMES.items() if one[0] != "reminder"),
        ],
    )
    org = forms.CharField(required=False, max_length=64)
    put_off = forms.BooleanField(required=False)
