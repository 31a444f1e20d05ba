"""The shipped roles, incompatible pairs and authority matrix, as rows that an operator may change."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from apps.access.domain import authority
from apps.access.domain.authority import Tier
from apps.access.domain.roles import INCOMPATIBLE, SHIPPED
from apps.access.models import AuthorityRule, AuthorityVersion, IncompatibleRoles, Role
from apps.access.queries import wording
from apps.audit import actions as audit
from apps.core.domain.actor import Actor


def install(*, by: Actor, at: dt.datetime) -> list[str]:
    """Bring in what is shipped and not there yet; an operator's own changes stay. The sentences of what was done.

    A role keeps what we last shipped beside what it holds: a permission new with this release is added to it, one
    that we no longer ship is taken away, and everything the operator added or took away is left alone.
    """
    with audit.operation("access.install_roles", by=by, at=at) as op:
        done = [*_roles(), *_pairs(), *_matrix()]
        op.sentence, op.detail = "Installed the shipped roles and authority.", {"done": done}
        op.nothing_happened = not done
    return done


def _roles() -> list[str]:
    present = {role.code: role for role in Role.objects.select_for_update()}
    done = []
    for code, shipped in SHIPPED.items():
        role = present.get(code)
        if role is None:
            Role.objects.create(code=code, name=wording.ROLES[code], permissions=list(shipped), shipped=list(shipped))
            done.append(f"role {code}")
        elif set(role.shipped) != set(shipped):
            gone, new = set(role.shipped) - set(shipped), [word for word in shipped if word not in role.shipped]
            role.permissions = list(dict.fromkeys([*(held for held in role.permissions if held not in gone), *new]))
            role.shipped = list(shipped)
            role.save(update_fields=["permissions", "shipped"])
            done.append(f"permissions of {code}")
    return done


def _pairs() -> list[str]:
    if IncompatibleRoles.objects.exists():
        return []
    roles = {role.code: role for role in Role.objects.all()}
    pairs = [IncompatibleRoles(first=roles[first], second=roles[second]) for first, second in INCOMPATIBLE]
    IncompatibleRoles.objects.bulk_create(pairs)
    return ["incompatible roles"]


def _matrix() -> list[str]:
    versions = list(AuthorityVersion.objects.all())
    if versions:
        return _new_actions(versions)
    version = AuthorityVersion.objects.create(
        number=1,
        effective_date=authority.FIRST_DATE,
        note="As shipped",
        maker_daily_limit=authority.MAKER_DAILY_LIMIT,
        customer_daily_limit=authority.CUSTOMER_DAILY_LIMIT,
    )
    AuthorityRule.objects.bulk_create(_rules(version, authority.SHIPPED))
    return ["authority matrix 1"]


def _new_actions(versions: Sequence[AuthorityVersion]) -> list[str]:
    """Give every version the shipped lines of actions that none of them rules yet."""
    ruled = set(AuthorityRule.objects.values_list("action", flat=True))
    new = {action: tiers for action, tiers in authority.SHIPPED.items() if action not in ruled}
    AuthorityRule.objects.bulk_create(rule for version in versions for rule in _rules(version, new))
    return [f"authority over {action}" for action in new]


def _rules(version: AuthorityVersion, shipped: Mapping[str, Sequence[Tier]]) -> Iterator[AuthorityRule]:
    for action, tiers in shipped.items():
        for tier in tiers:
            yield AuthorityRule(
                version=version,
                action=action,
                tier=tier.code,
                up_to=tier.up_to,
                fees_only=tier.fees_only,
                in_order=tier.in_order,
                in_bulk=tier.in_bulk,
                approvers=list(tier.approvers),
            )
