"""The cast: who works at the lender of the tests."""

import datetime as dt

from apps.access.actions import staff
from apps.access.models import Role, RoleGrant, User
from apps.core.domain.actor import System

AT = dt.datetime(2026, 6, 1, 1, 0, tzinfo=dt.UTC)
PASSWORD = "correct horse battery"
BOOTSTRAP = System("tests")
CAST = {  # username: (name, role, reports to)
    "dora": ("Dora Ding", "director", None),
    "maya": ("Maya Ma", "manager", "dora"),
    "leo": ("Leo Li", "team_lead", "maya"),
    "anna": ("Anna An", "agent", "leo"),
    "otto": ("Otto Ou", "auditor", None),
    "rita": ("Rita Rong", "risk_analyst", None),
    "theo": ("Theo Tang", "treasury", None),
    "cora": ("Cora Cao", "compliance", None),
    "adam": ("Adam Ai", "administrator", None),
    "gina": ("Gina Gu", "agency_agent", None),
    "sena": ("Sena Su", "senior_agent", "leo"),
}


def person(username: str, *, password: str | None = None, **changes: object) -> User:
    """One of the cast, with those above them; without a password unless one is needed to log in."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        User.objects.filter(pk=found.pk).update(**{key: value for key, value in changes.items() if key != "role"})
        return User.objects.get(pk=found.pk)
    name, role, boss = CAST.get(username, (username.title(), "agent", None))
    role = str(changes.pop("role", role))
    above = person(boss) if boss else None
    if password is not None:
        return staff.add(
            username=username, name=name, password=password, roles=[role], reports_to=above, by=BOOTSTRAP, at=AT,
            **changes,  # type: ignore[arg-type]
        )  # fmt: skip
    fields = {"name": name, "reports_to": above, "created_at": AT, "password": "!"} | changes
    user = User.objects.create(username=username, **fields)
    give(user, role)
    return user


def give(user: User, role: str) -> RoleGrant:
    """A role beside those held."""
    return RoleGrant.objects.create(
        user=user, role=Role.objects.get(code=role), granted_at=AT, granted_by=BOOTSTRAP.actor_id
    )


def cast() -> dict[str, User]:
    """Everybody."""
    return {username: person(username) for username in CAST}
