"""The life of a request for a controlled action, and who may decide it."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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


@dataclass(frozen=True)
class Standing:
    """A request as it stands: who made it, whom the rule names, and who has agreed in which role."""

    status: str
    maker: int
    customer_reference: str
    approvers: Sequence[str]
    agreed: Sequence[tuple[int, str]] = ()
    in_order: bool = False

    def missing(self) -> list[str]:
        """The roles that have not agreed yet, each as often as it is still needed, in the rule's order."""
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
    """Somebody who would decide: their roles, everybody above them and their own account."""

    key: int
    roles: Sequence[str]
    superiors: frozenset[int] = frozenset()
    customer_reference: str = ""


def objection(standing: Standing, decider: Decider) -> Objection | None:
    """Why this person may not decide this request, or None."""
    if standing.status != RequestStatus.REQUESTED:
        return Objection.DECIDED
    if decider.key == standing.maker:
        return Objection.MAKER
    if standing.maker in decider.superiors:
        return Objection.SUBORDINATE
    if decider.customer_reference and decider.customer_reference == standing.customer_reference:
        return Objection.OWN_ACCOUNT
    if decider.key in {who for who, _ in standing.agreed}:
        return Objection.TWICE
    if not set(decider.roles) & set(standing.approvers):
        return Objection.ROLE
    if role_for(standing, decider) is None:
        return Objection.NOT_YET if set(decider.roles) & set(standing.missing()) else Objection.ROLE_AGREED
    return None


def role_for(standing: Standing, decider: Decider) -> str | None:
    """The role in which this person would agree: the first that the rule still needs."""
    return next((role for role in standing.next() if role in decider.roles), None)


def is_settled(standing: Standing) -> bool:
    """Whether everybody whom the rule names has agreed."""
    return not standing.missing()


def fingerprint(facts: Mapping[str, Any]) -> str:
    """What identifies the facts a request rests on: equal facts, equal fingerprints."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


VALID = dt.timedelta(days=7)  # after this a request that nobody decided has expired
