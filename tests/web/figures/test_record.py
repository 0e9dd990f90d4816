"""The one door in: what becomes a vintage, what stands, what the engine reads."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.web.figures import actions, queries
from diaodu.web.figures.models import Entry, Observation, Repeat
from diaodu.web.shared import acts, audit
from diaodu.web.shared.models import Act
from diaodu.web.shared.signals import figures_recorded

pytestmark = pytest.mark.django_db

DAY = date(2023, 6, 1)


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def said() -> list[tuple[str, str | None]]:
    """(day of receipt, value or word) of the vintages the engine reads."""
    return [
        (one.received.isoformat()[5:], f"{one.value:f}" if one.value is not None else one.word)
        for one in queries.engine_observations()
    ]


def standing() -> list[str | None]:
    rows = Observation.objects.filter(standing=True)
    return [f"{row.value:f}" if row.value is not None else row.word for row in rows]


def test_a_figure_comes_out_as_it_went_in(put, figure):
    one = figure(
        "-12.30", against="shilishi", facet="gap", n=6, unit="百分点", value_given="-12.30"
    )
    told = put(one)
    assert queries.engine_observations() == [one]
    assert (told.added, told.repeated) == (1, 0)


def test_a_later_day_stands_and_the_earlier_stays(put, figure):
    put(figure("100", day(1)))
    put(figure("120", day(5)))
    assert said() == [("06-02", "100"), ("06-06", "120")]
    assert standing() == ["120"]


def test_the_same_again_makes_no_row_and_is_told(put, figure):
    put(figure("100", day(1)))
    told = put(figure("100.0", day(1)))
    later = put(figure("100", day(9)))
    assert (told.entry, told.added, told.repeated) == (0, 0, 1)
    assert (later.added, later.repeated) == (0, 1)
    assert Observation.objects.count() == 1


def test_a_forgotten_day_that_comes_in_late_does_not_overrule_a_repeated_figure(put, figure):
    put(figure("5", day(1)))
    put(figure("5", day(40)))
    put(figure("6", day(20)))
    assert said() == [("06-02", "5"), ("06-21", "6"), ("07-11", "5")]
    assert standing() == ["5"]
    assert Repeat.objects.filter(taken=True).count() == 1


def test_of_one_day_the_later_entry_counts(put, figure):
    put(figure("5", day(1)))
    put(figure("6", day(1)))
    assert said() == [("06-02", "6")]
    assert standing() == ["6"]


def test_what_was_entered_first_comes_back_when_it_is_entered_again(put, figure):
    put(figure("4", day(0)))
    put(figure("5", day(1)))
    put(figure("4", day(1)))
    assert standing() == ["4"]
    assert said() == [("06-01", "4")]
    assert Observation.objects.count() == 3


def test_a_word_of_absence_never_hides_a_figure(put, figure):
    put(figure("5", day(1)))
    told = put(figure(None, day(3), word="missing"))
    assert told.passed == 1 and standing() == ["5"]
    put(figure(None, day(4), word="nil"))
    assert standing() == ["nil"]


def test_a_figure_takes_the_place_of_a_word_of_absence_whenever_it_came(put, figure):
    put(figure(None, day(3), word="missing"))
    put(figure("5", day(1)))
    assert standing() == ["5"] and said() == [("06-02", "5")]


def test_held_figures_stand_for_nothing_until_settled(put, figure):
    put(figure("5", day(1), held=True), figure("6", day(1), held=True))
    assert standing() == [] and len(queries.engine_observations()) == 2
    put(figure("6", day(2)))
    assert standing() == ["6"]


def test_tracks_facets_and_comparisons_stand_side_by_side(put, figure):
    put(
        figure("5"), figure("4", track="recognised"), figure("3", facet="growth"),
        figure("2", facet="gap", against="shilishi"), figure("1", facet="gap", against="shilixian"),
    )  # fmt: skip
    assert Observation.objects.filter(standing=True).count() == 5


@pytest.mark.parametrize("value", ["1E+26", "0.0000000000001", "NaN", "Infinity"])
def test_a_number_the_engine_could_not_keep_is_refused_with_its_place(put, figure, value):
    with pytest.raises(ValidationError, match=r"青石镇\.xlsx 表1 C5的数"):
        put(figure("1"), figure(value, period="2023-01/04"))
    assert not Entry.objects.exists() and not Observation.objects.exists()


def test_one_act_tells_of_a_whole_entry_with_a_digest(put, figure, users):
    put(figure("5", day(1)))
    put(figure("6", day(2)), figure("7", day(2), org="liuhe"), by=users.statistics, reason="补报")
    act = Act.objects.order_by("-number").first()
    assert (act.action, act.by, act.reason) == ("figures.record", users.statistics, "补报")
    assert act.after["added"] == 2 and len(act.after["digest"]) == 64
    told = [one for one in acts.changes(act, figures=True) if one.key.startswith("数据·")]
    assert told == [
        ("数据·tax liuhe 2023年1—5月 总量 快报", "（无）", "7"),
        ("数据·tax qingshi 2023年1—5月 总量 快报", "5", "6"),
    ]
    assert list(audit.verify()) == []


def test_several_days_of_one_figure_are_told_with_their_days(put, figure):
    put(figure("5", day(1)))
    put(figure("6", day(2)), figure("7", day(3)))
    act = Act.objects.order_by("-number").first()
    told = [one for one in acts.changes(act, figures=True) if one.key.startswith("数据·")]
    name = "数据·tax qingshi 2023年1—5月 总量 快报 2023年6月{}日"
    assert told == [(name.format(3), "（无）", "6"), (name.format(4), "5", "7")]


def test_two_held_figures_that_contradict_each_other_are_both_told(put, figure):
    put(figure("5", day(1), held=True), figure("6", day(1), held=True))
    act = Act.objects.order_by("-number").first()
    told = [one for one in acts.changes(act, figures=True) if one.key.startswith("数据·")]
    assert [one.after for one in told] == ["5、6"]


def test_the_upper_rooms_are_told_after_commit(put, figure, django_capture_on_commit_callbacks):
    told = []

    def listen(**content):
        told.append((content["indicators"], content["periods"]))

    figures_recorded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            put(figure("5"), figure("6", indicator="revenue"))
            assert told == []
        with django_capture_on_commit_callbacks(execute=True):
            put(figure("5"))  # nothing new
    finally:
        figures_recorded.disconnect(listen)
    assert told == [(frozenset({"tax", "revenue"}), frozenset({"2023-01/05"}))]


def test_as_of_and_entered_before_give_back_what_was_known(put, figure, now):
    put(figure("5", day(1)), at=now)
    put(figure("6", day(3)), at=now + timedelta(days=1))
    mark = queries.last_entry()
    put(figure("7", day(2)), at=now + timedelta(days=2))

    def values(**chosen):
        return [f"{one.value:f}" for one in queries.engine_observations(**chosen)]

    assert values() == ["5", "7", "6"]
    assert values(as_of=day(2)) == ["5", "7"]
    assert values(entered_before=now + timedelta(days=1)) == ["5", "6"]
    assert values(up_to_entry=mark) == ["5", "6"]
    assert values(entered_before=now, as_of=day(9)) == ["5"]
    assert (
        values(years=[2022]) == []
        and values(years=[2023], indicators=["tax"], orgs=["liuhe"]) == []
    )


def test_figures_of_things_the_rules_no_longer_name_are_not_read(put, figure):
    put(figure("5"), figure("6", indicator="gone"))
    assert [one.indicator for one in queries.engine_observations()] == ["tax"]


# -- the order of entry makes no difference ------------------------------------------------------

ARRIVALS = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(["5", "6", "7", "missing", "nil"]),
        st.booleans(),
    ),
    min_size=1, max_size=7, unique_by=lambda one: one[0],
).flatmap(lambda ones: st.tuples(st.just(ones), st.permutations(ones)))  # fmt: skip


def enter(ones, put, figure):
    for number, content, held in ones:
        if content in ("missing", "nil"):
            put(figure(None, day(number), word=content))
        else:
            put(figure(content, day(number), held=held))
    found = queries.engine_observations(), standing()
    kept = {number: queries.engine_observations(as_of=day(number)) for number in range(7)}
    for table in (Observation, Repeat):
        table.objects.all().delete()
    return found, kept


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARRIVALS)
def test_the_frame_depends_only_on_what_was_known(put, figure, arrivals):
    """Days of receipt may come in in any order: the same vintages, the same standing figure, and
    the same again as of every day."""
    in_order, shuffled = arrivals
    assert enter(sorted(in_order), put, figure) == enter(shuffled, put, figure)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARRIVALS, st.integers(0, 7))
def test_one_entry_or_many_give_the_same(put, figure, arrivals, parted):
    _, ones = arrivals
    alone = enter(ones, put, figure)
    made = [
        figure(None, day(number), word=content)
        if content in ("missing", "nil")
        else figure(content, day(number), held=held)
        for number, content, held in ones
    ]
    put(*made[:parted])
    put(*made[parted:])
    together = queries.engine_observations(), standing()
    for table in (Observation, Repeat):
        table.objects.all().delete()
    assert together == alone[0]


def test_the_engine_reads_the_same_whether_settled_by_itself_or_kept(put, figure):
    """What settle makes of a folder is what comes out of the table."""
    from diaodu.engine.collect import settle
    from diaodu.engine.collect.reading import BookReading, SheetReading

    contents = ["5", "5", "6", "missing", "6", "5"]
    ones = [
        figure(
            None if text == "missing" else text, day(at), word=text if text == "missing" else None
        )
        for at, text in enumerate(contents)
    ]
    counts = dict.fromkeys(("label", "note", "marker", "kept", "held", "ignored"), 0)
    books = [
        BookReading(
            one.file, one.sha256, one.received,
            (SheetReading(one.file, one.sheet, one.sha256, (one,), (), (), counts, {}),),
        )
        for one in ones
    ]  # fmt: skip
    put(*ones)
    assert queries.engine_observations() == list(settle(books, day(30)).observations)


def test_recording_twice_at_once_leaves_one_standing(put, figure):
    put(figure("5", day(1)), figure("5", day(1)))
    assert Observation.objects.count() == 1


def test_new_figures_count_the_digits_given(figure):
    assert figure("173873.50").decimals == 2
    assert figure("1E+3").decimals == 0
    made = actions.new_figure(
        indicator="tax", org="qingshi", period="2023-01/05", facet="level", track="flash",
        received=DAY, unit="万元", value=Decimal("12.5"),
    )  # fmt: skip
    assert (made.value_given, made.unit_given) == ("12.5", "万元")
