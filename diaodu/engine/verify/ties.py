"""Which indicators the checks hold against each other: parts and their whole, shares of it."""

from __future__ import annotations

from collections.abc import Iterable

from diaodu.engine.rules.rulebook import Rulebook


def tied(rulebook: Rulebook, changed: Iterable[str]) -> frozenset[str]:
    """The indicators whose findings may change with the figures of these."""
    found = set(changed)
    return frozenset(found | _parents(rulebook, found) | _children(rulebook, found))


def evidence(rulebook: Rulebook, names: Iterable[str]) -> frozenset[str]:
    """The indicators whose figures it takes to check these. With a whole come all its parts where
    the rulebook adds them up."""
    wanted = set(names)
    found = wanted | _parents(rulebook, wanted)
    if any(one.kind in ("parts", "part") and one.of != "orgs" for one in rulebook.checks):
        while more := _children(rulebook, found) - found:
            found |= more
    return frozenset(found)


def _parents(rulebook: Rulebook, names: set[str]) -> set[str]:
    return {one.id for one in rulebook.indicators.values() if names & set(one.children)}


def _children(rulebook: Rulebook, names: set[str]) -> set[str]:
    known = (rulebook.indicators[name] for name in names if name in rulebook.indicators)
    return {child for one in known for child in one.children}
