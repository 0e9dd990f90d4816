"""The demo county's meetings: one was held, the next is being prepared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.actions import Content
from diaodu.web.people import queries as people
from diaodu.web.runs import queries as runs
from diaodu.web.urging import actions as urging
from diaodu.web.urging import queries as urging_queries

_HERE = ZoneInfo("Asia/Shanghai")
PLANNED = datetime(2023, 5, 29, 10, 0, tzinfo=_HERE)
HELD = datetime(2023, 5, 30, 15, 0, tzinfo=_HERE)
URGED = datetime(2023, 6, 7, 9, 0, tzinfo=_HERE)
NEXT = datetime(2023, 6, 16, 15, 0, tzinfo=_HERE)
_PLACE, _HOST = "县政府3楼会议室", "县长周明远"

# As they were typed while the meeting went on; what was not said was asked for and stands behind.
_SAID: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("duty", "青石镇6月8日前补报固定资产投资入库项目，新入库不少于1.2亿元",
     {"person": "qingshi_fenguan", "proof": "统计入库通知、施工许可证、现场照片"}),
    ("duty", "工信局会同经开区力争6月9日、最晚6月12日前逐户核查规上工业企业停产原因",
     {"person": "gongxinju_juzhang", "proof": "核查表"}),
    ("duty", "商务局6月底前走访限上零售额下降的企业，一户一策",
     {"person": "shangwuju_juzhang", "proof": "走访记录"}),
    ("duty", "发改局报后3个月可入库项目清单，按月排到人",
     {"person": "fagaiju_juzhang", "latest": "2023-06-05", "proof": "清单"}),
    ("promise", "云岭镇6月底前规上工业产值增速转正", {}),
    ("promise", "柳荷镇6月5日前欠报的项目资料报齐", {}),
    ("note", "会议同意财政局关于收入进度的汇报", {}),
)  # fmt: skip


def hold_meetings(users: Mapping[str, Any], now: datetime) -> None:
    """One meeting held, with duties and promises; the next planned, with papers asked for and
    those on the agenda who must speak; then the pass over all that is due."""
    office = users["diaodu"]
    access = people.access_of(office, PLANNED.date())
    newest = runs.published(runs.runs_for(access)).order_by("-period").first()
    meeting = actions.plan(
        kind="dispatch", title="4月经济运行调度会", held_at=HELD, place=_PLACE, host=_HOST,
        run_id=newest.pk if newest else None, by=office, at=PLANNED,
    )  # fmt: skip
    _agenda(meeting, office, PLANNED)
    actions.open_meeting(meeting=meeting, by=office, at=HELD)
    known = queries.choices(access, HELD.date())
    for number, (kind, said, more) in enumerate(_SAID):
        read = queries.read(said, known, HELD.date())
        given = {"org": read.org, "latest": read.latest, "best": read.best, "person": read.person,
                 "supporting": read.supporting, **_given(more, users)}  # fmt: skip
        line = Content(kind, said) if kind == "note" else Content(kind, read.text, **given)
        at = HELD + timedelta(minutes=9 * number)
        actions.add_line(meeting=meeting, content=line, by=office, at=at)
    actions.close(meeting=meeting, by=office, at=HELD + timedelta(hours=2))
    _prepare_next(office, now, newest)
    _urge_some(users["ducha"])
    urging.pass_day(at=now)


def _urge_some(supervisor: Any) -> None:
    """The duty without a list is urged two days after its day, and the last by the growth of
    output in the finished quarter is warned; the others wait to be decided."""
    urging.pass_day(at=URGED)
    access = people.access_of(supervisor, URGED.date())
    urged = urging_queries.listed(access, URGED.date(), step="urge", org="fagaiju")
    last = urging_queries.listed(access, URGED.date(), step="warning").filter(duty=None)
    for proposed in (*urged, *last.order_by("key")[:1]):
        details = urging.Details(
            answer_by=URGED.date() + timedelta(days=5), demand="分析原因，写明下一步怎样办"
        )
        urging.take(proposed=proposed, details=details, by=supervisor, at=URGED)


def _given(more: Mapping[str, Any], users: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(more)
    if "person" in found:
        found["person"] = users[found["person"]].pk
    if "latest" in found:
        found["latest"] = datetime.fromisoformat(found["latest"]).date()
    return found


def _agenda(meeting: Any, office: Any, at: datetime) -> None:
    for kind, title, org, speaker, minutes in (
        ("report", "通报1—4月经济运行情况", "tongjiju", "局长", 15),
        ("report", "项目建设和入库情况", "fagaiju", "局长", 10),
        ("talk", "讲话", None, _HOST, 20),
    ):
        actions.add_item(
            meeting=meeting, kind=kind, title=title, org=org, speaker=speaker, minutes=minutes,
            by=office, at=at,
        )  # fmt: skip


def _prepare_next(office: Any, now: datetime, run: Any) -> None:
    at = now - timedelta(minutes=30)
    following = actions.plan(
        kind="dispatch", title="5月经济运行调度会", held_at=NEXT, place=_PLACE, host=_HOST,
        run_id=run.pk if run else None, by=office, at=at,
    )  # fmt: skip
    _agenda(following, office, at)
    actions.ask_papers(
        meeting=following, orgs=["tongjiju", "fagaiju", "gongxinju", "shangwuju", "qingshi"],
        title="汇报材料", due=NEXT - timedelta(days=2, hours=5), by=office, at=at,
    )  # fmt: skip
    access = people.access_of(office, now.date())
    found = queries.speakers(following, access, now)
    if found:
        actions.call_speakers(meeting=following, speakers=found, by=office, at=at)
