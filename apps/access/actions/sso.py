"""Logging in by a sign-in service, whose groups give roles."""

import datetime as dt
from collections.abc import Mapping

from apps.access.actions import staff
from apps.access.domain import sso
from apps.access.domain.sso import Claims
from apps.access.models import Identity, RoleGrant, User
from apps.access.queries import factors
from apps.audit import actions as audit
from apps.audit.domain.envelope import Decision
from apps.core.domain.actor import Actor, System
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

GROUPS = System("sso")  # who grants what a group gives, and takes no other role away


def log_in(
    *, claims: Claims, mapping: Mapping[str, str], links: bool, provisions: bool, by: Actor, at: dt.datetime
) -> User:
    """Whom the claims mean, with the roles that their groups give; refused whole where two of those may not meet.

    Somebody unknown to the service so far is found by the user name where `links`, and taken on where `provisions`.
    """
    nothing = Refused(_("No group of yours gives a role here."), code="no_role")
    with audit.operation("access.log_in", by=by, at=at) as op:
        known = Identity.objects.select_related("user").filter(issuer=claims.issuer, subject=claims.subject).first()
        user = known.user if known else _first_time(claims, links, provisions, at)
        op.on = user
        if not user.is_active:
            raise Refused(_("You no longer work here."), code="left_already")
        _give_roles(user, sso.roles(claims.groups, mapping), at)
        has_role = RoleGrant.objects.filter(user=user, ended_at=None).exists()
        second = factors.of(user).are_there
        op.by = user
        op.sentence = "Came from the sign-in service; a second factor is asked for." if second else "Logged in."
        op.detail = {"issuer": claims.issuer, "methods": sorted(claims.methods)}
        if not has_role:  # what the groups no longer give is gone all the same
            op.decision, op.sentence = Decision.DENY, nothing.sentence
    if not has_role:
        nothing.is_recorded = True
        raise nothing
    return user


def failed(*, reason: str, by: Actor, at: dt.datetime) -> Refused:
    """Enter that the service's answer was of no use; the refusal to be shown."""
    refusal = Refused(_("The answer of the sign-in service could not be used."), code="sso_failed")
    detail = {"refusal": refusal.code, "reason": reason[:200]}
    audit.record("access.log_in", by=by, at=at, decision=Decision.DENY, sentence=refusal.sentence, detail=detail)
    refusal.is_recorded = True
    return refusal


def _first_time(claims: Claims, links: bool, provisions: bool, at: dt.datetime) -> User:
    user = User.objects.filter(username=claims.username).first()
    if user is not None and (not links or Identity.objects.filter(user=user).exists()):
        sentence = _("“%(username)s” here is not known to be you.") % {"username": claims.username}
        raise Refused(sentence, code="identity_unlinked")
    if user is None and not provisions:
        raise Refused(_("Nobody here is called “%(username)s”.") % {"username": claims.username}, code="unknown")
    if user is None:
        user = User(username=claims.username[:60], name=claims.name[:100], created_at=at)
        user.set_unusable_password()
        user.save()
    Identity.objects.create(user=user, issuer=claims.issuer, subject=claims.subject, linked_at=at)
    return user


def _give_roles(user: User, given: list[str], at: dt.datetime) -> None:
    live = RoleGrant.objects.filter(user=user, ended_at=None)
    held = live.filter(granted_by=GROUPS.actor_id).values_list("role__code", flat=True)
    others = set(live.exclude(granted_by=GROUPS.actor_id).values_list("role__code", flat=True))
    gone, new = sso.difference(held, given)
    for code in gone:
        staff.revoke(user=user, role=code, by=GROUPS, at=at)
    for code in new:
        if code not in others:
            staff.grant(user=user, role=code, by=GROUPS, at=at)
