"""The caps as they are listed, and what a new one rests on."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.domain.conditions import SHARE
from apps.bills.domain.kinds import Licence
from apps.bills.models import CostCap, Product
from apps.bills.queries import caps, products
from apps.core.domain.money import percent
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

ACTION = "bills.publish_cap"
SUBJECT = "bills.costcap"


class NewCap(NamedTuple):
    """A cap as it is asked for."""

    licence: str
    effective_date: dt.date
    annual_rate: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A cap in a list; one of each licence is in force."""

    cap: CostCap
    is_in_force: bool


def visible_to(user: User) -> QuerySet[CostCap]:
    """The caps that somebody may see, licence by licence, the latest first."""
    return CostCap.objects.order_by("licence", "-effective_date")


def lines(found: Iterable[CostCap], date: dt.date) -> list[Line]:
    """Caps as they hold on the day."""
    known = caps.by_licence()
    held = {licence: caps.in_force(licence, date, known) for licence in known}
    return [
        Line(cap, (of := held[cap.licence]) is not None and of.effective_date == cap.effective_date) for cap in found
    ]


def asked_for(user: User) -> QuerySet[ApprovalRequest]:
    """The requests for a cap that the user may see, the newest first."""
    return approvals.visible_to(user).filter(action=ACTION)


def check(cap: NewCap, business_date: dt.date) -> None:
    """Refuse a cap that may not be: a licence or a rate that is none, a day that has passed or has one, no change."""
    words = {
        "licence": cap.licence,
        "rate": percent(cap.annual_rate),
        "date": cap.effective_date.isoformat(),
        "today": business_date.isoformat(),
    }
    if cap.licence not in set(Licence):
        raise Refused(_("“%(licence)s” is not a licence.") % words, code="licence_unknown")
    if not cap.annual_rate or SHARE.fault(cap.annual_rate):
        raise Refused(_("A cap is above 0 %% and at most 100 %%, not %(rate)s.") % words, code="rate")
    if cap.effective_date < business_date:
        raise Refused(_("%(date)s is before the business date, %(today)s.") % words, code="effective_date_passed")
    if CostCap.objects.filter(licence=cap.licence, effective_date=cap.effective_date).exists():
        raise Refused(_("A cap from %(date)s is there already.") % words, code="cap_there_already")
    before = caps.in_force(cap.licence, cap.effective_date)
    if before and before.annual_rate == cap.annual_rate:
        raise Refused(_("The cap on %(date)s is %(rate)s already.") % words, code="cap_unchanged")


def packed(cap: NewCap, reference: str = "") -> dict[str, Any]:
    """What a request keeps of a cap, and under which reference it was asked for."""
    return {
        "licence": cap.licence,
        "effective_date": cap.effective_date.isoformat(),
        "annual_rate": f"{cap.annual_rate.normalize():f}",
        "note": cap.note,
        "reference": reference,
    }


def unpacked(payload: dict[str, Any]) -> NewCap:
    """The same, read back."""
    date = dt.date.fromisoformat(payload["effective_date"])
    return NewCap(payload["licence"], date, Decimal(payload["annual_rate"]), payload["note"])


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a cap rests on, shown to the approver: the one before it, and the products that are above it that day."""
    cap = unpacked(payload)
    before = caps.in_force(cap.licence, cap.effective_date)
    return {
        "licence": cap.licence,
        "effective_date": cap.effective_date.isoformat(),
        "cap": " → ".join([*([percent(before.annual_rate)] if before else []), percent(cap.annual_rate)]),
        "above": ", ".join(above(cap)) or "—",
    }


def above(cap: NewCap) -> list[str]:
    """The products of the licence whose conditions of that day would be above the cap: nobody could buy under them."""
    found = []
    for product in Product.objects.filter(licence=cap.licence).order_by("code"):
        version = products.terms_in_force(product, cap.effective_date)
        if version is None:
            continue
        costs = products.costing(products.terms_of(product, products.values(version)), cap.effective_date, known={})
        if costs.highest and costs.highest.annual_rate > cap.annual_rate:
            found.append(product.code)
    return found
