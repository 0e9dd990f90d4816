"""Circles among things that name one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(after: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Every circle met on one walk through the graph, as a → b → a. Ids that are no key end
    a way. Each circle of a tree's parents is met once."""
    done: set[str] = set()
    for start in after:
        if start in done:
            continue
        way, todo = [start], [iter(after[start])]
        while todo:
            step = next(todo[-1], None)
            if step is None:
                done.add(way.pop())
                todo.pop()
            elif step in way:
                yield (*way[way.index(step) :], step)
            elif step in after and step not in done:
                way.append(step)
                todo.append(iter(after[step]))
