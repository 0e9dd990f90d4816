"""Every change to orgs, users and what they may do: one transaction with its audit line.

What a user can mend is a ValidationError with Chinese messages, all at once.
"""

from diaodu.web.people.actions.links import digest, make_link, use_link
from diaodu.web.people.actions.orgs import close_org, save_org, sync_orgs
from diaodu.web.people.actions.users import (
    change_grant,
    grant,
    remove_second_step,
    revoke,
    save_user,
    set_active,
)

__all__ = [
    "change_grant", "close_org", "digest", "grant", "make_link", "remove_second_step", "revoke",
    "save_org", "save_user", "set_active", "sync_orgs", "use_link",
]  # fmt: skip
