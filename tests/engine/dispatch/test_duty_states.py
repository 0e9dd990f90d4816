"""Every state × every act × every hat, as the table beside this file has it."""

import csv
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.dispatch.duty import (
    ACTS,
    HATS,
    OPEN,
    RULES,
    STATES,
    DutyError,
    after,
    missing,
    open_acts,
    refusals,
    replay,
)
from diaodu.engine.ground.words import DUTY_ACT_NAMES, DUTY_HAT_NAMES, DUTY_STATE_NAMES

TABLE = {
    row["事"]: row
    for row in csv.DictReader(
        Path(__file__).with_name("state_table.csv").read_text(encoding="utf-8").splitlines()
    )
}


def test_table_names_every_act_and_state():
    assert list(TABLE) == [DUTY_ACT_NAMES[act] for act in ACTS if act != "withdraw"] + ["撤销"]
    assert list(TABLE["交办"])[3:] == [DUTY_STATE_NAMES[state] for state in STATES]
    assert set(RULES) == set(ACTS)


@pytest.mark.parametrize("act", ACTS)
def test_act_in_every_state_by_every_hat(act):
    row = TABLE[DUTY_ACT_NAMES[act]]
    for state, hat, own in product(STATES, HATS, (False, True)):
        leads_to = row[DUTY_STATE_NAMES[state]]
        wrong_state = leads_to == ""
        wrong_hat = DUTY_HAT_NAMES[hat] not in row["由谁"].split()
        too_near = own and not wrong_hat and row["自己的"] == "不可"
        refused = refusals(state, act, {hat}, own=own)
        assert len(refused) == wrong_state + wrong_hat + too_near, (state, hat, own, refused)
        assert any(one.startswith("现在是") for one in refused) == wrong_state
        assert any(one.endswith("您不在其中") for one in refused) == wrong_hat
        assert any(one.startswith("自己办的") for one in refused) == too_near
        if not wrong_state:
            assert DUTY_STATE_NAMES[after(state, act)] == leads_to
            continue
        with pytest.raises(DutyError) as error:
            after(state, act)
        assert str(error.value) == f"“{DUTY_STATE_NAMES[state]}”的事项不能{DUTY_ACT_NAMES[act]}"


@pytest.mark.parametrize(
    ("state", "act", "hat", "own", "told"),
    [
        ("closed", "answer", "lead", False, [
            "现在是“已销号”，不能反馈；“办理中”、“退回重报”、“延期待批”、“长期整改”、“回头看重办”时才能反馈",
        ]),
        ("answered", "verify", "lead", True, ["核实由督查办，您不在其中"]),
        ("answered", "verify", "office", True, ["自己办的事项不能由自己核实，请由别人核实"]),
        ("answered", "verify", "office", False, []),
        ("working", "close", "support", False, [
            "现在是“办理中”，不能销号；“已核实待销号”时才能销号", "销号由督查办，您不在其中",
        ]),
        ("extension", "grant_extension", "leader", True, [
            "自己办的事项不能由自己同意延期，请由别人同意延期",
        ]),
        ("closed", "reopen", "system", False, []),
    ],
)  # fmt: skip
def test_reasons(state, act, hat, own, told):
    assert refusals(state, act, {hat}, own=own) == told


def test_several_hats_open_what_any_of_them_opens():
    assert refusals("answered", "send_back", {"lead", "office"}, own=True) == []
    assert open_acts("issued", {"lead"}) == ("sign", "decline", "note")
    assert open_acts("answered", {"office"}, own=True) == ("note", "send_back", "withdraw")
    assert open_acts("closed", {"lead", "support"}) == ()


def test_what_must_be_said():
    assert missing("issue", set()) == ["交办要写最晚期限", "交办要写具体承办人"]
    assert missing("decide", {"reason"}) == ["按决定销号要写依据的决定"]
    assert missing("sign", set()) == []


def test_replay_tells_which_act_cannot_have_been():
    assert replay([]) == "draft"
    assert replay(["issue", "sign", "note", "answer", "verify", "close", "reopen"]) == "reopened"
    with pytest.raises(DutyError) as error:
        replay(["issue", "answer"])
    assert str(error.value) == "第2次操作有误：“待签收”的事项不能反馈"


@given(st.lists(st.sampled_from(ACTS), max_size=30))
def test_replaying_what_was_possible_gives_the_present_state(wished):
    """Whatever is tried, the acts that were let through tell the state again; the duty is in one
    state at each moment, and came to an end only by proof, by decision or by being withdrawn."""
    state, done = "draft", []
    for act in wished:
        if refusals(state, act, set(HATS)):
            continue
        state = after(state, act)
        done.append(act)
        assert state in STATES
    assert replay(done) == state
    if state == "closed":
        last = [act for act in done if RULES[act].to is not None][-1]
        assert last == "decide" or "verify" in done
    assert (state in OPEN) == (state not in ("draft", "closed", "withdrawn"))


@given(st.sampled_from(STATES), st.sets(st.sampled_from(HATS)), st.booleans())
def test_open_acts_are_those_not_refused(state, hats, own):
    assert set(open_acts(state, hats, own=own)) == {
        act for act in ACTS if not refusals(state, act, hats, own=own)
    }


def test_every_state_can_be_reached_and_left_but_withdrawn():
    reached = {"draft"}
    while more := {after(s, a) for s in reached for a in ACTS if s in RULES[a].states} - reached:
        reached |= more
    assert reached == set(STATES)
    stuck = [s for s in STATES if not any(s in RULES[a].states and RULES[a].to for a in ACTS)]
    assert stuck == ["withdrawn"]
