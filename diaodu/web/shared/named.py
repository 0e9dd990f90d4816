"""A thing by its name, as a room tells it in its AppConfig: before there are models."""

from __future__ import annotations

from typing import NamedTuple


class Named(NamedTuple):
    """`url` empty: there is no page of it for this reader."""

    name: str
    url: str = ""
