"""Letters: who issues them, what they say, whose one may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from pydantic import TypeAdapter

from diaodu.engine.report.document import Document
from diaodu.engine.report.letters import KIND_SIGNS, LetterKind, letter
from diaodu.engine.report.letters import Letter as Paper
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access
from diaodu.web.shared.numbering import letter_number
from diaodu.web.urging.models import Letter

_PAPER = TypeAdapter(Paper)


@dataclass(frozen=True, slots=True)
class Issuer:
    """The office that signs: `home` is the org whose desk this is."""

    home: str

    @property
    def name(self) -> str:
        return f"{self.home}人民政府督查室"

    def next_number(self, kind: LetterKind, year: int) -> str:
        return letter_number(sign=KIND_SIGNS[kind], home=self.home, year=year)

    def contact(self, by: Any) -> str:
        return f"{by}，电话{by.phone}" if by.phone else str(by)


def issuer() -> Issuer:
    home = people.home()
    return Issuer(home.name if home is not None else "")


def content_of(paper: Paper) -> Any:
    return _PAPER.dump_python(paper, mode="json")


def document_of(found: Letter) -> Document:
    """The paper as it was, the same each time."""
    return letter(_PAPER.validate_python(found.content))


def letters_for(access: Access) -> QuerySet[Letter]:
    """Newest first: all for those who urge, else those to units one belongs to or looks after.
    Who reads some indicators of a unit reads no letters to it."""
    found = Letter.objects.select_related("org", "by", "void_by")
    if access.may("urge"):
        return found
    wide = (one for one in access.granting("view") if one.indicators is None)
    return found.filter(org_id__in=frozenset[str]().union(*(one.orgs for one in wide)))


def letter_for(access: Access, id: int) -> Letter:
    found = letters_for(access).filter(pk=id).first()
    if found is None:
        raise Http404
    return found
