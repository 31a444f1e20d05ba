"""People and the roles they hold."""

import datetime as dt
from collections.abc import Sequence

from apps.access.actions import passwords
from apps.access.models import Agency, Role, RoleGrant, Team, User
from apps.access.queries import delegations, people, wording
from apps.access.queries.days import local_date
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


def add(
    *,
    username: str,
    name: str,
    password: str,
    roles: Sequence[str],
    by: Actor,
    at: dt.datetime,
    reports_to: User | None = None,
    team: Team | None = None,
    language: str = "en",
    customer_reference: str = "",
    agency: Agency | None = None,
) -> User:
    """Take somebody on with a password and roles; `customer_reference` is their own account with us."""
    with audit.operation("access.staff.add", by=by, at=at) as op:
        if User.objects.filter(username=username).exists():
            raise Refused(_("Somebody is called “%(username)s” already.") % {"username": username}, code="user_exists")
        user = User(
            username=username,
            name=name,
            reports_to=reports_to,
            team=team,
            language=language,
            customer_reference=customer_reference,
            agency=agency,
            created_at=at,
        )
        passwords.check(password, user, by=by, at=at)
        user.set_password(password)
        user.save()
        op.on = user
        for code in roles:
            grant(user=user, role=code, by=by, at=at)
        op.sentence, op.detail = f"Added {username}.", {"roles": sorted(roles)}
    return user


def grant(*, user: User, role: str, by: Actor, at: dt.datetime) -> RoleGrant:
    """Give somebody a role; refused to oneself, twice, and beside a role that is incompatible with it."""
    with audit.operation("access.staff.grant", by=by, at=at, on=user) as op:
        User.objects.select_for_update().get(pk=user.pk)
        _not_to_oneself(user, by)
        wanted = _role(role)
        held = {grant.role_id: grant.role for grant in user.grants.filter(ended_at=None).select_related("role")}
        lent = {found.grant.role_id: found.grant.role for found in delegations.live_ones(user, local_date(at))}
        words = {"role": wording.role(wanted.code, wanted.name), "name": user.name}
        if wanted.pk in held:
            raise Refused(_("%(name)s holds the role %(role)s already.") % words, code="role_held")
        if other := people.incompatible(wanted, lent | held):
            words["other"] = wording.role(other.code, other.name)
            sentence = _("%(name)s holds the role %(other)s, which may not meet %(role)s in one person.") % words
            raise Refused(sentence, code="roles_incompatible")
        made = RoleGrant.objects.create(user=user, role=wanted, granted_at=at, granted_by=by.actor_id)
        op.sentence, op.detail = f"Granted {wanted.code} to {user.username}.", {"role": wanted.code}
    return made


def revoke(*, user: User, role: str, by: Actor, at: dt.datetime) -> None:
    """Take a role away; the grant stays as history."""
    with audit.operation("access.staff.revoke", by=by, at=at, on=user) as op:
        _not_to_oneself(user, by)
        ended = RoleGrant.objects.filter(user=user, role=_role(role), ended_at=None).update(ended_at=at)
        if not ended:
            words = {"role": wording.role(role), "name": user.name}
            raise Refused(_("%(name)s does not hold the role %(role)s.") % words, code="role_not_held")
        op.sentence, op.detail = f"Took {role} from {user.username}.", {"role": role}


def _role(code: str) -> Role:
    found = Role.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Role.objects.order_by("code").values_list("code", flat=True))
        words = {"role": code, "known": known}
        raise Refused(_("There is no role “%(role)s”; there are %(known)s.") % words, code="role_unknown")
    return found


def _not_to_oneself(user: User, by: Actor) -> None:
    if by.actor_id == user.actor_id:
        raise Forbidden(_("Nobody changes their own roles."), code="own_roles")
