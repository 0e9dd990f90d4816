"""Who is who, and what each may see."""

from diaodu.web.people.queries.orgs import (
    Branch,
    branches,
    children,
    engine_org,
    engine_orgs,
    home,
    in_tree_order,
    names,
    options,
    org,
    orgs_on,
    subtree,
)
from diaodu.web.people.queries.rights import EVERYWHERE, Permission, access_of, in_force, preview
from diaodu.web.people.queries.users import (
    Contact,
    LinkState,
    Member,
    administrators,
    contacts,
    covers,
    found_users,
    has_second_step,
    indicator_names,
    link_state,
    may_manage,
    members,
    membership_for,
    memberships,
    staff,
    user_for,
    user_names,
    users,
    users_with,
    viewers,
    words,
)

__all__ = [
    "EVERYWHERE", "Branch", "Contact", "LinkState", "Member", "Permission", "access_of",
    "administrators", "branches", "children", "contacts", "covers", "engine_org", "engine_orgs",
    "found_users", "has_second_step", "home", "in_force", "in_tree_order", "indicator_names",
    "link_state", "may_manage", "members", "membership_for", "memberships", "names", "options",
    "org", "orgs_on", "preview", "staff", "subtree", "user_for", "user_names", "users",
    "users_with", "viewers", "words",
]  # fmt: skip
