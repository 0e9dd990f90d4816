"""What the manual says of the file of duties is what is read."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.engine.dispatch.duty import Duty, DutyList, Goal, Proof, Thing
from diaodu.engine.dispatch.listed import read_list
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, DUTY_STATE_NAMES
from diaodu.engine.rules.models import Model

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "用户手册" / "交办事项文件.md").read_text(encoding="utf-8")


def test_the_example_is_read():
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, flags=re.DOTALL)
    data = json.loads(example, parse_float=Decimal)
    handed, faults = read_list(data, read_rulebook(ROOT / "rulebook"))
    assert faults == []
    assert handed is not None
    assert handed.duties[0].matter == "project_investment|bailu"


@pytest.mark.parametrize("model", [DutyList, Duty, Thing, Proof, Goal])
def test_every_key_is_told(model: type[Model]):
    assert [key for key in model.model_fields if f"`{key}`" not in TEXT] == []


def test_every_state_and_source_is_told():
    for code, name in DUTY_STATE_NAMES.items():
        assert f"| `{code}` | {name} |" in TEXT
    for code, name in DUTY_SOURCE_NAMES.items():
        assert f"`{code}` {name}" in TEXT
