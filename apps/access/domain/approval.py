"""The life of a request for a controlled action, and who may decide it."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.access.domain.delegation import Mandate


class RequestStatus(StrEnum):
    """Where a request stands; a rejection is kept."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


class Verdict(StrEnum):
    """What one approver said."""

    APPROVE = "approve"
    REJECT = "reject"


class Objection(StrEnum):
    """Why somebody may not decide a request."""

    DECIDED = "decided"  # it is no longer open
    MAKER = "maker"  # they asked for it themself
    SUBORDINATE = "subordinate"  # they report to whoever asked for it
    OWN_ACCOUNT = "own_account"  # it is about their own account
    TWICE = "twice"  # they have said their word
    ROLE = "role"  # the rule names none of their roles
    NOT_YET = "not_yet"  # the rule has an order, and it is another's turn
    ROLE_AGREED = "role_agreed"  # those of their roles that the rule names have agreed through others
    MAKER_DELEGATE = "maker_delegate"  # they act for whoever asked for it
    GIVER_SUBORDINATE = "giver_subordinate"  # whoever they act for reports to whoever asked for it
    GIVER_OWN_ACCOUNT = "giver_own_account"  # it is about the account of whoever they act for
    GIVER_TWICE = "giver_twice"  # whoever they act for has said their word, or somebody has in their name
    SCOPE = "scope"  # their delegation is for something else
    LAPSED = "lapsed"  # their delegation does not hold today


@dataclass(frozen=True)
class Standing:
    """A request as it stands: who made it, whom the rule names, and who has agreed in which role."""

    status: str
    maker: int
    customer_reference: str
    approvers: Sequence[str]
    agreed: Sequence[tuple[int, str]] = ()
    in_order: bool = False
    represented: Sequence[int] = ()  # in whose name others have agreed
    action: str = ""
    product: str = ""
    amount: Decimal = Decimal(0)  # with what is counted together with it

    def missing(self) -> list[str]:
        """The roles that have not agreed yet, each as often as it is still needed, in the rule's order."""
        if not self.agreed:
            return list(self.approvers)
        agreed = Counter(role for _, role in self.agreed)
        left = []
        for role in self.approvers:
            if agreed[role]:
                agreed[role] -= 1
            else:
                left.append(role)
        return left

    def next(self) -> list[str]:
        """The roles that may agree now: all that are missing, or the first of them where the rule has an order."""
        return self.missing()[: 1 if self.in_order else None]


@dataclass(frozen=True)
class Decider:
    """Somebody who would decide: their roles, everybody above them, their own account and whom they act for."""

    key: int
    roles: Sequence[str]
    superiors: frozenset[int] = frozenset()
    customer_reference: str = ""
    mandates: Sequence[Mandate] = ()


@dataclass(frozen=True)
class Voice:
    """In which role somebody decides, and in whose name where it is not their own."""

    role: str
    mandate: Mandate | None = None


@dataclass(frozen=True)
class Bar:
    """Why somebody may not decide, and the delegation that it is about."""

    objection: Objection
    mandate: Mandate | None = None


def weigh(standing: Standing, decider: Decider) -> Voice | Bar:
    """In which role this person decides this request, their own before another's, or why they may not."""
    spoken, now = {who for who, _ in standing.agreed}.union(standing.represented), standing.next()
    if found := _personal(standing, decider, spoken):
        return Bar(found)
    for mandate in decider.mandates:
        if mandate.lapse is None and mandate.giver == standing.maker:
            return Bar(Objection.MAKER_DELEGATE, mandate)
    for role in now:
        if role in decider.roles:
            return Voice(role)
    barred = None
    for mandate in decider.mandates:
        if mandate.role in now:
            against = _against(mandate, standing, spoken)
            if against is None:
                return Voice(mandate.role, mandate)
            barred = barred or Bar(against, mandate)
    return barred or Bar(_of_roles(standing, {*decider.roles, *(m.role for m in decider.mandates if not m.lapse)}))


def objection(standing: Standing, decider: Decider) -> Objection | None:
    """Why this person may not decide this request, or None."""
    found = weigh(standing, decider)
    return found.objection if isinstance(found, Bar) else None


def _personal(standing: Standing, decider: Decider, spoken: set[int]) -> Objection | None:
    """What keeps a person from deciding in whatever role."""
    if standing.status != RequestStatus.REQUESTED:
        return Objection.DECIDED
    if decider.key == standing.maker:
        return Objection.MAKER
    if standing.maker in decider.superiors:
        return Objection.SUBORDINATE
    if decider.customer_reference and decider.customer_reference == standing.customer_reference:
        return Objection.OWN_ACCOUNT
    return Objection.TWICE if decider.key in spoken else None


def _against(mandate: Mandate, standing: Standing, spoken: set[int]) -> Objection | None:
    """What keeps a person from deciding in another's name: what would keep that other, and the scope."""
    if mandate.lapse is not None:
        return Objection.LAPSED
    if standing.maker in mandate.superiors:
        return Objection.GIVER_SUBORDINATE
    if mandate.customer_reference and mandate.customer_reference == standing.customer_reference:
        return Objection.GIVER_OWN_ACCOUNT
    if mandate.giver in spoken:
        return Objection.GIVER_TWICE
    return None if mandate.scope.covers(standing.action, standing.product, standing.amount) else Objection.SCOPE


def _of_roles(standing: Standing, roles: set[str]) -> Objection:
    """Which objection it is where none of the roles may agree now."""
    if not roles & set(standing.approvers):
        return Objection.ROLE
    return Objection.NOT_YET if roles & set(standing.missing()) else Objection.ROLE_AGREED


def is_settled(standing: Standing) -> bool:
    """Whether everybody whom the rule names has agreed."""
    return not standing.missing()


def fingerprint(facts: Mapping[str, Any]) -> str:
    """What identifies the facts a request rests on: equal facts, equal fingerprints."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


VALID = dt.timedelta(days=7)  # after this a request that nobody decided has expired
