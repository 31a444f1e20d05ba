"""Who works which queue."""

from collections.abc import Collection

BY_ROLE: dict[str, tuple[str, ...]] = {
    "agent": ("agents",),
    "senior_agent": ("senior-agents", "agents"),
    "team_lead": ("agents", "senior-agents"),
    "manager": ("managers", "senior-agents", "agents", "committee"),
    "director": ("committee", "managers"),
}


def of_roles(roles: Collection[str]) -> tuple[str, ...]:
    """The queues of somebody who holds these roles, their own first."""
    return tuple(dict.fromkeys(queue for role in BY_ROLE if role in roles for queue in BY_ROLE[role]))
