"""Files of speeches and bulletins, proofread one by one; what cannot be read is told, the others
go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from diaodu.adapters.texts_in import Loaded, TextError, read_text
from diaodu.adapters.word_marks import Remark, mark_text, mark_word
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import KIND_NAMES, Claim, Verdict
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.say import rests_on, verdict_of

REMARKED: tuple[Verdict, ...] = ("contradicts", "unverifiable")
_CALLED = "（校核）.docx"

OnFile = Callable[[str, int, int], None]  # what is done, files done, files in all


@dataclass(frozen=True, slots=True)
class Checked:
    """One file: its text and claims, or why it could not be read. `notes`: what of it was not
    read, or not written; `marked`: where its copy with comments is."""

    file: str
    text: str = ""
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    marked: Path | None = None

    @property
    def contradicts(self) -> bool:
        return any(claim.verdict == "contradicts" for claim in self.claims)


def proofread_files(
    paths: Sequence[Path],
    *,
    ledger: Ledger | None = None,
    mark: Path | None = None,
    on_file: OnFile | None = None,
) -> Iterator[Checked]:
    """Each file as soon as it is checked, in the order given. `ledger`: a run that they
    are held against; `mark`: the folder for copies with comments."""
    copies = None if mark is None else _Copies(mark)
    for done, path in enumerate(paths):
        if on_file is not None:
            on_file("校核文稿", done, len(paths))
        yield _proofread(path, ledger, copies)
    if on_file is not None:
        on_file("校核文稿", len(paths), len(paths))


def _proofread(path: Path, ledger: Ledger | None, copies: _Copies | None) -> Checked:
    file = _printable(path)
    try:
        loaded = read_text(path)
    except TextError as error:
        return Checked(file, error=str(error))
    claims = proofread(loaded.text, ledger=ledger)
    if copies is None:
        return Checked(file, loaded.text, claims, loaded.notes)
    try:
        marked = copies.write(path, loaded, claims)
    except DiaoduError as error:
        return Checked(file, loaded.text, claims, (*loaded.notes, str(error)))
    return Checked(file, loaded.text, claims, loaded.notes, marked=marked)


def _printable(path: Path) -> str:
    """The path as it was given; signs that no encoding has, as question marks."""
    return os.fsencode(path).decode("utf-8", "replace")


class _Copies:
    """Copies with comments in one folder, each under a name of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DiaoduError(f"不能建立“{folder}”（{error.strerror}）；请换一个目录") from error

    def write(self, path: Path, loaded: Loaded, claims: Iterable[Claim]) -> Path:
        remarks = remarks_of(loaded.text, claims)
        if loaded.is_word:
            content = mark_word(path.read_bytes(), remarks)
        else:
            day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            content = mark_text(loaded.text, remarks, on=day)
        target = self._folder / self._name(path.stem)
        try:
            target.write_bytes(content)
        except OSError as error:
            raise DiaoduError(f"带批注的文件没有写成（{error.strerror}）：{target}") from error
        return target

    def _name(self, stem: str) -> str:
        """讲话（校核）.docx, and 讲话2（校核）.docx for a second file of that name."""
        number, name = 1, f"{stem}{_CALLED}"
        while name in self._taken:
            number += 1
            name = f"{stem}{number}{_CALLED}"
        self._taken.add(name)
        return name


def remarks_of(
    text: str, claims: Iterable[Claim], verdicts: Sequence[str] = REMARKED
) -> list[Remark]:
    """What the comments say: those that need somebody's look; agreement needs none."""
    return [
        Remark(claim.start, claim.end, _remark(text, claim))
        for claim in claims
        if claim.verdict in verdicts
    ]


def _remark(text: str, claim: Claim) -> str:
    """增速·矛盾（有误）：…（依据“20亿元”）."""
    rests = rests_on(text, claim)
    told = f"{KIND_NAMES[claim.kind]}·{verdict_of(claim)}：{claim.explanation}"
    return f"{told}（{rests}）" if rests else told
