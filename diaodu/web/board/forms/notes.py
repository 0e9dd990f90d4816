"""What is filled in on the board."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from diaodu.web.board.models import ALL, AUDIENCES, FACETS, MOST, NAMED


def _text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


class NoteForm(forms.Form):
    """`people`: (id, name) of those who may see the figure."""

    text = _text("批注", help_text="写给看这个数的人：原因、打算、要核的地方")
    facet = forms.ChoiceField(label="针对", choices=list(FACETS.items()), required=False)
    audience = forms.ChoiceField(
        label="给谁看", choices=list(AUDIENCES.items()), initial=ALL, widget=forms.RadioSelect
    )
    readers = forms.TypedMultipleChoiceField(
        label="指定的人", coerce=int, required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="只给指定的人看时选；按住Ctrl可以选几个",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["readers"]
        chosen.choices = list(people)

    def wanted(self) -> dict[str, Any]:
        """As `actions.pin` takes them."""
        told = self.cleaned_data
        named = told["readers"] if told["audience"] == NAMED else None
        return {"text": told["text"], "facet": told["facet"], "readers": named}


class ReplyForm(forms.Form):
    text = _text("回复")


class EditForm(forms.Form):
    """`seen`: the version on the page."""

    text = _text("批注")
    seen = forms.IntegerField(widget=forms.HiddenInput)
