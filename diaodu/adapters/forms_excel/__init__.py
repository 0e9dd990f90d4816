"""The Excel form of a return: written pre-filled, read back, handed back with remarks.

- `write_form(form) -> bytes`
- `read_form(content, *, name, received, expect, limits) -> FilledForm | NotAForm | list[FormFault]`
- `annotate(content, notes, *, name) -> bytes`, for any workbook
"""

from diaodu.adapters.forms_excel.annotate import annotate
from diaodu.adapters.forms_excel.model import (
    NO_DATA,
    SEVERITY_NAMES,
    CellKey,
    CellNote,
    FilledCell,
    FilledForm,
    FormColumn,
    FormFault,
    FormIdentity,
    FormInput,
    FormRow,
    FormSheet,
    Limits,
    NotAForm,
    RowNote,
    notes_of,
)
from diaodu.adapters.forms_excel.read import read_form
from diaodu.adapters.forms_excel.write import write_form

__all__ = [
    "NO_DATA", "SEVERITY_NAMES", "CellKey", "CellNote", "FilledCell", "FilledForm", "FormColumn",
    "FormFault", "FormIdentity", "FormInput", "FormRow", "FormSheet", "Limits", "NotAForm",
    "RowNote", "annotate", "notes_of", "read_form", "write_form",
]  # fmt: skip
