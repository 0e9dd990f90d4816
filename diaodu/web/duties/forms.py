"""What is filled in about duties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy

from diaodu.engine.dispatch.recurring import EVERY_NAMES
from diaodu.engine.ground.words import DUTY_ACT_NAMES, DUTY_SOURCE_NAMES, DutyAct
from diaodu.web.duties import queries
from diaodu.web.duties.actions import Given
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries.sheets import MOST_OF_EACH, parts_of, things_of
from diaodu.web.shared.access import Access


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def _text(label: str, most: int, rows: int, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class PlainForm(forms.Form):
    """Says of each field what to fill in there, where nothing was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_what()

    def say_what(self) -> None:
        plain = forms.Field.default_error_messages["required"]
        for field in self.fields.values():
            if field.error_messages.get("required") == plain:
                verb = "选" if isinstance(field, forms.ChoiceField | forms.FileField) else "填"
                field.error_messages["required"] = f"请{verb}{field.label}"


@dataclass(frozen=True)
class Choices:
    orgs: list[tuple[str, str]]
    persons: list[tuple[int, str]]
    leaders: list[tuple[int, str]]


def choices(access: Access, day: date) -> Choices:
    orgs = queries.orgs(day)
    return Choices(orgs, queries.person_choices(day, orgs), queries.leader_choices(day, access))


class DutyForm(PlainForm):
    """A duty before it is issued. Refusals come from the action, at its fields."""

    title = _text(
        "要做什么", 300, 2, help_text="一句话，写明要达到什么，如：10月20日前新入库不少于1.2亿元"
    )
    lead = forms.ChoiceField(label="主办单位")
    person = forms.TypedChoiceField(
        label="承办人", coerce=int, help_text="主办单位的具体人",
        error_messages={"invalid_choice": "这个人已离职或账号已停用，请改交别人"},
    )  # fmt: skip
    latest = DayField(
        label="最晚期限", help_text="哪天前必须办结；没有期限的事项不能交办",
        error_messages={"required": "请填最晚哪天前办结；没有期限的事项不能交办"},
    )  # fmt: skip
    best = DayField(label="力争期限", required=False)
    source = forms.ChoiceField(label="来源", choices=list(DUTY_SOURCE_NAMES.items()))
    origin = forms.CharField(
        label="来源的名称或文号", max_length=300, required=False,
        help_text="如：10月10日调度会决定第4条",
    )  # fmt: skip
    supporting = forms.MultipleChoiceField(
        label="协办单位", required=False, widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="按住Ctrl可以选几个",
    )  # fmt: skip
    leader = forms.TypedChoiceField(label="分管领导", coerce=int, empty_value=None, required=False)
    measures = _text("怎样办", 2000, 4, required=False, help_text="一行一步")
    things = _text(
        "对象", 2000, 3, required=False, help_text="一行一个：指标、单位，或11+79个滞后项目"
    )
    proof_asked = _text(
        "要交的凭证", 1000, 3, required=False, help_text="一行一项；每一项都要交了才能销号"
    )

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["lead"].choices = [("", "（请选）"), *known.orgs]
        fields["person"].choices = [("", "（请选）"), *known.persons]
        fields["supporting"].choices = known.orgs
        fields["leader"].choices = [("", "（没有）"), *known.leaders]
        _ask_for_persons(self, "lead")

    def clean_proof_asked(self) -> tuple[str, ...]:
        return _each("proof_asked", self.cleaned_data["proof_asked"].splitlines())

    def clean_things(self) -> str:
        text = str(self.cleaned_data["things"])
        _each("things", parts_of(text))
        return text

    def wanted(self) -> dict[str, Any]:
        """As `actions.Wanted` takes them."""
        told = dict(self.cleaned_data)
        told["supporting"] = tuple(told["supporting"])
        told["things"] = things_of(told["things"])
        return told


def _ask_for_persons(form: forms.Form, org: str) -> None:
    """Whoever chooses the unit then chooses among its people."""
    form.fields[org].widget.attrs |= {
        "hx-get": reverse_lazy("duties:persons"), "hx-trigger": "change",
        "hx-target": f"#{form['person'].id_for_label}",
    }  # fmt: skip


def _each(column: str, given: Iterable[str]) -> tuple[str, ...]:
    """The lines without blank ones; what is too long is told."""
    lines = tuple(one.strip() for one in given if one.strip())
    most = MOST_OF_EACH[column]
    long = [one for one in lines if len(one) > most]
    if long:
        raise forms.ValidationError(
            [f"“{one[:20]}…”有{len(one)}个字，一项最多{most}个" for one in long]
        )
    return lines


def duty_values(duty: Duty) -> dict[str, Any]:
    return {
        "title": duty.title, "lead": duty.lead_id, "person": duty.person_id,
        "latest": duty.latest, "best": duty.best, "source": duty.source, "origin": duty.origin,
        "supporting": [one.pk for one in duty.supporting.all()], "leader": duty.leader_id,
        "measures": duty.measures, "things": "\n".join(one["text"] for one in duty.things),
        "proof_asked": "\n".join(duty.proof_asked),
    }  # fmt: skip


_SAID: dict[str, str] = {
    "answer": "办得怎样", "note": "进展", "report": "本期的进展", "decide": "依据的决定",
    "keep_long": "依据的决定", "verify": "核实情况", "close": "销号意见",
}  # fmt: skip
_TEXT_OPTIONAL = {"sign", "issue", "verify", "close", "grant_extension", "resume"}
_WITH_DAY = {"ask_extension", "grant_extension", "resume", "reopen", "reassign"}
_WITHOUT_TEXT = {"sign", "issue"}


class ActForm(PlainForm):
    """What one act asks for; `seen` is the version that the person looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, act: DutyAct, duty: Duty, known: Choices | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"seen": duty.version, "latest": duty.asked_until})
        kwargs.setdefault("auto_id", f"id_{act}_%s")
        super().__init__(*args, **kwargs)
        self.act = act
        if act in _WITH_DAY:
            label = "延到哪天" if "extension" in act else "最晚期限"
            self.fields["latest"] = DayField(label=label)
        if act == "reassign" and known is not None:
            self.fields["lead"] = forms.ChoiceField(
                label="主办单位", choices=known.orgs, initial=duty.lead_id
            )
            self.fields["person"] = forms.TypedChoiceField(
                label="承办人", coerce=int, choices=known.persons, initial=duty.person_id
            )
            _ask_for_persons(self, "lead")
        if act == "keep_long":
            self.fields["every"] = forms.ChoiceField(
                label="多久报一次进展", choices=[*EVERY_NAMES.items()][::-1]
            )
        if act not in _WITHOUT_TEXT:
            self.fields["text"] = _text(
                _SAID.get(act, "原因"), 2000, 3, required=act not in _TEXT_OPTIONAL
            )
        self.say_what()

    @property
    def name(self) -> str:
        return DUTY_ACT_NAMES[self.act]

    def given(self) -> Given:
        told = self.cleaned_data
        return Given(
            text=told.get("text", ""), latest=told.get("latest"), person=told.get("person"),
            lead=told.get("lead", ""), every=told.get("every", ""),
        )  # fmt: skip


class ProofForm(PlainForm):
    """A file, or a figure or link in words."""

    proves = forms.ChoiceField(label="证明哪一项", required=False)
    file = forms.FileField(
        label="文件", required=False, help_text="pdf、png、jpg、docx、xlsx，20兆以内",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="没有文件，交", required=False,
        choices=[("", "（交的是文件）"), ("figure", "数据"), ("link", "网址")],
    )  # fmt: skip
    name = forms.CharField(label="这是什么", max_length=200, required=False)
    text = forms.CharField(label="数据或网址", max_length=1000, required=False)

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_proof_%s"
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["proves"]
        chosen.choices = [*((one, one) for one in asked), ("", "其他凭证")]


class ListFile(PlainForm):
    file = forms.FileField(
        label="填好的表", help_text="一行一件；先看清有没有问题，再一起交办",
        error_messages={"empty": "这是空文件，请选填好的表"},
    )  # fmt: skip


class QuotaForm(PlainForm):
    title = forms.CharField(label="要做什么", max_length=200, help_text="如：走访包联企业")
    org = forms.ChoiceField(label="单位")
    person = forms.TypedChoiceField(label="承办人", coerce=int)
    every = forms.ChoiceField(
        label="周期", choices=[("month", "每月"), ("week", "每周"), ("quarter", "每季度")]
    )
    times = forms.IntegerField(label="每期几次", min_value=1, max_value=999, initial=1)
    day = forms.IntegerField(
        label="期内几日以前", min_value=1, max_value=31, initial=31,
        help_text="每周：1至7；每月：几日；每季度：最后一个月的几日；31为最后一天",
    )  # fmt: skip
    rolls = forms.BooleanField(label="没有做完的转到下一期", required=False, initial=True)
    since = DayField(label="从哪天起")
    until = DayField(label="到哪天止", required=False)
    source = forms.CharField(label="来源的名称或文号", max_length=300, required=False)

    def __init__(self, *args: Any, known: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["org"].choices = [("", "（请选）"), *known.orgs]
        fields["person"].choices = [("", "（请选）"), *known.persons]
        _ask_for_persons(self, "org")


class DoneForm(PlainForm):
    on = DayField(label="哪天做的")
    text = forms.CharField(label="去了哪里、做了什么", max_length=500)


class EndForm(PlainForm):
    until = DayField(label="到哪天止")
