"""Reading targets."""

from diaodu.web.targets.queries.checking import Obstacle, obstacles
from diaodu.web.targets.queries.comparing import Change, changes, tally
from diaodu.web.targets.queries.grid import (
    DEPARTMENTS,
    SHOWN,
    UNITS,
    Fault,
    Grid,
    Row,
    cells_told,
    grid,
    grid_lines,
    name_of,
    units,
)
from diaodu.web.targets.queries.handing import Used, version_used
from diaodu.web.targets.queries.one_line import LinePage, ProposalView, line_page, proposals
from diaodu.web.targets.queries.reading import Block, read_block, read_cell
from diaodu.web.targets.queries.received import RECEIVED_NAME, received, received_years
from diaodu.web.targets.queries.rights import (
    belongs_here,
    draft_to_edit,
    line_for,
    line_to_edit,
    line_to_propose,
    may_propose,
    may_target,
    part_to_edit,
    proposal_to_decide,
    proposals_for,
    sees_drafts,
    support_to_edit,
    version_for,
    versions_for,
)
from diaodu.web.targets.queries.supporting import Supported, support_lists
from diaodu.web.targets.queries.tree import (
    KindRow,
    Tree,
    Year,
    received_tree,
    tree,
    years,
)

__all__ = [
    "DEPARTMENTS", "RECEIVED_NAME", "SHOWN", "UNITS", "Block", "Change", "Fault", "Grid", "KindRow",
    "LinePage", "Obstacle", "ProposalView", "Row", "Supported", "Tree", "Used", "Year",
    "belongs_here", "cells_told", "changes", "draft_to_edit", "grid", "grid_lines", "line_for",
    "line_page", "line_to_edit", "line_to_propose", "may_propose", "may_target", "name_of",
    "obstacles", "part_to_edit", "proposal_to_decide", "proposals", "proposals_for", "read_block",
    "read_cell", "received", "received_tree", "received_years", "sees_drafts", "support_lists",
    "support_to_edit", "tally", "tree", "units", "version_for", "version_used", "versions_for",
    "years",
]  # fmt: skip
