"""What may be proposed to a customer: every kind side by side, and the sentence for what may not be."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.bills.queries import plans
from apps.cases.domain import calculator, offers
from apps.cases.domain.arrangements import LONGEST, ArrangementKind, Part
from apps.cases.domain.calculator import Affordability, Asked, Budget, Quote
from apps.cases.domain.offers import Policy
from apps.cases.queries.arrangements import Owing
from apps.core.domain.dates import add_months
from apps.core.domain.money import ZERO, percent
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _
from apps.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Option:
    """One kind with its terms, or the sentence why it may not be had."""

    kind: ArrangementKind
    quote: Quote | None = None
    affordable: Affordability | None = None
    sentence: str = ""


def as_restructuring(asked: Asked) -> dict[str, Any]:
    """A re-age as the ledger's restructuring knows it."""
    return {
        "kind": "re_age",
        "first_due_date": asked.first_date,
        "instalments": asked.instalments,
        "monthly_fee_rate": asked.monthly_fee_rate,
    }


def quote(customer: Customer, owing: Owing, asked: Asked, *, date: dt.date, policy: Policy) -> Quote:
    """The terms, refused where there can be none: what is asked for makes no arrangement, or is too dear."""
    _check_shape(owing, asked, date)
    found = calculator.quote(owing.debt, asked, date=date, grace_days=policy.grace_days)
    if asked.kind is ArrangementKind.RE_AGE:
        found = _re_aged(customer, asked, date)
    if owing.cap is not None and found.annual_cost > owing.cap:
        words = {"annual": percent(found.annual_cost, 2), "cap": percent(owing.cap), "count": found.months}
        sentence = _(
            "The %(count)s payments cost %(annual)s a year with everything, above the cap of %(cap)s: take fewer "
            "months or a smaller fee."
        )
        raise Refused(sentence % words, code="above_cap")
    return found


def check_affordable(found: Quote, budget: Budget | None, policy: Policy) -> Affordability | None:
    """What the plan takes of the income; refused where it takes too much, or where nobody asked for a hardship."""
    if budget is None:
        if found.asked.kind is ArrangementKind.HARDSHIP_PLAN:
            raise Refused(_("A hardship plan needs what the customer earns and spends."), code="budget_missing")
        return None
    result = calculator.affordability(budget, found, highest_ratio=policy.highest_ratio, least_left=policy.least_left)
    if not result.is_affordable:
        raise Refused(unaffordable(result, policy), code="not_affordable")
    return result


def unaffordable(result: Affordability, policy: Policy) -> str:
    """Why the customer cannot pay so."""
    words = {
        "payment": f"{result.payment:,.2f}",
        "ratio": percent(result.ratio, 1),
        "highest": percent(policy.highest_ratio),
        "left": f"{result.left:,.2f}",
        "least": f"{policy.least_left:,.2f}",
    }
    sentence = _(
        "%(payment)s a month is not affordable: debts would take %(ratio)s of the income (at most %(highest)s) and "
        "leave %(left)s to live on (at least %(least)s). Spread it over more months or agree a smaller sum."
    )
    return sentence % words


def check_authority(found: Quote, owing: Owing, roles: Sequence[str], policy: Policy) -> None:
    """Refuse what these roles may not propose for a debt of this age and size."""
    allowed = offers.may_offer(
        policy.offers,
        roles,
        kind=found.asked.kind,
        days_past_due=owing.days_past_due,
        debt=owing.debt.total,
        forgiven=found.forgiven,
        months=found.months,
    )
    if allowed is None:
        words = {"days": owing.days_past_due, "debt": f"{owing.debt.total:,.2f}", "forgiven": f"{found.forgiven:,.2f}"}
        sentence = _(
            "Your role may not propose this at %(days)s days past due for a debt of %(debt)s, with %(forgiven)s "
            "forgiven: ask whoever is above you, or propose another kind."
        )
        raise Forbidden(sentence % words, code="offer_not_allowed")


def options(
    customer: Customer,
    owing: Owing,
    asked: Asked,
    budget: Budget | None,
    roles: Sequence[str],
    policy: Policy,
    date: dt.date,
    fee_rate: Decimal = Decimal(0),
) -> Iterator[Option]:
    """Every kind with the same first date and months, side by side."""
    for kind in ArrangementKind:
        wanted = Asked(
            kind,
            asked.first_date,
            asked.instalments,
            asked.forgiven if kind is ArrangementKind.SETTLEMENT else ZERO,
            fee_rate if kind is ArrangementKind.RE_AGE else Decimal(0),
        )
        found = None
        try:
            found = quote(customer, owing, wanted, date=date, policy=policy)
            check_authority(found, owing, roles, policy)
            yield Option(kind, found, check_affordable(found, budget, policy))
        except Refused as refusal:
            yield Option(kind, found, sentence=refusal.sentence)


def _check_shape(owing: Owing, asked: Asked, date: dt.date) -> None:
    words: dict[str, Any] = {"months": LONGEST, "count": asked.instalments, "date": asked.first_date, "today": date}
    if owing.debt.total <= 0:
        raise Refused(_("Nothing is open that could be arranged."), code="nothing_open")
    if calculator.too_long(asked):
        sentence = _("An arrangement has 1 to %(months)s monthly payments, not %(count)s.") % words
        raise Refused(sentence, code="too_long")
    if asked.first_date < date:
        sentence = _("The first payment %(date)s is in the past: the business date is %(today)s.") % words
        raise Refused(sentence, code="in_the_past")
    if add_months(asked.first_date, asked.instalments - 1) > add_months(date, LONGEST):
        raise Refused(_("The last payment is within %(months)s months.") % words, code="too_long")
    settles = asked.kind is ArrangementKind.SETTLEMENT
    words = {"forgiven": f"{asked.forgiven:,.2f}", "debt": f"{owing.debt.total:,.2f}"}
    if settles and not 0 < asked.forgiven < owing.debt.total:
        sentence = _("A settlement forgives a part of the %(debt)s that is owed, not %(forgiven)s.") % words
        raise Refused(sentence, code="forgiven")
    if asked.forgiven and not settles:
        raise Refused(_("Only a settlement forgives a sum that is agreed."), code="forgiven")
    if asked.kind is ArrangementKind.HARDSHIP_PLAN and not owing.debt.principal + owing.debt.fees:
        raise Refused(_("Only late fees are open: waive them instead."), code="only_late_fees")
    if asked.monthly_fee_rate and asked.kind is not ArrangementKind.RE_AGE:
        raise Refused(_("Only a re-age bears a monthly fee."), code="fee_without_re_age")


def _re_aged(customer: Customer, asked: Asked, date: dt.date) -> Quote:
    """The terms as the ledger would make them."""
    preview = plans.preview(customer, None, as_restructuring(asked), date)
    amounts: dict[dt.date, Decimal] = {}
    for line in preview.after:
        amounts[line.due_date] = amounts.get(line.due_date, ZERO) + line.amount
    parts = tuple(Part(number, day, amounts[day]) for number, day in enumerate(sorted(amounts), start=1))
    cost = calculator.annual_cost(preview.amount, parts, ZERO, date)
    return Quote(asked, preview.amount, ZERO, preview.plan_fee, ZERO, parts, cost)
