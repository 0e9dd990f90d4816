"""Uploads of returns: kept as they came, read in the background, put on file as a whole or not."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from diaodu.adapters import frames
from diaodu.adapters.sheets_in import ReturnsFolder, collect_returns
from diaodu.adapters.sheets_in.limits import MAX_FILE_BYTES, MEGABYTE
from diaodu.adapters.sheets_in.returns_in import choose_files
from diaodu.engine.collect import BookReading, settle
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation, Target
from diaodu.engine.verify.check import check
from diaodu.web.figures import queries
from diaodu.web.figures.actions.recording import record
from diaodu.web.figures.models import ImportBatch, ImportFile
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import audit
from diaodu.web.shared.queue import enqueue

# Above this many rows around a batch, its own figures alone are checked against each other.
_MOST_CHECKED_TOGETHER = 300_000
_ABSENT = ("late", "missing")
_MOST_NAMED = 10
_EVERY = 10  # files between two words about progress
OPEN = ("waiting", "reading")


# -- taking files in -----------------------------------------------------------------------------


def import_folder(
    *, folder: Path, by: Any, at: datetime, document: str = "", reason: str = ""
) -> ImportBatch:
    """A returns folder as the command line takes it, read at once. `by` None: the desk itself.

    Raises DiaoduError where it is no folder, ValidationError as `open_import` does.
    """
    _, chosen = choose_files(folder, None)
    files = {one.name: one.path.read_bytes() for one in chosen}
    batch = open_import(
        files=files, received=None, by=by, at=at, document=document, reason=reason, queued=False
    )
    return run_import(batch_id=batch.pk, at=at)


def open_import(
    *, files: Mapping[str, bytes], received: date | None, by: Any, at: datetime,
    document: str = "", reason: str = "", queued: bool = True,
) -> ImportBatch:  # fmt: skip
    """Keep an upload and queue its reading.

    files: path → content; a path that begins with a day (2023-06-12/…) says when it was received,
    the others take `received`. Raises ValidationError with everything that is wrong.
    """
    named = {_with_day(name, received): content for name, content in files.items()}
    _refuse(named, received, at)
    held = {name: (_sha(content), len(content)) for name, content in named.items()}
    for name, content in named.items():
        _keep(held[name][0], content)
    again = queries.seen_files({sha for sha, _ in held.values()})
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            by=by, at=at, document=document.strip(), reason=reason.strip(), total=len(named)
        )
        ImportFile.objects.bulk_create(
            [ImportFile(batch=batch, name=name, received=_day(name), sha256=sha, size=size,
                        again=(sha, _day(name)) in again)
             for name, (sha, size) in sorted(held.items())],
            batch_size=200,
        )  # fmt: skip
        audit.record(
            by=by, at=at, action="figures.upload", thing="figures.ImportBatch", id=batch.pk,
            after={"files": {name: sha for name, (sha, _) in sorted(held.items())}},
            reason=batch.reason,
        )  # fmt: skip
        if queued:
            enqueue("figures.read_import", batch_id=batch.pk)
    return batch


def stored(sha256: str) -> str:
    """The name of a file's content in the desk's files."""
    return f"returns/{sha256[:2]}/{sha256}"


def _with_day(name: str, received: date | None) -> str:
    day = _day(name)
    return name if day is not None or received is None else f"{received.isoformat()}/{name}"


def _day(name: str) -> date | None:
    first, slash, _ = name.partition("/")
    try:
        return date.fromisoformat(first) if slash and len(first) == len("2023-06-12") else None
    except ValueError:
        return None


def _refuse(files: Mapping[str, bytes], received: date | None, at: datetime) -> None:
    wrong = []
    if not files:
        wrong.append("没有选文件；请选择报表，或一个装着报表文件夹的 .zip")
    undated = [name for name in files if _day(name) is None]
    if undated:
        wrong.append(
            f"{_named(undated)}不知道是哪天收到的；请填收到日期，"
            "或放进以收到那天命名的文件夹，写法如 2023-06-12"
        )
    today = at.date()
    ahead = [name for name in files if (_day(name) or today) > today]
    if ahead:
        wrong.append(f"{_named(ahead)}的收到日期在今天之后；请改正")
    large = [name for name, content in files.items() if len(content) > MAX_FILE_BYTES]
    if large:
        wrong.append(f"{_named(large)}超过{MAX_FILE_BYTES // MEGABYTE}MB；请删去图片和多余的表")
    if wrong:
        raise ValidationError(wrong)


def _named(names: Sequence[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown}等{len(names)}个文件"


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep(sha256: str, content: bytes) -> None:
    if not default_storage.exists(stored(sha256)):
        default_storage.save(stored(sha256), ContentFile(content))


# -- while it is read ----------------------------------------------------------------------------


def run_import(*, batch_id: int, at: datetime) -> ImportBatch:
    """Read an upload and put it on file. Run again it begins again; of one that has ended nothing
    is done twice."""
    batch = ImportBatch.objects.select_related("by").get(pk=batch_id)
    if batch.state not in OPEN:
        return batch
    _tell_progress(batch_id, 0)
    fresh = list(batch.files.filter(again=False))
    if not fresh:
        return refuse_import(
            batch_id=batch_id, at=at,
            message="这些文件以前都导入过（内容和收到日期都相同），没有再导入",
        )  # fmt: skip
    with TemporaryDirectory(prefix="diaodu-import-") as place:
        for one in fresh:
            _put(Path(place), one)
        returns, books = collect_returns(
            Path(place), rulebooks.names(),
            on_file=lambda done, _all, _name: _tell_progress(batch_id, done),
        )  # fmt: skip
    return _finish(batch_id, returns, books, at)


def _put(folder: Path, one: ImportFile) -> None:
    path = folder.joinpath(*one.name.split("/"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with default_storage.open(stored(one.sha256)) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)


def _tell_progress(batch_id: int, done: int) -> None:
    if done % _EVERY == 0:
        ImportBatch.objects.filter(pk=batch_id, state__in=OPEN).update(state="reading", done=done)


@transaction.atomic
def refuse_import(
    *, batch_id: int, at: datetime, message: str, state: str = "refused",
    findings: Sequence[Finding] = (),
) -> ImportBatch:  # fmt: skip
    """Nothing of it is put on file. A batch that has ended already stays as it is."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in OPEN:
        return batch
    batch.findings = [list(one) for one in findings]
    _end(batch, state, at, message)
    audit.record(
        by=batch.by, at=at, action="figures.import_refused", thing="figures.ImportBatch",
        id=batch.pk, after={"state": state, "message": message},
    )  # fmt: skip
    return batch


def give_up_import(*, batch_id: int, at: datetime) -> None:
    fail_import(batch_id=batch_id, at=at, why="读取多次中断")


def fail_import(*, batch_id: int, at: datetime, why: str) -> None:
    """Its reading broke off: it says so instead of waiting for ever."""
    refuse_import(
        batch_id=batch_id, at=at, state="failed",
        message=f"{why}，这次上传一个数也没有导入；请检查文件，分几次重新上传",
    )  # fmt: skip


def _end(batch: ImportBatch, state: str, at: datetime, message: str) -> None:
    batch.state, batch.ended_at, batch.message = state, at, message
    batch.save(
        update_fields=["state", "ended_at", "message", "counts", "findings", "entry", "done"]
    )


# -- putting it on file --------------------------------------------------------------------------


@transaction.atomic
def _finish(
    batch_id: int, returns: ReturnsFolder, books: Sequence[BookReading], at: datetime
) -> ImportBatch:
    """Settle what was read and put all of it on file in one transaction, or nothing."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state not in OPEN:
        return batch
    last = max((book.received for book in books), default=at.date())
    settled = settle(books, last, rulebooks.names())
    targets = [one for book in books for sheet in book.sheets for one in sheet.targets]
    told = _door_findings(returns, books)
    barred = _barred(batch, settled.observations, targets)
    if barred:
        return refuse_import(batch_id=batch_id, at=at, message=barred, findings=told)
    done = record(
        observations=[*settled.observations, *_not_settled(books, settled.observations)],
        targets=targets, by=batch.by, at=at, origin="import", origin_id=str(batch_id),
        reason=batch.reason or f"导入{batch.total}个文件", document=batch.document,
    )  # fmt: skip
    checked = _checked(settled.observations, settled.targets, last)
    findings = list({one.id: one for one in (*told, *settled.findings, *checked)}.values())
    batch.findings = [list(one) for one in findings]
    batch.entry_id = done.entry or None
    batch.done = batch.total
    batch.counts = {
        **_counts(findings), "added": done.added, "repeated": done.repeated,
        "passed": done.passed, "targets": len(targets), "files": len(books),
        "held": sum(one.held for one in settled.observations),
    }  # fmt: skip
    _end(batch, "done", at, "")
    return batch


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    hard = sum(one.severity == "hard" for one in findings)
    return {"hard": hard, "soft": len(findings) - hard}


def _not_settled(
    books: Iterable[BookReading], settled: Iterable[Observation]
) -> Iterator[Observation]:
    """What settling passed over because it said nothing new. Beside what was on file before, or
    will come later, it may."""
    taken = {one.obs_id for one in settled}
    for book in books:
        for sheet in book.sheets:
            for one in sheet.observations:
                if one.obs_id not in taken and not one.held:
                    yield one


def _barred(
    batch: ImportBatch, observations: Iterable[Observation], targets: Iterable[Target]
) -> str:
    """Why the whole upload is refused: figures that are not this user's to bring in."""
    if batch.by is None:
        return ""
    access = people.access_of(batch.by, batch.at.date())
    may = queries.may_change(access, "import")
    places = {(one.org, one.indicator) for one in observations}
    places |= {(one.org, one.indicator) for one in targets}
    barred = sorted(place for place in places if not may(*place))
    if not barred:
        return ""
    rules = rulebooks.current()
    shown = "、".join("的".join(rules.names_of(place)) for place in barred[:_MOST_NAMED])
    more = f"等{len(barred)}项" if len(barred) > _MOST_NAMED else ""
    return f"里面有您不管的数：{shown}{more}；整批没有导入，请只上传您管的单位和指标"


def _door_findings(returns: ReturnsFolder, books: Iterable[BookReading]) -> list[Finding]:
    found = list(returns.findings)
    for book in books:
        found.extend(book.findings)
        for sheet in book.sheets:
            found.extend(sheet.findings)
    return found


def _checked(
    observations: Sequence[Observation], targets: Sequence[Target], last: date
) -> list[Finding]:
    """The engine's checks, on the new figures together with those they are compared with."""
    months = [Period.from_id(one) for one in {one.period for one in observations}]
    months = [one.last_month() for one in months if one.is_whole_months]
    if not months:
        return []
    period = max(months, key=lambda one: one.end)
    around = frames.observation_frame(observations)
    if len(observations) <= _MOST_CHECKED_TOGETHER:
        years = {one.year for one in months}
        together = queries.engine_observations(
            indicators={one.indicator for one in observations},
            years=years | {year - 1 for year in years},
        )
        if len(together) <= _MOST_CHECKED_TOGETHER:
            around = frames.observation_frame(together)
    found = check(around, rulebooks.current(), period, last, targets=targets)
    # Nothing is loaded of other indicators: each of them would seem to be late.
    here = {one.indicator for one in observations}
    return [one for one in found if one.code not in _ABSENT or one.indicator in here]
