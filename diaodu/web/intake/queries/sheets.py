"""One return, loaded together with the decision who may touch it how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.http import Http404

from diaodu.web.intake.models import (
    ACCEPTED,
    DRAFT,
    RETURNED,
    REVIEW,
    SUBMITTED,
    Return,
    ReturnCell,
    Upload,
)
from diaodu.web.intake.queries import rights
from diaodu.web.intake.queries.forms import Form, Key, form_of
from diaodu.web.intake.queries.windows import Window, window_of
from diaodu.web.shared.access import Access

_ENTRY_STATES = (DRAFT, RETURNED)


@dataclass(frozen=True)
class Loaded:
    """A form as this user has it before them. `sheet` None: nothing was typed yet."""

    form: Form
    window: Window
    sheet: Return | None
    access: Access

    @cached_property
    def cells(self) -> dict[str, ReturnCell]:
        return {} if self.sheet is None else cells_of(self.sheet)

    @property
    def state(self) -> str:
        return DRAFT if self.sheet is None else self.sheet.state

    @property
    def version(self) -> int:
        return 0 if self.sheet is None else self.sheet.version

    @cached_property
    def fillable(self) -> frozenset[str]:
        return rights.fillable(self.access, self.form)

    def may_type(self, now: datetime) -> bool:
        return bool(self.fillable) and self.state in _ENTRY_STATES and self.window.is_open(now)

    @cached_property
    def signed(self) -> tuple[int, ...]:
        """Who signed this submission, in order."""
        return tuple(one.by_id for one in signatures_of(self.sheet))

    @cached_property
    def next_place(self) -> int | None:
        """The signature that is waited for."""
        waiting = self.state == SUBMITTED and len(self.signed) < len(self.form.signatures)
        return len(self.signed) + 1 if waiting else None

    @property
    def may_sign(self) -> bool:
        return (
            self.next_place in rights.places_to_sign(self.access, self.form)
            and not self._had_a_hand
        )

    @property
    def may_review(self) -> bool:
        return (
            self.state == REVIEW
            and rights.is_above(self.access, "review", self.form)
            and not self._had_a_hand
        )

    @property
    def may_send_back(self) -> bool:
        """The reviewer, or the one whose signature is waited for."""
        reviewer = rights.is_above(self.access, "review", self.form) and not self._had_a_hand
        return self.may_sign or (self.state in (SUBMITTED, REVIEW) and reviewer)

    @property
    def may_reopen(self) -> bool:
        return self.state == ACCEPTED and (
            bool(self.fillable) or rights.is_above(self.access, "review", self.form)
        )

    @property
    def may_let_in(self) -> bool:
        return rights.is_above(self.access, "except", self.form)

    @property
    def may_remind(self) -> bool:
        return rights.is_above(self.access, "chase", self.form)

    @property
    def _had_a_hand(self) -> bool:
        """Submitted or signed it: never the same person again."""
        if self.sheet is None:
            return False
        return self.access.user_id in (self.sheet.submitted_by_id, *self.signed)


def return_for(access: Access, key: Key, *, content: bool = True) -> Loaded:
    """404 outside what the user sees, 403 where they see the unit but not what is in its draft
    (`content`) or how far it is. One query each for the exception and the return."""
    form = form_of(key)
    if form is None or form.reporter.id not in access.orgs("view"):
        raise Http404("没有这张表")
    allowed = rights.reads_content if content else rights.sees_state
    if not allowed(access, form):
        raise PermissionDenied(
            "没有审核通过的报表，只有填报、签字和审核的人能看。通过以后的数在“数据”里看。"
        )
    return Loaded(form, window_of(form), sheet_of(form), access)


def to_fill(access: Access, key: Key) -> Loaded:
    loaded = return_for(access, key)
    if not loaded.fillable:
        raise PermissionDenied("您不填这张表。要填，请管理员给您本单位的填报角色。")
    return loaded


def upload_of(loaded: Loaded, id: int) -> Upload:
    """404 where it was handed in for another form."""
    key = loaded.form.key
    found = Upload.objects.filter(
        pk=id, form=key.form, period=key.period, reporter_id=key.reporter
    ).first()
    if found is None:
        raise Http404("没有这个文件")
    return found


def to_review(access: Access, key: Key) -> Loaded:
    loaded = return_for(access, key)
    if not rights.is_above(access, "review", loaded.form):
        raise PermissionDenied("这张表由上级统计部门审核")
    return loaded


def to_send_back(access: Access, key: Key) -> Loaded:
    """The reviewers, and the unit's own signers until all have signed: then it is not theirs."""
    loaded = return_for(access, key)
    signs = loaded.state != REVIEW and rights.places_to_sign(access, loaded.form)
    if not (signs or rights.is_above(access, "review", loaded.form)):
        raise PermissionDenied("退回由审核的人或等着签字的人办")
    return loaded


def to_reopen(access: Access, key: Key) -> Loaded:
    loaded = return_for(access, key)
    if not (loaded.fillable or rights.is_above(access, "review", loaded.form)):
        raise PermissionDenied("改已接收的数，由填报人或审核的人提出")
    return loaded


def to_let_in(access: Access, key: Key) -> Loaded:
    """Without what is typed: whoever lets a unit in need not see its draft."""
    loaded = return_for(access, key, content=False)
    if not loaded.may_let_in:
        raise PermissionDenied("准许补报由上级统计或调度部门办")
    return loaded


def to_remind(access: Access, key: Key) -> Loaded:
    loaded = return_for(access, key, content=False)
    if not loaded.may_remind:
        raise PermissionDenied("您不负责催报这个单位")
    return loaded


def sheet_of(form: Form) -> Return | None:
    return (
        Return.objects.filter(
            form=form.key.form, period=form.key.period, reporter_id=form.key.reporter
        )
        .select_related("saved_by", "submitted_by", "decided_by")
        .first()
    )


def cells_of(sheet: Return) -> dict[str, ReturnCell]:
    """By key."""
    return {key_of(cell): cell for cell in sheet.cells.select_related("by")}


def key_of(cell: ReturnCell) -> str:
    return f"{cell.org_id}|{cell.indicator}|{cell.facet}"


def signatures_of(sheet: Return | None) -> list:
    """Those of the present submission, in order."""
    if sheet is None or not sheet.attempt:
        return []
    found = sheet.signatures.filter(attempt=sheet.attempt).select_related("by")
    return list(found.order_by("place"))
