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
    """The year's cell, named with its tier, and those of the months."""
    whole = row.whole
    first = (f"whole {whole.look}", whole.key, whole.text, f"{tier}{row.name}", whole.label)
    rest = ((one.look, one.key, one.text, row.name, one.label) for one in row.months)
    return format_html_join("", _CELL, (first, *rest))
