"""What the controlled actions about signing in rest on."""

from typing import Any

from apps.access.models import Role, User
from apps.access.queries import factors
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

CHANGE = "access.change_sign_in"
RESET = "access.reset_second_factor"


def role(code: str) -> Role:
    """The role of that code; refused where there is none."""
    found = Role.objects.filter(code=code).first()
    if found is None:
        raise Refused(_("There is no role “%(role)s”.") % {"role": code}, code="role_unknown")
    return found


def facts_of_change(payload: dict[str, Any]) -> dict[str, Any]:
    """What a role asks of those who sign in, and what it is to ask."""
    found = role(payload["role"])
    return {
        "role": found.code,
        "second_factor": found.second_factor,
        "new_second_factor": payload["second_factor"],
        "idle_minutes": found.idle_minutes,
        "new_idle_minutes": payload["idle_minutes"],
    }


def facts_of_reset(payload: dict[str, Any]) -> dict[str, Any]:
    """Whose second factors are to go, and how many there are."""
    found = User.objects.filter(username=payload["username"]).first()
    held = factors.of(found) if found else None
    return {"username": payload["username"], "second_factors": held.count if held else 0}
