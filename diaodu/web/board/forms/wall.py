"""Which indicators a wall shows, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from diaodu.web.board.queries.wall import FIGURES

_NONE = [("", "不指定")]
_NOT_HERE = {"invalid_choice": "这里没有“%(value)s”，请重新选"}


class _Choice(forms.ChoiceField):
    """The heading says of all that they may be left open."""

    asked_later = True


class WallForm(forms.Form):
    """A field for each of the figures, in their order on the wall; nothing need be chosen."""

    def __init__(
        self, figures: Sequence[tuple[str, str]], maps: Sequence[tuple[str, str]],
        ranks: Sequence[tuple[str, str]], *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for at in range(1, FIGURES + 1):
            self.fields[f"figure{at}"] = _field(f"第{at}个数", figures)
        self.fields["map"] = _field("地图画哪个指标", maps)
        self.fields["rank"] = _field("排名排哪个指标", ranks)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: dict[str, int] = {}
        for at in range(1, FIGURES + 1):
            if id := cleaned.get(f"figure{at}"):
                if id in first:
                    self.add_error(f"figure{at}", f"和第{first[id]}个数重复，请换一个或不指定")
                first.setdefault(id, at)
        return cleaned

    def figures(self) -> list[str]:
        """In their order, those left open passed over."""
        told = (self.cleaned_data[f"figure{at}"] for at in range(1, FIGURES + 1))
        return [id for id in told if id]


def _field(label: str, options: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return _Choice(
        label=label, choices=[*_NONE, *options], required=False, error_messages=_NOT_HERE,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
