"""The boxed cells of a grid: thousands on a page, so they are put together without templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from diaodu.web.targets.queries import Row

register = template.Library()

_CELL = (
    '<td class="in"><input class="cell {}" data-key="{}" value="{}" aria-label="{}{}"'
    ' autocomplete="off"></td>'
)


@register.simple_tag
def cells(row: Row, tier: str) -> SafeString:
    """The year's cell, named with its tier, what it is held against, and those of the months."""
    whole = row.whole
    cells = [(f"whole {whole.look}", whole.key, whole.text, f"{tier}{row.name}", whole.label)]
    if (said := row.against) is not None:
        cells.append((f"said {said.look}", said.key, said.text, f"{tier}{row.name}", said.label))
    cells += [(one.look, one.key, one.text, row.name, one.label) for one in row.months]
    return format_html_join("", _CELL, cells)
