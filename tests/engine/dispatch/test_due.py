"""The light of a duty always has its word; every duty counts once, whatever it is parted by."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.dispatch.due import FATE_NAMES, Clock, Tally, age_band, tallies, tally
from diaodu.engine.dispatch.duty import STATES
from diaodu.engine.rules.rulebook import Rulebook
from tests.engine.dispatch.conftest import day, duty

BOOK = Rulebook("v", {}, {})


@pytest.mark.parametrize(
    ("on", "given", "light", "word", "fate", "term"),
    [
        ("2023-10-12", {}, "good", "还剩8天", "at_work", "later"),
        ("2023-10-13", {}, "watch", "还剩7天", "at_work", "soon"),
        ("2023-10-20", {}, "watch", "今天到期", "at_work", "today"),
        ("2023-10-21", {}, "behind", "逾期1天", "overdue", "overdue"),
        ("2023-10-23", {"state": "returned", "answered": "2023-10-18"},
         "behind", "逾期3天", "overdue", "overdue"),
        ("2023-10-11", {"state": "issued"}, "good", "还剩9天", "at_work", "later"),
        ("2023-10-12", {"state": "issued"}, "watch", "超1天未签", "at_work", "later"),
        ("2023-10-21", {"state": "issued"}, "behind", "逾期1天", "overdue", "overdue"),
        ("2023-10-18", {"state": "extension"}, "watch", "申请延期", "at_work", "soon"),
        ("2023-10-18", {"state": "declined"}, "watch", "单位退回", "at_work", "soon"),
        ("2023-10-25", {"state": "answered", "answered": "2023-10-20"},
         "good", "按期反馈", "at_work", "overdue"),
        ("2023-10-25", {"state": "verified", "answered": "2023-10-21"},
         "behind", "逾期5天", "overdue", "overdue"),
        ("2023-10-25", {"state": "answered"}, "behind", "逾期5天", "overdue", "overdue"),
        ("2023-11-25", {"state": "closed", "answered": "2023-10-20", "closed": "2023-11-02"},
         "good", "按期办结", "in_time", "none"),
        ("2023-11-25", {"state": "closed", "answered": "2023-10-22", "closed": "2023-11-02"},
         "watch", "逾期2天办结", "done_late", "none"),
        ("2023-11-25", {"state": "closed", "closed": "2023-10-21"},
         "watch", "逾期1天办结", "done_late", "none"),
        ("2023-11-25", {"state": "long_term"}, "none", "长期整改", "long_term", "none"),
        ("2023-11-25", {"state": "withdrawn"}, "none", "已撤销", "withdrawn", "none"),
        ("2023-11-25", {"state": "draft"}, "none", "拟稿", "draft", "none"),
    ],
)  # fmt: skip
def test_light_and_word(on, given, light, word, fate, term):
    clock, one = Clock(BOOK, day(on)), duty(**given)
    assert clock.due(one)[:2] == (light, word)
    assert clock.fate(one) == fate
    assert clock.term(one) == term


def test_age():
    clock = Clock(BOOK, day("2023-10-25"))
    assert clock.age(duty()) == 15
    assert clock.age(duty(state="closed", closed="2023-10-12")) == 2
    assert clock.age(duty(issued=None)) is None
    assert [age_band(one) for one in (0, 7, 8, 30, 31, 181)] == [
        "7天以内", "7天以内", "8—30天", "8—30天", "31—90天", "180天以上",
    ]  # fmt: skip


DUTIES = st.lists(
    st.builds(
        duty,
        state=st.sampled_from(STATES),
        lead=st.sampled_from(["a", "b", "c"]),
        source=st.sampled_from(["meeting", "light", "audit"]),
        latest=st.dates(date(2023, 10, 1), date(2023, 11, 30)),
        answered=st.none() | st.dates(date(2023, 10, 1), date(2023, 11, 30)),
        closed=st.none() | st.dates(date(2023, 10, 1), date(2023, 11, 30)),
    ),
    max_size=30,
)


@settings(max_examples=40)
@given(DUTIES, st.dates(date(2023, 10, 1), date(2023, 12, 31)))
def test_totals_over_any_partition_add_up(duties, on):
    clock = Clock(BOOK, on)
    whole = tally(duties, clock)
    assert whole.total == len(duties)
    for key in ("lead", "source", "state"):
        added = Tally()
        for part in tallies(duties, clock, lambda one, key=key: getattr(one, key)).values():
            added = added.plus(part)
        assert added == whole
    for one in duties:
        assert clock.due(one).word
        assert clock.fate(one) in FATE_NAMES
        assert (clock.due(one).light == "behind") == (clock.fate(one) == "overdue")
