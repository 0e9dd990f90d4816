"""How a lower room tells an upper one that something happened, without knowing it.

figures_recorded(indicators: frozenset[str], periods: frozenset[str], at)  after commit
run_published(run_id: int, at)                  after commit; of a run that was withdrawn too
rulebook_published(version_id: int, at)                                   after commit
org_tree_changed(by, at, reason)                                          inside the transaction
indicator_names_asked()      asked by a lower room; each receiver answers a dict of id → name
work_given_up(name: str, arguments: dict)  the dotted path of a task that was given up; inside the
                                           transaction that marks it as failed
"""

from django.dispatch import Signal

figures_recorded = Signal()
rulebook_published = Signal()
run_published = Signal()
org_tree_changed = Signal()
work_given_up = Signal()
indicator_names_asked = Signal()
