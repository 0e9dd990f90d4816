"""The chain of acts: append-only, each link sealed by the one after it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from diaodu.web.shared.models import Act, Head

_ONLY = 1  # the one row of Head
_START = "0" * 64


class Link(NamedTuple):
    """A place in the chain, short enough to be printed on a run or a bulletin."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Link:
        """As printed: the number and the hash, or its first 12 signs or more."""
        number, _, hash = text.strip().partition(":")
        if not number.isdecimal() or not 12 <= len(hash) <= 64 or set(hash) - set(_HEX):
            raise ValueError(f"“{text}”不是“号:校验码”，校验码至少写前12位")
        return cls(int(number), hash)


_HEX = "0123456789abcdef"


class Break(NamedTuple):
    """Where the chain does not hold, and what that means."""

    number: int
    message: str


class _Encoder(DjangoJSONEncoder):
    """Decimals as the text of their digits."""

    def default(self, o: Any) -> Any:
        return f"{o:f}" if isinstance(o, Decimal) else super().default(o)


def record(
    *, by: Any, at: datetime, action: str, thing: str, id: object,
    before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Link:  # fmt: skip
    """Add one act. Must be called inside the transaction of the act itself, so that neither
    stands without the other. `by` None: the desk itself.

    Other writers wait here until that transaction ends: call it last.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act is recorded in its own transaction")
    if timezone.is_naive(at):
        raise ValueError("an act happens at a moment, not at a wall clock's reading")
    act = Act(
        at=at, by=by, by_name="" if by is None else str(by), action=action, thing=thing,
        thing_id=str(id), before=_plain(before), after=_plain(after), reason=reason,
    )  # fmt: skip
    head = _locked_head()
    act.number, act.previous = head.number + 1, head.hash
    act.hash = _hash(act)
    act.clean_fields(exclude=["by"])  # SQLite would take what is too long for PostgreSQL
    act.save(force_insert=True)
    head.number, head.hash = act.number, act.hash
    head.seal = _seal(head)
    head.save(update_fields=["number", "hash", "seal"])
    return Link(act.number, act.hash)


def head() -> Link:
    """The newest link; (0, zeros) before the first act."""
    found = Head.objects.filter(pk=_ONLY).first()
    return Link(found.number, found.hash) if found else Link(0, _START)


def verify(printed: Iterable[Link] = ()) -> Iterator[Break]:
    """Every place where the chain was touched: an edited, missing or inserted act, a cut tail.

    A tail cut together with the head put back to an older state looks whole from within; links
    printed elsewhere, on runs and bulletins, tell.
    """
    wanted = _by_number(printed)
    expected, previous = 1, _START
    for act in Act.objects.order_by("number").iterator(chunk_size=2000):
        if act.number != expected:
            yield Break(expected, f"{_span(expected, act.number - 1)}记录不见了")
        elif act.previous != previous:
            yield Break(act.number, f"第{act.number}号记录与前一号接不上，前一号被改过或换过")
        if _hash(act) != act.hash:
            yield Break(act.number, f"第{act.number}号记录被改过")
        for link in wanted.pop(act.number, ()):
            if not act.hash.startswith(link.hash):
                yield Break(act.number, f"第{act.number}号记录与印出的校验码{link.hash}不符")
        expected, previous = act.number + 1, act.hash
    yield from _tail_breaks(Link(expected - 1, previous))
    for number in sorted(wanted):
        yield Break(number, f"印出过第{number}号记录的校验码，库里却没有这一号")


def _by_number(printed: Iterable[Link]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    for link in printed:
        if link.number:  # number 0 was printed before the first act: nothing to compare
            found.setdefault(link.number, []).append(link)
    return found


def _span(first: int, last: int) -> str:
    return f"第{first}号" if first == last else f"第{first}号到第{last}号"


def _tail_breaks(last: Link) -> Iterator[Break]:
    found = Head.objects.filter(pk=_ONLY).first()
    if found is None:
        if last.number:
            yield Break(last.number, "记录的封条不见了")
        return
    if not hmac.compare_digest(found.seal, _seal(found)):
        yield Break(found.number, "记录的封条被改过，或者换过本站的密钥")
    if found.number > last.number:
        yield Break(last.number + 1, f"{_span(last.number + 1, found.number)}记录被截掉了")
    elif Link(found.number, found.hash) != last:
        yield Break(last.number, f"封条停在第{found.number}号，与最后一号记录对不上")


def _locked_head() -> Head:
    found = Head.objects.select_for_update().filter(pk=_ONLY).first()
    if found is None:
        start = {"number": 0, "hash": _START, "seal": ""}
        Head.objects.get_or_create(pk=_ONLY, defaults=start)
        found = Head.objects.select_for_update().get(pk=_ONLY)
    return found


def _plain(content: Mapping[str, Any] | None) -> Any:
    """As JSON would give it back, so that the hash of a row read again is the same."""
    if content is None:
        return None
    return json.loads(json.dumps(content, cls=_Encoder), parse_float=_no_float)


def _no_float(text: str) -> Any:
    raise TypeError(f"{text} is a binary float; PostgreSQL writes some of them otherwise")


def _hash(act: Act) -> str:
    told = [
        act.number, act.at.astimezone(UTC).isoformat(timespec="microseconds"), act.by_id,
        act.by_name, act.action, act.thing, act.thing_id, act.before, act.after, act.reason,
        act.previous,
    ]  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _seal(head: Head) -> str:
    key = str(settings.SECRET_KEY).encode()
    return hmac.new(key, f"{head.number}|{head.hash}".encode(), hashlib.sha256).hexdigest()
