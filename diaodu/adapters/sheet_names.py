"""Names that Excel allows for a sheet."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_MOST = 31  # counted in UTF-16: a rare character takes two


def sheet_name(wanted: str, mark: str = "") -> str:
    """The text made a legal name, cut so that `mark` still fits behind it; "" where nothing of it
    is legal."""
    units = _FORBIDDEN.sub(" ", wanted).encode("utf-16-le")[: 2 * (_MOST - len(mark))]
    return units.decode("utf-16-le", errors="ignore").strip() + mark
