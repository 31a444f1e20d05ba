"""What a role asks of those who sign in, and taking a lost second factor away: one asks, another agrees."""

import datetime as dt

from apps.access.actions import approvals, resetting
from apps.access.actions.approvals import Subject
from apps.access.models import ApprovalRequest, Role, User
from apps.access.queries import sign_in_rules as rules
from apps.access.queries import wording
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


def propose(
    *, role: str, second_factor: bool, idle_minutes: int | None, reason: str, by: User, at: dt.datetime
) -> ApprovalRequest:
    """Ask that a role asks for a second factor, or no longer, and ends its idle sessions after so many minutes."""
    found = rules.role(role)
    if (found.second_factor, found.idle_minutes) == (second_factor, idle_minutes):
        words = {"role": wording.role(found.code, found.name)}
        raise Refused(_("The role %(role)s asks for that already.") % words, code="nothing_changes")
    payload = {"role": role, "second_factor": second_factor, "idle_minutes": idle_minutes}
    subject = Subject("access.role", role)
    return approvals.request(
        action=rules.CHANGE, subject=subject, amount=ZERO, payload=payload, reason=reason, by=by, at=at
    )


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> Role:
    """Let the role ask for what was agreed, from the next click of everybody who holds it."""
    with audit.operation(rules.CHANGE, by=by, at=at, authority=f"approval:{request.reference}") as op:
        found = Role.objects.select_for_update().get(code=request.payload["role"])
        found.second_factor = request.payload["second_factor"]
        found.idle_minutes = request.payload["idle_minutes"]
        found.save(update_fields=["second_factor", "idle_minutes"])
        op.on, op.sentence = found, f"Changed what {found.code} asks of those who sign in."
    return found


def ask_reset(*, user: User, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask that somebody's second factors are taken away, because they are lost."""
    if user.pk == by.pk:
        raise Forbidden(_("Nobody resets their own second factor."), code="own_factor")
    payload = {"username": user.username}
    if not rules.facts_of_reset(payload)["second_factors"]:
        raise Refused(_("%(name)s has no second factor.") % {"name": user.name}, code="factor_missing")
    subject = Subject("access.user", user.username)
    return approvals.request(
        action=rules.RESET, subject=subject, amount=ZERO, payload=payload, reason=reason, by=by, at=at
    )


def execute_reset(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> None:
    """Take them away; refused to the person themself, whoever asked."""
    user = User.objects.get(username=request.payload["username"])
    if by.actor_id == user.actor_id:
        raise Forbidden(_("Nobody resets their own second factor."), code="own_factor")
    with audit.operation(rules.RESET, by=by, at=at, on=user, authority=f"approval:{request.reference}") as op:
        resetting.reset(user=user, by=by, at=at)
        op.sentence = f"Took away the second factors of {user.username}."
