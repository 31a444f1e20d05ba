"""The authority matrix: which rule holds for an amount, and what we ship."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.access.domain.roles import RoleCode

SPLITTING_DAYS = 30  # what one maker asks for one customer within these days counts as one amount
FIRST_DATE = dt.date(2000, 1, 1)  # the shipped matrix holds from the start, for portfolios of the past too
MAKER_DAILY_LIMIT = Decimal("100000.00")
CUSTOMER_DAILY_LIMIT = Decimal("50000.00")


@dataclass(frozen=True)
class Tier:
    """Up to this amount (None: any) these roles must agree, each as often as it is named."""

    code: str
    up_to: Decimal | None
    approvers: tuple[str, ...]
    fees_only: bool = False  # only where no principal is touched
    in_order: bool = False  # one after the other as they are named; otherwise as they come
    in_bulk: bool = False  # several requests may be decided at once: by one person each, up to an amount


def tier_for(tiers: Sequence[Tier], amount: Decimal, *, fees_only: bool) -> Tier | None:
    """The lowest tier that covers the amount; where principal is touched, the tiers for fees alone are passed over."""
    found: Tier | None = None
    for tier in tiers:
        if (tier.up_to is None or amount <= tier.up_to) and (fees_only or not tier.fees_only):
            is_lower = found is None or tier.up_to is not None and (found.up_to is None or tier.up_to < found.up_to)
            found = tier if is_lower else found
    return found


LEAD = Tier("T1", Decimal("200.00"), (RoleCode.TEAM_LEAD,), fees_only=True, in_bulk=True)
MANAGER = Tier("T2", Decimal("2000.00"), (RoleCode.MANAGER,), fees_only=True)
JOINT = Tier("T3", Decimal("20000.00"), (RoleCode.DIRECTOR, RoleCode.RISK_ANALYST))
COMMITTEE = Tier("T4", None, (RoleCode.DIRECTOR, RoleCode.RISK_ANALYST, RoleCode.MANAGER))
FORGIVING = (LEAD, MANAGER, JOINT, COMMITTEE)
PUBLISHING = (Tier("T3", None, (RoleCode.DIRECTOR, RoleCode.RISK_ANALYST)),)  # whatever it is about
RULING = (Tier("T3", None, (RoleCode.RISK_ANALYST, RoleCode.COMPLIANCE)),)  # asked for by a director
PAYING = (Tier("T1", LEAD.up_to, LEAD.approvers), Tier("T2", MANAGER.up_to, MANAGER.approvers), JOINT, COMMITTEE)
PLACING = (Tier("T2", Decimal("20000.00"), (RoleCode.MANAGER,)), Tier("T3", None, (RoleCode.DIRECTOR,)))
PLANNING = (Tier("T2", Decimal("2000.00"), (RoleCode.MANAGER,)), JOINT, COMMITTEE)
SHIPPED: dict[str, tuple[Tier, ...]] = {
    "bills.waive_late_fee": FORGIVING,
    "cases.arrangement": FORGIVING,
    "bills.write_off": FORGIVING,
    "bills.pay_out": PAYING,
    "bills.publish_terms": PUBLISHING,
    "bills.publish_cap": PUBLISHING,
    "cases.publish_strategy": PUBLISHING,
    "cases.roll_back_strategy": PUBLISHING,
    "bills.reverse_write_off": FORGIVING,
    "bills.restructure": PLANNING,
    "cases.place": PLACING,
    "access.publish_matrix": RULING,
    "access.change_sign_in": (Tier("T3", None, (RoleCode.COMPLIANCE,)),),
    "access.reset_second_factor": (Tier("T2", None, (RoleCode.MANAGER,)),),
    "customers.erase": (Tier("T3", None, (RoleCode.DIRECTOR,)),),
    "cases.extend_complaint": (Tier("T3", None, (RoleCode.DIRECTOR,)),),
    "trail.export_clear": (Tier("T3", None, (RoleCode.DIRECTOR, RoleCode.COMPLIANCE)),),
    "credit.change_limit": (Tier("T2", Decimal("2000.00"), (RoleCode.MANAGER,)), JOINT, COMMITTEE),
}
