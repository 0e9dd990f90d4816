"""What is filled in about warnings. Refusals come from the actions, at their fields."""

from __future__ import annotations

from django import forms


class CauseForm(forms.Form):
    cause = forms.CharField(
        label="原因", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="哪个环节、哪家企业、哪个项目，影响多少，是暂时的还是持续的",
    )  # fmt: skip
    plan = forms.CharField(
        label="措施", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="谁在什么时候做什么",
    )  # fmt: skip
    until = forms.DateField(
        label="预计哪天前恢复", required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Of a false alarm, and of taking that back."""

    reason = forms.CharField(
        label="为什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)


class SeenForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
