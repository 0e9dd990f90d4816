"""What is filled in for a year's targets beside the grid."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diaodu.engine.compute.years_ahead import MOST_YEARS
from diaodu.engine.ground.words import COMPARATOR_NAMES, KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Milestone
from diaodu.web.shared.fields import ExactField
from diaodu.web.targets import queries
from diaodu.web.targets.actions import MONTH_WAYS, ORG_WAYS, SOURCES, Entered
from diaodu.web.targets.actions.spreading import SAME
from diaodu.web.targets.models import (
    CERTAINTIES,
    FORCES,
    NAMED_SPLITS,
    SPLITS,
    SUPPORT_KINDS,
    Line,
)
from diaodu.web.targets.queries import Grid

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
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-select", "aria-label": str(field.label)}
        chosen: Any = self.fields["indicator"]
        chosen.choices = list(indicators)


class CellsForm(forms.Form):
    """Cells as the page sends them: [[tier:org:column, text], …] as one JSON text."""

    cells = forms.CharField(max_length=_MOST_TEXT)
    seen = forms.IntegerField(min_value=0)

    def clean_cells(self) -> list[Entered]:
        try:
            rows = json.loads(self.cleaned_data["cells"])
            return [Entered.at(str(key), str(text)) for key, text in rows]
        except (ValueError, TypeError, AttributeError) as error:
            raise ValidationError("页面送来的格子读不懂；请刷新页面再填") from error


class PasteForm(forms.Form):
    """A block from the clipboard, and the cell that it was pasted in."""

    tier = forms.ChoiceField(choices=list(TIER_NAMES.items()))
    org = forms.CharField(max_length=64)
    column = forms.CharField(max_length=2)
    text = forms.CharField(max_length=_MOST_TEXT, strip=False)
    seen = forms.IntegerField(min_value=0)


class FileForm(forms.Form):
    file = forms.FileField(label="填好的表")


class SpreadForm(forms.Form):
    """Taking a tier's targets apart at one stroke."""

    tier = forms.ChoiceField(label="哪个层级")
    what = forms.ChoiceField(label="怎样分")
    org = forms.ChoiceField(label="哪个单位", required=False)
    milestones = forms.CharField(
        label="节点", required=False, max_length=100,
        help_text="按节点分时写：6月60% 9月90%；为关口定的写名称，如双过半60%",
        widget=forms.TextInput(attrs={"placeholder": "6月60% 9月90%"}),
    )  # fmt: skip

    def __init__(self, *args: Any, grid: Grid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = grid.blocks[0].rows if grid.blocks else ()
        months = [(f"months:{way}", f"全年分到月：{name}") for way, name in MONTH_WAYS.items()
                  if grid.columns and grid.by_month == (way != SAME)]  # fmt: skip
        orgs = [(f"orgs:{way}", f"上级分到下级：{name}") for way, name in ORG_WAYS.items()
                if grid.by_org]  # fmt: skip
        copies = [(f"copy:{one.tier}", f"照抄：{one.name}") for one in grid.blocks]
        self._choose("tier", [(one, TIER_NAMES[one]) for one in TIER_NAMES])
        self._choose("what", [*orgs, *months, *copies])
        self._choose("org", [("", "全部单位"), *((one.org, one.name) for one in rows)])
        self.gates = queries.gates_of(grid.indicator.id, grid.version.year)
        self.tops = [one.org for one in rows if one.is_parent]
        if grid.blocks:
            self.fields["tier"].initial = grid.blocks[0].tier

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_milestones(self) -> list[Milestone]:
        try:
            return queries.read_milestones(self.cleaned_data["milestones"], self.gates)
        except queries.MilestoneError as error:
            raise ValidationError(error.faults) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        what = given.get("what", "")
        org = given.get("org", "")
        unsaid = not given.get("milestones") and "milestones" not in self.errors
        if what == "months:milestones" and unsaid:
            self.add_error("milestones", "按节点分，要写到几月底完成百分之几")
        if what.startswith("orgs:"):
            given["org"] = org or (self.tops[0] if self.tops else "")
        given["orgs"] = [org] if org else []
        return given


class AddLineForm(forms.Form):
    """A target that asks for no number."""

    tier = forms.ChoiceField(label="层级", choices=list(TIER_NAMES.items()))
    org = forms.ChoiceField(label="单位")
    text = forms.CharField(label="要达到什么", max_length=300)

    def __init__(self, *args: Any, orgs: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["org"]
        chosen.choices = list(orgs)


class LineForm(forms.Form):
    """What a line says beside its numbers."""

    against = forms.CharField(label="对照", max_length=200, required=False)
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

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        if line.kind in queries.COMPARED:
            self.fields["against"].help_text = queries.help_for(line.kind, str(line.org_id))
        else:
            del self.fields["against"]

    def clean_against(self) -> str:
        line = self.line
        try:
            return queries.read_against(
                self.cleaned_data["against"], kind=line.kind, indicator=line.indicator,
                org=str(line.org_id),
            )  # fmt: skip
        except queries.AgainstError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given.setdefault("against", self.line.against)
        return given


def line_values(line: Line) -> dict[str, Any]:
    against = line.typed.get("a") or queries.written(line.against, line.kind)
    return {
        "against": against, "comparator": line.comparator, "force": line.force,
        "tolerance": "" if line.tolerance is None else f"{line.tolerance:f}",
        "text": line.text, "issuer": line.issuer, "document": line.document,
        "decision": line.decision, "seen": line.version.changes,
    }  # fmt: skip


class MarginForm(forms.Form):
    by = forms.ChoiceField(label="哪一种分解", choices=list(SPLITS.items()))
    value = NumberField(
        label="余量", required=False, help_text="各部分可以比全年多多少；清空就是不留"
    )
    reason = forms.CharField(label="原因", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("value") is not None and not given.get("reason"):
            self.add_error("reason", "请写明为什么多分")
        return given


class PartForm(forms.Form):
    by = forms.ChoiceField(label="怎样分", choices=list(NAMED_SPLITS.items()))
    name = forms.CharField(label="项目、企业或人", max_length=100)
    value = NumberField(label="多少")


class SupportForm(forms.Form):
    kind = forms.ChoiceField(label="靠什么", choices=list(SUPPORT_KINDS.items()))
    name = forms.CharField(label="名称", max_length=100)
    amount = NumberField(label="多少")
    month = forms.IntegerField(label="几月见数", min_value=1, max_value=12)
    owner = forms.CharField(label="谁负责", max_length=100)
    certainty = forms.ChoiceField(label="把握", choices=list(CERTAINTIES.items()))


class PathForm(forms.Form):
    """A goal some years away: the amount, how many times as much, or the growth of every year."""

    base = NumberField(label="起点的数")
    since = forms.IntegerField(label="起点是哪一年", min_value=2000, max_value=2999)
    until = forms.IntegerField(label="到哪一年", min_value=2001, max_value=2999)
    goal = NumberField(label="那一年要达到", required=False)
    times = NumberField(label="或是起点的几倍", required=False, help_text="倍增写2")
    growth = NumberField(label="或每年增长百分之几", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        ways = [name for name in ("goal", "times", "growth") if given.get(name) is not None]
        if len(ways) != 1 and not self.errors.keys() & {"goal", "times", "growth"}:
            self.add_error(
                "goal", "要达到的数、几倍、每年增长，三样里填一样" if not ways
                else "要达到的数、几倍、每年增长只填一样，请清空另外的"
            )  # fmt: skip
        base, since, until = (given.get(name) for name in ("base", "since", "until"))
        if base is not None and base <= 0:
            self.add_error("base", "起点要大于0，才谈得上增长几倍")
        if since and until and not 0 < until - since <= MOST_YEARS:
            self.add_error("until", f"要在起点之后，最多{MOST_YEARS}年；请核对两个年份")
        if not self.errors:
            given["factor"] = self._factor(given)
            if given["factor"] <= 0:
                self.add_error(ways[0], "照这样走会到0或0以下；请核对")
        return given

    @staticmethod
    def _factor(given: dict[str, Any]) -> Fraction:
        """By how much the base grows from first to last."""
        if given["goal"] is not None:
            return Fraction(given["goal"]) / Fraction(given["base"])
        if given["times"] is not None:
            return Fraction(given["times"])
        every = 1 + Fraction(given["growth"]) / 100
        return max(every, Fraction(0)) ** (given["until"] - given["since"])


class ProposeForm(forms.Form):
    value = NumberField(label="建议的目标值")
    reason = forms.CharField(label="依据", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
