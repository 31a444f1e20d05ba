"""What a permission decision costs, beside the same question put to two sets by hand."""

from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any

from apps.access.domain import approval, authority
from apps.access.domain.approval import Decider, RequestStatus, Standing, Voice
from apps.access.domain.delegation import Mandate, Scope
from apps.access.domain.permissions import Permission
from apps.access.domain.roles import SHIPPED, RoleCode
from apps.access.models import User
from apps.access.queries import people

Say = Callable[[str], object]
ACTION, AMOUNT = "bills.waive_late_fee", Decimal("1500.00")


def measured(*, decisions: int, runs: int, say: Say) -> dict[str, Any]:
    """Microseconds of the processor a decision, medians of the runs, and the ratio to a reference in turns with it.

    `permission_us` is whether somebody may open a page; `decision_us` that and whether they may decide a request: the
    line of the matrix, their own roles, and three delegations of which the last lets them.
    """
    ours: list[float] = []
    pages: list[float] = []
    reference: list[float] = []
    for run in range(runs):
        reference.append(_microseconds(_by_hand(), decisions))
        ours.append(_microseconds(_decision(), decisions))
        pages.append(_microseconds(_permission(), decisions))
        say(f"Run {run + 1} of {runs}: {ours[-1]:.1f} microseconds a decision.")
    return {
        "decisions": decisions,
        "runs": runs,
        "decision_us": round(median(ours), 2),
        "permission_us": round(median(pages), 2),
        "reference_us": round(median(reference), 3),
        "decision_ratio": round(median(mine / by_hand for mine, by_hand in zip(ours, reference, strict=True)), 1),
    }


def _microseconds(decide: Callable[[], object], times: int) -> float:
    begun = process_time()
    for _ in range(times):
        decide()
    return (process_time() - begun) * 1_000_000 / times


def _somebody() -> User:
    """A manager whose permissions this request has read already."""
    user = User(pk=2, username="maya", name="Maya Ma")
    user._held = {RoleCode.MANAGER.value: [word.value for word in SHIPPED[RoleCode.MANAGER]]}  # type: ignore[attr-defined]
    people.permissions_of(user)
    return user


def _permission() -> Callable[[], bool]:
    user = _somebody()
    return lambda: people.holds(user, Permission.APPROVAL_DECIDE)


def _decision() -> Callable[[], bool]:
    user, tiers = _somebody(), authority.SHIPPED[ACTION]
    elsewhere = Scope(frozenset({"bills.write_off"}))
    mandates = tuple(
        Mandate(key, f"D-{key}", 10 + key, RoleCode.MANAGER, scope, frozenset({20, 30}))
        for key, scope in enumerate((elsewhere, elsewhere, Scope(up_to=Decimal("2000.00"))))
    )
    decider = Decider(2, (RoleCode.TEAM_LEAD,), frozenset({4, 5}), "C-2", mandates)

    def decide() -> bool:
        tier = authority.tier_for(tiers, AMOUNT, fees_only=True)
        assert tier is not None
        standing = Standing(
            RequestStatus.REQUESTED, 1, "C-1", tier.approvers, (), tier.in_order, (), ACTION, "", AMOUNT
        )
        return people.holds(user, Permission.APPROVAL_DECIDE) and isinstance(approval.weigh(standing, decider), Voice)

    assert decide()
    return decide


def _by_hand() -> Callable[[], bool]:
    """The least that any library asks: whether a word is among those held, and a role among those named."""
    held, roles = frozenset(word.value for word in SHIPPED[RoleCode.MANAGER]), frozenset({"manager"})
    return lambda: "approval.decide" in held and not roles.isdisjoint(("manager",))
