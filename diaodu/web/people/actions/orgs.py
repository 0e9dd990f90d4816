"""Changes to the tree of orgs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules import cross
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.engine.rules.validate import Entry, validate
from diaodu.web.people import queries
from diaodu.web.people.models import Org, User
from diaodu.web.shared import audit
from diaodu.web.shared.signals import org_tree_changed

STALE = "stale"  # the code of the refusal when someone else was faster
_FIELDS = (
    "name", "level", "parent_id", "aliases", "codes", "groups", "opened", "closed", "order",
)  # fmt: skip
_CHECKS = (
    cross.reserved_ids, cross.unknown_references, cross.days_in_order, cross.org_tree,
    cross.org_levels, cross.org_names, cross.org_codes,
)  # fmt: skip
# The keys of a rulebook's file, as the page calls them.
_CALLED = {
    "id": "编号", "parent": "上级单位", "level": "层级", "opened": "设立日期",
    "closed": "撤销日期", "from": "起", "to": "止",
}  # fmt: skip


@transaction.atomic
def sync_orgs(*, orgs: Iterable[RuleOrg], by: User | None, at: datetime) -> int:
    """Make the table equal to a rulebook's orgs, in their order. Returns how many rows changed.

    An org of the table that the rulebook does not have is refused, never closed or deleted: its
    figures and people would hang in the air. A rulebook ends an org with `closed`.
    """
    wanted = [_row(one, place) for place, one in enumerate(orgs)]
    held = Org.objects.in_bulk()
    _refuse_vanished(held, {one.id for one in wanted})
    new = [one for one in wanted if one.id not in held]
    changed = [one for one in wanted if one.id in held and _differs(one, held[one.id])]
    for one in changed:
        one.version = held[one.id].version + 1
    Org.objects.bulk_create(new)
    Org.objects.bulk_update(changed, [*_FIELDS, "place", "version"], batch_size=50)
    if new or changed:
        audit.record(
            by=by, at=at, action="people.sync_orgs", thing="people.Org", id="*",
            before={one.id: _content(held[one.id]) for one in changed},
            after={one.id: _content(one) for one in [*new, *changed]},
        )  # fmt: skip
    return len(new) + len(changed)


@transaction.atomic
def save_org(*, org: RuleOrg, version: int | None, by: User, at: datetime, reason: str = "") -> Org:
    """Add an org (`version` None) or change the one of that id as it stood at `version`."""
    held = _locked(org.id, version)
    _refuse(_problems(org, held))
    saved = _row(org, held.place if held else Org.objects.count())
    if held is not None:
        saved.version = held.version + 1
        if not _differs(saved, held):
            return held
    saved.save(force_insert=held is None, force_update=held is not None)
    audit.record(
        by=by, at=at, action="people.save_org", thing="people.Org", id=org.id,
        before=None if held is None else _content(held), after=_content(saved), reason=reason,
    )  # fmt: skip
    _tell(by, at, reason or f"{'改动' if held else '增加'}单位：{org.name}")
    return saved


@transaction.atomic
def close_org(*, id: str, version: int, closed: date, by: User, at: datetime, reason: str) -> Org:
    """Give an org its last day. Nothing of it goes away; its figures stay."""
    held = _locked(id, version)
    assert held is not None
    if not reason.strip():
        raise ValidationError({"reason": "请写明撤销的依据，例如文件名称和文号"})
    org = queries.engine_org(held).model_copy(update={"closed": closed})
    return save_org(org=org, version=version, by=by, at=at, reason=reason.strip())


def _locked(id: str, version: int | None) -> Org | None:
    held = Org.objects.select_for_update().filter(pk=id).first()
    if version is None:
        if held is not None:
            raise ValidationError({"id": f"编号“{id}”已经用了，是“{held.name}”，请换一个"})
    elif held is None or held.version != version:
        raise ValidationError(
            "别人刚改过这个单位，还没有保存您的改动。请核对现在的内容，再保存。", code=STALE
        )
    return held


def _problems(org: RuleOrg, held: Org | None) -> Iterator[tuple[str, str]]:
    """(field, message) of everything that the change would make wrong."""
    before = queries.engine_orgs()
    if held is None:
        after = (*before, org)
    else:
        after = tuple(org if one.id == org.id else one for one in before)
    known = set(_faults(before))
    for fault in _faults(after):
        if fault not in known:
            yield fault.key.partition(".")[0] or "id", _said(fault)
    yield from _closing_problems(org, after)


def _closing_problems(org: RuleOrg, after: Iterable[RuleOrg]) -> Iterator[tuple[str, str]]:
    others = {one.id: one for one in after}
    if org.closed is not None:
        open_ = [
            one.name for one in others.values()
            if one.parent == org.id and (one.closed is None or one.closed > org.closed)
        ]  # fmt: skip
        if open_:
            yield (
                "closed",
                (
                    f"下面还有{len(open_)}个单位到那天没有撤销：{'、'.join(open_)}。"
                    "请先把它们撤销，或改到别的上级之下。"
                ),
            )
    above = others.get(org.parent or "")
    if above is not None and above.closed and (org.closed is None or org.closed > above.closed):
        yield "parent", f"上级单位“{above.name}”{above.closed}已撤销，请选还在的单位"


def _faults(orgs: Iterable[RuleOrg]) -> list[Fault]:
    """What the engine finds wrong with a tree, as when a rulebook is read."""
    entries, faults = validate(
        Entry("orgs", one.id, one.model_dump(mode="json", by_alias=True, exclude_none=True), {})
        for one in orgs
    )
    return [*faults, *(fault for check in _CHECKS for fault in check(entries))]


def _said(fault: Fault) -> str:
    """In the words of the page; the space beside a key is out of place beside a Chinese word."""
    keys = "|".join(_CALLED)
    text = f"{fault.message}。{fault.action}。"
    return re.sub(rf" ?‘?\b({keys})\b’? ?", lambda found: _CALLED[found[1]], text)


def _refuse(problems: Iterable[tuple[str, str]]) -> None:
    found: dict[str, list[str]] = {}
    for field, message in problems:
        found.setdefault(field, []).append(message)
    if found:
        raise ValidationError(found)


def _tell(by: User, at: datetime, reason: str) -> None:
    """The rules in force follow the tree; where that would make them unsound, nothing happens."""
    try:
        org_tree_changed.send(sender=Org, by=by, at=at, reason=reason)
    except RulebookError as error:
        raise ValidationError(
            ["这样改，现行规则就不成立了：", *(str(fault) for fault in error.faults)]
        ) from None


def _content(org: Org) -> dict[str, Any]:
    return {name: getattr(org, name) for name in _FIELDS}


def _differs(wanted: Org, held: Org) -> bool:
    return wanted.place != held.place or _content(wanted) != _content(held)


def _row(org: RuleOrg, place: int) -> Org:
    return Org(
        id=org.id, name=org.name, level=org.level, parent_id=org.parent, place=place,
        aliases=list(org.aliases), groups=list(org.groups), opened=org.opened, closed=org.closed,
        order=org.order,
        codes=[
            one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in org.codes
        ],
    )  # fmt: skip


def _refuse_vanished(held: dict[str, Org], wanted: set[str]) -> None:
    gone = [one for id, one in held.items() if id not in wanted]
    if gone:
        raise ValidationError(
            [
                f"单位“{one.name}”（{one.id}）在新的规则里没有了。"
                "要撤销请在规则里写撤销日期（closed），不要删去这一行。"
                for one in gone
            ]
        )
