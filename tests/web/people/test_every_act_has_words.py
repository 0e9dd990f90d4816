"""No code in the list of acts: whatever a room writes into the chain has its Chinese words."""

from __future__ import annotations

import re
from pathlib import Path

import diaodu.web
from diaodu.web.shared import acts

ROOMS = ("people", "rulebooks", "figures", "intake", "runs")


def written(pattern: str) -> set[str]:
    """What the actions of all rooms name, found in their text."""
    top = Path(diaodu.web.__file__).parent
    return {
        found
        for room in ROOMS
        for file in (*(top / room).glob("actions.py"), *(top / room).glob("actions/*.py"))
        for found in re.findall(pattern.format(room=room), file.read_text())
    }


def test_every_action_and_thing_has_a_word():
    named = written(r'action="({room}\.[a-z_]+)"') | {
        f"intake.{one}" for one in written(r'act="([a-z_]+)"')
    }
    assert len(named) > 20
    assert named - set(acts.actions()) == set()
    things = written(r'(?:thing=|THING = )"([A-Za-z_.]+)"')
    assert things and things - set(acts.things()) == set()


def test_all_words_are_chinese():
    for words in (acts.actions(), acts.things()):
        assert all(re.search(r"[\u4e00-\u9fff]", one) for one in words.values())
