"""A list of duties handed over from outside: everything wrong with it, at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from diaodu.engine.dispatch.duty import Duty, DutyList
from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import DUTY_STATE_NAMES, MEASURE_NAMES
from diaodu.engine.rules.messages import Error, Path, say
from diaodu.engine.rules.patch import errors_of, inside, model_in
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.rules.suggest import suggestion


class Fault(NamedTuple):
    """`where` says which duty and key (第3件“补报项目” latest), empty for the list as a whole."""

    where: str
    message: str
    action: str

    def __str__(self) -> str:
        stop = "" if self.message.endswith("？") else "。"
        told = f"{self.message}{stop}{self.action}。"
        return f"{self.where} {told}" if self.where else told


def read_list(data: Any, rulebook: Rulebook) -> tuple[DutyList | None, list[Fault]]:
    """The list, or (None) what is wrong with it. data: plain mappings, lists and texts, as a JSON
    file holds them; numbers as Decimal, never as binary floats."""
    if not isinstance(data, Mapping):
        return None, [Fault("", "这里应是一组“键: 值”", "用调度台导出的文件")]
    try:
        handed = DutyList.model_validate(data)
    except ValidationError as error:
        sound = _Sound.of(data)
        return None, [*_said(data, error), *_crosswise(sound, rulebook)]
    faults = list(_crosswise(_Sound(handed.day, dict(enumerate(handed.duties, 1))), rulebook))
    return (None if faults else handed), faults


class _Sound(NamedTuple):
    """The duties whose shape is sound, by their place in the list from 1."""

    day: date | None
    duties: Mapping[int, Duty]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> _Sound:
        listed = data.get("duties")
        found: dict[int, Duty] = {}
        for at, one in enumerate(listed if isinstance(listed, list) else (), start=1):
            with suppress(ValidationError):
                found[at] = Duty.model_validate(one)
        try:
            return cls(DutyList.model_validate({"day": data.get("day"), "duties": []}).day, found)
        except ValidationError:
            return cls(None, found)


# -- the shape -------------------------------------------------------------------------------


def _said(data: Mapping[str, Any], error: ValidationError) -> Iterator[Fault]:
    seen: set[Path] = set()
    for path, one in errors_of(error, data):
        if path not in seen:
            seen.add(path)
            wrong = Error(one["type"], path, one.get("input"), one.get("ctx", {}))
            yield Fault(_where(data, path), *say(wrong, _keys_at(path)))


def _where(data: Mapping[str, Any], path: Path) -> str:
    if len(path) < 2 or path[0] != "duties" or not isinstance(path[1], int):
        return ".".join(str(step) for step in path)
    given = data["duties"][path[1]]
    title = given.get("title") if isinstance(given, Mapping) else None
    key = ".".join(str(step + 1) if isinstance(step, int) else step for step in path[2:])
    return f"第{path[1] + 1}件" + (f"“{title}”" if title else "") + (f" {key}" if key else "")


def _keys_at(path: Path) -> dict[str, str]:
    annotation: Any = DutyList
    for step in path[:-1]:
        annotation = inside(annotation, step)
    model: type[BaseModel] = model_in(annotation) or DutyList
    return {name: field.description or "" for name, field in model.model_fields.items()}


# -- what only shows crosswise ---------------------------------------------------------------


def _crosswise(sound: _Sound, rulebook: Rulebook) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for at, duty in sound.duties.items():
        where = f"第{at}件“{duty.title}”"
        earlier = first.setdefault(duty.id, at)
        if earlier != at:
            yield Fault(where, f"编号“{duty.id}”与第{earlier}件相同", "一件事项只列一次")
        if duty.parent == duty.id:
            yield Fault(where, "上一级事项是它自己", "改正 parent")
        told = (*_known(duty, rulebook), *_goal(duty), *_days(duty, sound.day), *_ended(duty))
        yield from (Fault(where, *one) for one in told)


_Told = Iterator[tuple[str, str]]


def _known(duty: Duty, rulebook: Rulebook) -> _Told:
    """Every org and indicator is one of the rulebook's."""
    for org in (duty.lead, *duty.supporting, *([duty.goal.org] if duty.goal else [])):
        if org not in rulebook.orgs:
            near = suggestion(org, rulebook.orgs)
            yield (
                f"规则里没有编号为“{org}”的单位" + (f"，是不是“{near}”？" if near else ""),
                "改正编号，或在 orgs/ 里补上",
            )
    if duty.goal is not None and duty.goal.indicator not in rulebook.indicators:
        near = suggestion(duty.goal.indicator, rulebook.indicators)
        yield (
            f"规则里没有编号为“{duty.goal.indicator}”的指标"
            + (f"，是不是“{near}”？" if near else ""),
            "改正编号，或在 indicators/ 里补上",
        )


def _goal(duty: Duty) -> _Told:
    goal = duty.goal
    if goal is None:
        return
    if goal.measure != "light" and goal.measure not in MEASURE_NAMES:
        near = suggestion(goal.measure, MEASURE_NAMES)
        yield (
            f"没有“{goal.measure}”这个度量" + (f"，是不是“{near}”？" if near else ""),
            "写 light 或度量的编号（运行 diaodu explain --help 可看到全部）",
        )
    if goal.measure != "light" and goal.value is None:
        yield "与数挂钩而没有写要达到多少", "补上 goal.value"
    if goal.since is not None:
        try:
            Period.from_id(goal.since)
        except PeriodError as error:
            yield str(error).replace("；", "，"), "改正 goal.since"


def _days(duty: Duty, until: date | None) -> _Told:
    """Days in the order in which things happen, none after the day of the list."""
    if duty.state != "draft" and duty.issued is None:
        yield f"是“{DUTY_STATE_NAMES[duty.state]}”而没有交办日", "补上 issued"
    if duty.state == "closed" and duty.closed is None:
        yield "已销号而没有销号日", "补上 closed"
    if duty.best is not None and duty.best > duty.latest:
        yield f"力争期限（{duty.best}）晚于最晚期限（{duty.latest}）", "改正 best 或 latest"
    happened = [
        (name, day)
        for name, day in (
            ("交办日", duty.issued), ("签收日", duty.signed), ("反馈日", duty.answered),
            ("销号日", duty.closed),
        )
        if day is not None
    ]  # fmt: skip
    for name, day in happened:
        if until is not None and day > until:
            yield f"{name}（{day}）在截至日（{until}）之后", "改正日期，或重新导出"
        if duty.issued is not None and day < duty.issued:
            yield f"{name}（{day}）早于交办日（{duty.issued}）", "改正日期"


def _ended(duty: Duty) -> _Told:
    if duty.state == "closed" and not duty.proof and not duty.decision and duty.goal is None:
        yield "已销号而既没有凭证也没有决定", "补上 proof 或 decision，或改正 state"
