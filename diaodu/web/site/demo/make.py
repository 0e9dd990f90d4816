"""Set up the demo county's desk through the same actions that its people use."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from diaodu.adapters.demo_county import make_demo
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.board import actions as board
from diaodu.web.bulletins import actions as bulletins
from diaodu.web.bulletins import queries as bulletins_queries
from diaodu.web.figures import actions as figures
from diaodu.web.intake import actions as intake
from diaodu.web.intake.queries import Form, forms_of
from diaodu.web.intake.queries.sheets import sheet_of
from diaodu.web.people import actions as people
from diaodu.web.people.queries import access_of
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as rules
from diaodu.web.runs import actions as runs
from diaodu.web.runs.queries import chosen, rows
from diaodu.web.shared.roles import ROLES
from diaodu.web.site.demo.cast import Person, cast
from diaodu.web.site.demo.duties import hand_out_duties
from diaodu.web.site.demo.meetings import hold_meetings
from diaodu.web.site.demo.returns import typed_figures
from diaodu.web.site.demo.speech import NAME, draft
from diaodu.web.site.demo.targets import set_targets
from diaodu.web.site.demo.warnings import raise_warnings

_HERE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2023, 6, 9, 9, 30, tzinfo=_HERE)
BEGUN = datetime(2023, 5, 29, 9, 0, tzinfo=_HERE)
FILLING = datetime(2023, 6, 6, 9, 0, tzinfo=_HERE)
PERIOD = "2023-05"
# The months before, and the day each was complete and released.
FROZEN = {"2023-02": date(2023, 3, 20), "2023-03": date(2023, 4, 26), "2023-04": date(2023, 5, 18)}

LATE = "yuewan"  # has not begun, and its window is closed
SLIPPED = "yunling"  # typed 万元 where the form says 亿元; let in late to mend it
SPEAKERS = ("zhidu", "xianzhang")  # who drafts the speech, who gives it
UNSIGNED = ("jinsui", "gudu")
RETURNED = "taoping"
_TRUE = "已核对台账和凭证，数据属实"

OnStep = Callable[[str], None]


@dataclass
class Staff:
    """The people by user name, and the passwords of those who have one."""

    users: dict[str, Any] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)


def make_desk(folder: Path, on_step: OnStep) -> dict[str, Any]:
    """Fill an empty, migrated desk. `folder` takes the demo's files. Returns what demo.json says
    beside the address: {period, users}."""
    on_step("编示例县的规则和报表")
    make_demo(folder)
    on_step("发布规则，安排人员")
    _publish_rules(folder / "rulebook")
    rulebook = rules.current()
    staff = _engage(cast(rulebook), rulebook)
    _put_up_maps(folder / "maps", staff)
    on_step("导入36个月的历史数据")
    _import_history(folder / "returns", staff)
    on_step("锁定两年的目标")
    set_targets(staff.users)
    for month, as_of in FROZEN.items():
        on_step(f"运行{Period.from_id(month).ytd().id}")
        _freeze(month, as_of, staff)
    on_step("各单位报送5月数据")
    _fill(folder / "returns", rulebook, staff)
    on_step("计算实时结果")
    runs.rebuild_live(periods=[PERIOD], at=NOW)
    on_step("判断预警")
    raise_warnings(staff.users, NOW)
    on_step("补录两个季度的交办事项")
    hand_out_duties(staff.users, NOW)
    on_step("开调度会，交办事项")
    hold_meetings(staff.users, NOW)
    on_step("校核一份讲话")
    for name in SPEAKERS:
        _check_speech(staff.users[name])
    return {"period": PERIOD, "users": _told(cast(rulebook), staff)}


def _publish_rules(folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    made = rulebooks.import_files(files=files, by=None, at=BEGUN, note="示例县的规则")
    assert made.version is not None, made.faults
    rulebooks.publish(version_id=made.version.pk, by=None, at=BEGUN, note="首次发布", seen=None)


def _put_up_maps(folder: Path, staff: Staff) -> None:
    for path in sorted(folder.iterdir()):
        board.save_map(
            org=path.stem, file=path.name, content=path.read_bytes(), sketch=True,
            note="示例县的示意图，按种子画出，不是真实的边界", without=True,
            by=staff.users["guanli"], at=BEGUN,
        )  # fmt: skip


def _engage(people_: Sequence[Person], rulebook: Rulebook) -> Staff:
    staff = Staff()
    for one in people_:
        user = people.save_user(
            user=None, username=one.username, name=one.name, post=one.post, by=None, at=BEGUN
        )
        staff.users[one.username] = user
        for part in one.parts:
            people.grant(
                user=user, role=part.role, org=part.org, by=None, at=BEGUN, early=part.early,
                indicators=part.indicators or None,
            )  # fmt: skip
        if one.told:
            staff.passwords[one.username] = secrets.token_urlsafe(9)
            user.set_password(staff.passwords[one.username])
            user.save(update_fields=["password"])
    return staff


def _told(people_: Sequence[Person], staff: Staff) -> list[dict[str, Any]]:
    return [
        {
            "username": one.username,
            "password": staff.passwords[one.username],
            "name": one.name,
            "post": one.post,
            "roles": sorted({part.role for part in one.parts}),
            "role_names": [ROLES[role] for role in sorted({part.role for part in one.parts})],
            "org": one.parts[0].org,
        }
        for one in people_
        if one.told
    ]


# -- history ---------------------------------------------------------------------------------------


def _import_history(returns: Path, staff: Staff) -> None:
    """What had come in before the desk was opened."""
    with TemporaryDirectory(prefix="diaodu-demo-") as place:
        for day in sorted(returns.iterdir()):
            if day.name <= BEGUN.date().isoformat():
                shutil.copytree(day, Path(place) / day.name)
        figures.import_folder(
            folder=Path(place), by=staff.users["tongji"], at=BEGUN, reason="启用前的历史数据",
            document="县统计局历史资料",
        )  # fmt: skip


def _freeze(month: str, as_of: date, staff: Staff) -> None:
    by = staff.users["diaodu"]
    note = "历史月份，启用时补跑"
    run = runs.freeze(period=month, as_of=as_of, note=note, by=by, at=BEGUN)
    runs.carry_out(run_id=run.pk, now=lambda: BEGUN)
    runs.publish(run=run, note="按发布日历", by=by, at=BEGUN)


def _check_speech(user: Any) -> None:
    """April's speech, held against April's run."""
    access = access_of(user, NOW.date())
    run = chosen(access, period=max(FROZEN), live=False)
    assert run is not None
    text = draft(rows(run, access, NOW, org=access.home))
    against = bulletins_queries.Chosen(run.pk, f"{run.months}·{run.name}")
    made = bulletins.check(name=NAME, loaded=text, content=None, run=against, by=user, at=NOW)
    bulletins.carry_out(check_id=made.pk, at=NOW)


# -- the month half-way ----------------------------------------------------------------------------


def _fill(returns: Path, rulebook: Rulebook, staff: Staff) -> None:
    typed = typed_figures(returns, rulebook, BEGUN.date())
    forms = forms_of(Period.from_id(PERIOD))
    units = [form for form in forms if form.reporter.level in ("township", "park")]
    for place, form in enumerate(units):
        _Desk(form, typed, staff, FILLING + timedelta(minutes=37 * place)).send_unit()
    departments = [form for form in forms if form not in units and form.opens <= NOW]
    for place, form in enumerate(departments):
        moment = datetime(2023, 6, 8, 9, 0, tzinfo=_HERE) + timedelta(minutes=11 * place)
        _Desk(form, typed, staff, moment).send_department(place)


@dataclass
class _Desk:
    """One unit at its form."""

    form: Form
    typed: Mapping[str, str]
    staff: Staff
    at: datetime

    def send_unit(self) -> None:
        unit = self.form.reporter.id
        if unit == LATE:
            return
        if unit == SLIPPED:
            self._fill(slip=("project_investment", "level"))
            self._let_in()
            return
        if not self._fill() or not self._submit():
            return
        if unit in UNSIGNED:
            self._sign("tongji")
            return
        self._sign("tongji", "fenguan", "lingdao")
        if unit == RETURNED:
            intake.send_back(
                form=self.form, reason="限上零售额与商务局比对差得多，请核对后重报",
                until=NOW + timedelta(days=1), by=self._who("shenhe"), at=self._later(),
            )  # fmt: skip
        else:
            self._accept()

    def send_department(self, place: int) -> None:
        """A third is through, a third waits, a third is still typing or has not begun."""
        if place % 6 == 5:
            return
        if place % 3 == 2:
            self._fill(share=2)
            return
        if not self._fill() or not self._submit():
            return
        self._sign("juzhang")
        if place % 3 == 0:
            self._accept()

    def _who(self, name: str = "") -> Any:
        """The unit's own person of that name, else the county's; without a name the clerk."""
        own = self.form.reporter.id
        users = self.staff.users
        return users[own] if not name else users.get(f"{own}_{name}") or users[name]

    def _later(self) -> datetime:
        self.at += timedelta(minutes=4)
        return self.at

    def _seen(self) -> int:
        sheet = sheet_of(self.form)
        return sheet.version if sheet else 0

    def _fill(self, share: int = 1, slip: tuple[str, str] | None = None) -> bool:
        """Type what the unit's file has, a share of it; explain what looks odd. Returns whether
        nothing is left to mend."""
        entered = []
        for key, (row, facet) in self.form.cells.items():
            text = self.typed.get(f"{row.period.id}|{row.org}|{row.indicator.id}|{facet}")
            if text and (row.indicator.id, facet) == slip:
                text = f"{Decimal(text):.0f}"  # as her own file has it
            if text:
                entered.append(intake.Entered(key, text, 0))
        entered = entered[: -(-len(entered) // share)]
        if not entered:
            return False
        by = self._who()
        saved = intake.save_cells(form=self.form, entered=entered, seen=0, by=by, at=self._later())
        if share > 1 or slip or saved.checked is None:
            return False
        missing = list(saved.checked.unfilled)
        if missing:
            saved = intake.declare_none(
                form=self.form, keys=missing, reason="本期尚未发生", by=by, at=self._later()
            )
        while saved.checked is not None and saved.checked.unexplained:
            saved = intake.explain_finding(
                form=self.form, finding=saved.checked.unexplained[0].id, text=_TRUE, by=by,
                at=self._later(),
            )  # fmt: skip
        return saved.checked is not None and saved.checked.is_clean

    def _submit(self) -> bool:
        intake.submit(form=self.form, seen=self._seen(), by=self._who(), at=self._later())
        return True

    def _sign(self, *names: str) -> None:
        for place, name in enumerate(names, start=1):
            intake.sign(
                form=self.form, places=frozenset({place}), seen=self._seen(), by=self._who(name),
                at=self._later(),
            )  # fmt: skip

    def _accept(self) -> None:
        intake.accept(form=self.form, seen=self._seen(), by=self._who("shenhe"), at=self._later())

    def _let_in(self) -> None:
        intake.grant_exception(
            form=self.form, until=NOW + timedelta(hours=32), reason="单位填错，准许改正后补报",
            by=self.staff.users["tongji"], at=NOW - timedelta(minutes=40),
        )  # fmt: skip
