"""What the pages of the board show, made from rows of a run."""

from diaodu.web.board.queries import notes
from diaodu.web.board.queries.below import of_children
from diaodu.web.board.queries.calculating import Filled, best_way, countable, filled
from diaodu.web.board.queries.charted import about, indicator_charts
from diaodu.web.board.queries.choosing import (
    Choices,
    Chosen,
    Run,
    choices,
    chosen,
    day_of,
    month_of,
    news_of,
    none_stood,
    period_shown,
    run_of,
)
from diaodu.web.board.queries.indicator import Page
from diaodu.web.board.queries.indicator import page as indicator_page
from diaodu.web.board.queries.page import Table, table
from diaodu.web.board.queries.sheets import (
    board_series,
    board_sheets,
    comparison_sheets,
    indicator_sheets,
    series_of,
)
from diaodu.web.board.queries.sheets import note as sheet_note
from diaodu.web.board.queries.tree import Tree
from diaodu.web.board.queries.tree import tree as why_tree

__all__ = [
    "Choices", "Chosen", "Filled", "Page", "Run", "Table", "Tree", "about", "best_way",
    "board_series", "board_sheets", "choices", "chosen", "comparison_sheets", "countable",
    "day_of", "filled", "indicator_charts", "indicator_page", "indicator_sheets",
    "month_of", "news_of", "none_stood", "notes", "of_children",
    "period_shown", "run_of", "series_of",
    "sheet_note", "table", "why_tree",
]  # fmt: skip
