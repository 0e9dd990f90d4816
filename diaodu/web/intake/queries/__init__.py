"""What other rooms and this room's upper floors ask of returns."""

from diaodu.web.intake.queries.forms import Form, Row, form_of, forms_of, months
from diaodu.web.intake.queries.hands import Hands, hands_of
from diaodu.web.intake.queries.obligations import Obligation, chase_list, obligations
from diaodu.web.intake.queries.overview import owed
from diaodu.web.intake.queries.record import Record, record_of
from diaodu.web.intake.queries.sheets import return_for
from diaodu.web.intake.queries.waiting import waiting_for
from diaodu.web.intake.queries.windows import Window, window_of, windows

__all__ = [
    "Form",
    "Hands",
    "Obligation",
    "Record",
    "Row",
    "Window",
    "chase_list",
    "form_of",
    "forms_of",
    "hands_of",
    "months",
    "obligations",
    "owed",
    "record_of",
    "return_for",
    "waiting_for",
    "window_of",
    "windows",
]
