"""What the manual says of the ladder is what the code does."""

from pathlib import Path

import pytest

from diaodu.engine.dispatch.ladder import STANDARD
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, LADDER_STEP_NAMES
from diaodu.engine.rules.models import BottomRule, Counter, DaysOff, Ladder, Model, Rung

PAGE = Path(__file__).resolve().parents[2] / "docs" / "用户手册" / "督办阶梯.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("model", [Ladder, Rung, Counter, BottomRule, DaysOff])
def test_every_key_is_told(model: type[Model]):
    keys = [field.alias or name for name, field in model.model_fields.items()]
    assert [key for key in keys if f"`{key}`" not in TEXT and f"{key}:" not in TEXT] == []


def test_every_step_and_source_is_told():
    for code, name in {**LADDER_STEP_NAMES, **DUTY_SOURCE_NAMES}.items():
        assert f"| `{code}` | {name} |" in TEXT


def test_the_ladder_of_who_has_none_is_told():
    reminders = [rung.after for rung in STANDARD.rungs if rung.automatic]
    assert reminders == [-3, 0, 1]
    told = "期限前3天、当天、后1天提醒"
    for rung in STANDARD.rungs:
        if not rung.automatic:
            after = "后1天" if rung.after == 1 else f"{rung.after}天"
            told += f"，{after}{LADDER_STEP_NAMES[rung.step]}"
    assert told in TEXT.replace("\n", "")
    (counter,) = STANDARD.counters
    assert (counter.times, counter.within_months, counter.of) == (2, 12, "matter")
    assert f"同一事项一年内两次约谈，{counter.then}" in TEXT
