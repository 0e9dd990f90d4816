"""测算器: the calculations of the engine, with the figures of a run one click away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diaodu.engine.compute.calculator import Form, forms, to_text, work_out
from diaodu.engine.report.calculated import formula, left_open, printed, sentence
from diaodu.web.board import queries
from diaodu.web.board.forms.calc import CalcForm
from diaodu.web.board.views.asking import chosen_of, given, run_of
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need

_FIRST = "completion"
_PICKED = ("org", "indicator", "period", "run", "on")


@dataclass(frozen=True)
class Answer:
    """A result as the page prints it."""

    sentence: str
    printed: str
    is_word: bool
    left_open: str
    exact: str
    formula: str


@require_safe
@need("view")
def calc(request: DeskRequest) -> HttpResponse:
    """One calculation; the address keeps what was typed, and whose figures were taken."""
    asked = _calculation(request.GET.get("do", _FIRST))
    context = _figures(request, asked)
    filled = context.get("filled") if "fill" in request.GET else None
    typed = _typed(request, asked) | (dict(filled.texts) if filled is not None else {})
    way = _way(request, asked, typed)
    is_left = filled is not None and any(key not in typed for key in asked.ways[way])
    # Nothing is wrong yet where the run has not all the figures.
    form = (
        CalcForm(asked, way, initial=typed) if is_left or not typed else CalcForm(asked, way, typed)
    )
    kept = {name: request.GET[name] for name in _PICKED if request.GET.get(name)}
    context |= {
        "form": form, "asked": asked, "way": way, "filled": filled, "kept": kept,
        "ways": _ways(asked, kept), "kinds": _kinds(kept),
        "answer": _answer(asked, form) if form.is_valid() else None,
    }  # fmt: skip
    return render(request, "board/calc.html", context)


def _calculation(name: str) -> Form:
    if name not in forms():
        raise Http404("没有这种算法")
    return forms()[name]


def _typed(request: DeskRequest, asked: Form) -> dict[str, str]:
    return {key: request.GET[key] for key in asked.key_names if key in request.GET}


def _way(request: DeskRequest, asked: Form, typed: dict[str, str]) -> int:
    told = request.GET.get("way", "")
    if told.isascii() and told.isdigit() and int(told) < len(asked.ways):
        return int(told)
    return queries.best_way(asked.name, typed)


def _ways(asked: Form, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Address and title of each way: the keys it asks for."""
    labels = {key.name: key.label for key in asked.keys}
    return [
        (_address(do=asked.name, way=str(at), **kept), "、".join(labels[name] for name in way))
        for at, way in enumerate(asked.ways)
    ]


def _kinds(kept: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(one.name, one.title, _address(do=one.name, **kept)) for one in forms().values()]


def _address(**told: str) -> str:
    return f"{reverse('board:calc')}?{urlencode(told)}"


def _figures(request: DeskRequest, asked: Form) -> dict[str, Any]:
    """What there is to take figures from; nothing where the reader has no run to look at."""
    run = run_of(request)
    if run is None or not run.is_done:
        return {}
    chosen = chosen_of(request, run, request.GET.get("org", ""))
    now, access = clock.now(), request.access
    found: dict[str, Any] = {
        "chosen": chosen, "choices": queries.choices(access, chosen),
        "indicators": queries.countable(chosen, access, now),
    }  # fmt: skip
    if wanted := given(request).get("indicator"):
        found["filled"] = queries.filled(chosen, access, now, asked.name, wanted)
        if found["filled"] is None:
            raise Http404("这次运行里没有这个单位的这个指标")
    return found


def _answer(asked: Form, form: CalcForm) -> Answer:
    read, result = work_out(asked.name, form.cleaned_data)
    is_number = result.value is not None and asked.name != "rank"  # a place has no decimals
    return Answer(
        sentence=sentence(read, result), printed=printed(read, result),
        is_word=result.value is None, left_open=left_open(read, result),
        exact=to_text(result).partition("\n")[0].removeprefix("结果：") if is_number else "",
        formula=formula(result),
    )  # fmt: skip
