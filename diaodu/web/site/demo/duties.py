"""The demo county's duties: two finished quarters and the one that runs, in every colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.duties import actions, queries
from diaodu.web.duties.actions import Given, Wanted
from diaodu.web.people import queries as people
from diaodu.web.runs import queries as runs

_HERE = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
# What becomes of one: each act by whom, and how many days after the one before. `late`: after the
# deadline instead.
_WAYS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "issued": (),
    "working": (("sign", "unit", 1), ("note", "unit", 2)),
    "declined": (("decline", "unit", 1),),
    "answered": (("sign", "unit", 1), ("prove", "unit", 4), ("answer", "unit", 1)),
    "unproven": (("sign", "unit", 1), ("answer", "unit", 4), ("send_back", "office", 1)),
    "verified": (
        ("sign", "unit", 1), ("prove", "unit", 3), ("answer", "unit", 1), ("verify", "office", 1),
    ),
    "extension": (("sign", "unit", 1), ("ask_extension", "unit", 3)),
    "long_term": (("sign", "unit", 1), ("note", "unit", 20), ("keep_long", "leader", 3)),
    "withdrawn": (("withdraw", "leader", 3),),
    "in_time": (
        ("sign", "unit", 1), ("prove", "unit", 8), ("answer", "unit", 1), ("verify", "office", 2),
        ("close", "office", 1),
    ),
    "again": (
        ("sign", "unit", 1), ("answer", "unit", 6), ("send_back", "office", 1),
        ("prove", "unit", 2), ("answer", "unit", 1), ("verify", "office", 1),
        ("close", "office", 1),
    ),
    "late": (
        ("sign", "unit", 2), ("prove", "unit", 28), ("answer", "unit", 1), ("verify", "office", 2),
        ("close", "office", 1),
    ),
    "decided": (("sign", "unit", 1), ("decide", "leader", 12)),
    "reopened": (
        ("sign", "unit", 1), ("prove", "unit", 8), ("answer", "unit", 1), ("verify", "office", 2),
        ("close", "office", 1), ("reopen", "leader", 50),
    ),
}  # fmt: skip
_SAID = {
    "note": "已开会研究，正在逐项落实", "answer": "已按要求办结，凭证附后",
    "send_back": "没有附凭证，不能证明已经办结", "verify": "凭证齐全，已到现场看过",
    "close": "够条件",
    "decline": "这项工作归县发改局牵头，请改交", "ask_extension": "上级批复还没有下来",
    "keep_long": "县政府第5次常务会议：历史遗留问题，按季报进展",
    "withdraw": "与市里新部署的工作重复", "decide": "县政府第9次常务会议：项目取消，不再办",
    "reopen": "回头看发现设备停用",
}  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    """One duty: what, who, since when, for how many days, and its way."""

    title: str
    lead: str
    issued: date
    days: int
    way: str
    source: str = "meeting"
    origin: str = ""
    proof: tuple[str, ...] = ("办理情况",)
    supporting: tuple[str, ...] = ()


def _day(month: int, day: int, year: int = 2023) -> date:
    return date(year, month, day)


_QUARTERS: tuple[_Plan, ...] = (
    # the fourth quarter of 2022
    _Plan("查清10户规上工业企业减产原因，一户一策", "gongxinju", _day(10, 11, 2022), 20, "in_time"),
    _Plan("四季度拟入库项目清单排到月、排到人", "fagaiju", _day(10, 11, 2022), 15, "in_time"),
    _Plan("限上商贸企业四季度促销方案", "shangwuju", _day(10, 12, 2022), 20, "again"),
    _Plan("非税收入应收尽收，逐单位列清", "caizhengju", _day(10, 18, 2022), 14, "late"),
    _Plan("补齐3个项目的施工许可证", "qingshi", _day(10, 18, 2022), 20, "in_time", "light"),
    _Plan("停产企业用电情况核查", "yunling", _day(10, 25, 2022), 15, "late", "light"),
    _Plan("秋冬季扬尘整治问题整改", "chengdong", _day(11, 1, 2022), 30, "in_time", "inspection"),
    _Plan("化解两处工程款拖欠", "liuhe", _day(11, 3, 2022), 25, "decided", "letter"),
    _Plan("专项债项目支出进度补课", "fagaiju", _day(11, 10, 2022), 20, "in_time", "upper",
          "示市政办〔2022〕46号"),
    _Plan("审计指出的闲置资金盘活", "caizhengju", _day(11, 16, 2022), 30, "in_time", "audit"),
    _Plan("农村公路养护问题整改", "bailu", _day(11, 22, 2022), 20, "late", "inspection"),
    _Plan("招商项目履约情况台账", "shangwuju", _day(12, 1, 2022), 15, "withdrawn"),
    _Plan("年底前达标企业入统材料上报", "gongxinju", _day(12, 2, 2022), 25, "in_time", "light"),
    # the first quarter of 2023
    _Plan("一季度开门红重点企业包联走访", "gongxinju", _day(1, 10), 30, "in_time"),
    _Plan("春节前复工项目用工保障", "chengxi", _day(1, 11), 12, "in_time"),
    _Plan("集中开工项目手续补办", "fengxi", _day(2, 6), 20, "late"),
    _Plan("历史遗留用地手续补办（11宗）", "shiqiao", _day(2, 8), 40, "long_term", "audit"),
    _Plan("1—2月税收下降原因分析到企业", "caizhengju", _day(3, 10), 12, "in_time", "light"),
    _Plan("春耕备耕物资检查问题整改", "shuangxi", _day(2, 20), 18, "again", "inspection"),
    _Plan("污水处理站停运整改", "jinsui", _day(2, 22), 22, "reopened", "inspection"),
    _Plan("外贸企业订单摸底", "shangwuju", _day(3, 2), 15, "in_time"),
    _Plan("11+79个滞后项目逐个定开工时间", "fagaiju", _day(3, 6), 25, "late"),
    _Plan("市督查组交办信访件办理", "gudu", _day(3, 14), 15, "in_time", "letter"),
    _Plan("撤销重复上报的报表", "tongjiju", _day(3, 20), 10, "decided", "upper",
          "示市政办〔2023〕12号"),
    # the quarter that runs
    _Plan("高新园区标准厂房二期施工许可", "jingkaiqu", _day(5, 12), 31, "working"),
    _Plan("限上零售额下降企业逐户走访（8家）", "shangwuju", _day(5, 16), 26, "working"),
    _Plan("进出口企业订单摸底，报后3个月预计数", "shangwuju", _day(5, 30), 40, "working"),
    _Plan("河道采砂问题整改", "wangjiang", _day(5, 8), 25, "working", "inspection"),
    _Plan("工业用电量与产值不一致的企业核查", "gongxinju", _day(5, 15), 25, "answered", "light"),
    _Plan("小微企业清欠台账", "taoping", _day(5, 17), 24, "answered", "letter"),
    _Plan("东河大桥连接线拨付资金", "caizhengju", _day(5, 22), 20, "verified"),
    _Plan("招商项目履约率台账", "shangwuju", _day(5, 24), 25, "unproven"),
    _Plan("北塘污水管网开工", "songlin", _day(5, 18), 24, "extension", "upper",
          "示市政办〔2023〕20号"),
    _Plan("粮食仓容缺口测算", "gaoping", _day(6, 6), 20, "declined"),
    _Plan("固投下滑原因说明", "changgang", _day(6, 6), 15, "issued", "light"),
    _Plan("汛期地质灾害点排查", "yinxing", _day(6, 9), 10, "issued", "upper",
          "示市政办〔2023〕24号"),
)  # fmt: skip


def hand_out_duties(users: Mapping[str, Any], now: datetime) -> None:
    """Through the actions, each at its own time; the ways of several run beside each other."""
    _Office(users).run(now)
    _from_figures(users, now)
    _draft(users, now)
    _quotas(users, now)


class _Office:
    def __init__(self, users: Mapping[str, Any]) -> None:
        self.users = users
        self.leaders = (users["xianzhang"], users["fuxianzhang"])

    def run(self, now: datetime) -> None:
        """In the order of time: the chain of acts is read so."""
        made: dict[int, Any] = {}
        for at, number, _, act, who in sorted(self._acts(now)):
            plan = _QUARTERS[number]
            if act == "issue":
                made[number] = self._issue(number, plan, at)
            else:
                self._do(made[number].pk, plan, act, who, at)

    def _acts(self, now: datetime) -> Iterator[tuple[datetime, int, int, str, str]]:
        for number, plan in enumerate(_QUARTERS):
            at = _moment(plan.issued, number)
            yield at, number, 0, "issue", "office"
            for step, (act, who, days) in enumerate(_WAYS[plan.way], start=1):
                at += days * _DAY + timedelta(minutes=7 * step)
                yield min(at, now - timedelta(minutes=9)), number, step, act, who

    def _issue(self, number: int, plan: _Plan, at: datetime) -> Any:
        wanted = Wanted(
            title=plan.title, source=plan.source, lead=plan.lead, person=self._unit(plan.lead).pk,
            latest=plan.issued + plan.days * _DAY, best=plan.issued + (plan.days - 3) * _DAY,
            origin=plan.origin or f"{plan.issued:%-m月}调度会决定第{number % 6 + 1}条"
            if plan.source == "meeting" else plan.origin,
            leader=self.leaders[number % 2].pk, proof_asked=plan.proof,
            measures="开会研究，明确专人\n列出清单，逐项落实\n办结后附凭证反馈",
        )  # fmt: skip
        return actions.hand_out(wanted=[wanted], by=self.users["ducha"], at=at)[0]

    def _do(self, id: int, plan: _Plan, act: str, who: str, at: datetime) -> None:
        by = {
            "unit": self._unit(plan.lead), "office": self.users["ducha"],
            "leader": self.users["xianzhang"],
        }[who]  # fmt: skip
        if act == "prove":
            rows = [(1, plan.title, "已办结"), (2, "责任人", str(by))]
            table = table_xlsx("办理情况", ("序号", "内容", "结果"), rows, plan.title)
            actions.hand_in_file(
                duty_id=id, name="办理情况.xlsx", content=table, proves=plan.proof[0], by=by, at=at
            )
            return
        latest = at.date() + 40 * _DAY if act in ("reopen", "ask_extension") else None
        every = "quarter" if act == "keep_long" else ""
        given = Given(text=_SAID.get(act, ""), latest=latest, every=every)
        actions.do(duty_id=id, act=act, given=given, by=by, at=at)  # type: ignore[arg-type]

    def _unit(self, org: str) -> Any:
        """A township's vice head, a department's head."""
        return self.users.get(f"{org}_fenguan") or self.users[f"{org}_juzhang"]


def _moment(day: date, number: int) -> datetime:
    return datetime(day.year, day.month, day.day, 8, 5 + number % 50, tzinfo=_HERE)


# Indicators whose red light became a duty: who hands it out, how far it went.
_RED = 3


def _from_figures(users: Mapping[str, Any], now: datetime) -> None:
    """Drafted from figures that are behind, issued by the supervisor."""
    by = users["ducha"]
    access = people.access_of(by, now.date())
    run = runs.chosen(access)
    home = people.home()
    if run is None or home is None:
        return
    behind = [one for one in runs.rows(run, access, now) if one.light == "behind"]
    told = count(1)
    for row in behind:
        place = next(told)
        if place > _RED:
            return
        at = now - timedelta(days=2, minutes=-11 * place)
        made = queries.drafted(access, at, indicator=row.indicator_id, org=row.org_id)
        person = queries.head_of(made.draft.lead, at.date())
        if person is None:
            continue
        wanted = Wanted(
            title=made.draft.title, source="light", lead=made.draft.lead, person=person,
            latest=made.draft.latest, origin=f"{made.draft.origin}（{made.run}）",
            supporting=made.draft.supporting, leader=users["fuxianzhang"].pk,
            things=made.draft.things, proof_asked=made.draft.proof_asked, goal=made.draft.goal,
            measures="\n".join((*made.draft.owed, *made.draft.needed)), basis=made.basis,
            run=made.run,
        )  # fmt: skip
        actions.hand_out(wanted=[wanted], by=by, at=at)


def _draft(users: Mapping[str, Any], now: datetime) -> None:
    """Waits to be issued by a person."""
    wanted = Wanted(
        title="上半年重点项目入库进度逐个核对", source="meeting", lead="fagaiju",
        person=users["fagaiju_juzhang"].pk, latest=now.date() + 15 * _DAY,
        origin="待6月调度会定", proof_asked=("核对清单",),
    )  # fmt: skip
    actions.write(wanted=[wanted], by=users["ducha"], at=now - timedelta(minutes=50))


def _quotas(users: Mapping[str, Any], now: datetime) -> None:
    """What comes round every month and quarter, done and not done."""
    by, begun = users["ducha"], datetime(2023, 1, 3, 9, 0, tzinfo=_HERE)
    plans = (
        ("走访包联企业", "gongxinju", "gongxinju_juzhang", "month", 2, 28,
         (1, 1, 2, 2, 3, 3, 4, 5)),
        ("研究固定资产投资", "fagaiju", "fagaiju_juzhang", "month", 1, 25, (1, 2, 3, 4, 5)),
        ("现场督导重点项目", "qingshi", "qingshi_lingdao", "quarter", 3, 31, (1, 2, 3, 4)),
    )  # fmt: skip
    for title, org, person, every, times, day, months in plans:
        made = actions.set_quota(
            title=title, org=org, person=users[person].pk, every=every, times=times, day=day,
            rolls=True, since=begun.date(), until=None, source="县政府2023年重点工作安排", by=by,
            at=begun,
        )  # fmt: skip
        for place, month in enumerate(months):
            on = date(2023, month, 6 + 5 * (place % 4))
            at = datetime(2023, month, on.day, 17, 0, tzinfo=_HERE)
            actions.do_once(
                quota=made, on=on, text="已到现场，问题当场交办", by=users[person], at=min(at, now)
            )
