"""Conditions in words: their names, their values, and why a value may not be."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from apps.bills.domain import conditions
from apps.bills.domain.conditions import RANGES, Fault
from apps.bills.domain.kinds import EarlySettlement, Licence
from apps.bills.domain.price import Charge
from apps.core import registry
from apps.core.registry import Text, Word
from apps.core.texts import gettext as _

LABELS: dict[str, Text] = {
    "deferred_days": gettext_lazy("Days deferred"),
    "due_days": gettext_lazy("Days to pay a statement"),
    "statement_day": gettext_lazy("Day of the statement"),
    "minimum_rate": gettext_lazy("Minimum of a statement"),
    "monthly_fee_rate": gettext_lazy("Instalment fee a month"),
    "instalment_counts": gettext_lazy("Instalments on offer"),
    "revolving_daily_rate": gettext_lazy("Revolving fee a day"),
    "late_fee_daily_rate": gettext_lazy("Late fee a day"),
    "late_fee_daily_floor": gettext_lazy("Late fee at least a day"),
    "late_fees_in_cap": gettext_lazy("Late fees count inside the cap"),
    "grace_days": gettext_lazy("Days of grace"),
    "waterfall": gettext_lazy("What money settles first"),
    "principal_first_after_days": gettext_lazy("Principal first after days past due"),
    "early_repayment_minimum": gettext_lazy("Least early repayment"),
    "early_settlement": gettext_lazy("Settled early"),
}
LICENCES = {
    Licence.MICRO_LOAN: Word(gettext_lazy("Micro-loan company")),
    Licence.CONSUMER_FINANCE: Word(gettext_lazy("Consumer-finance company")),
    Licence.PRIVATE_LENDING: Word(gettext_lazy("Private lending")),
}
SETTLEMENTS = {
    EarlySettlement.FULL_FEE: Word(gettext_lazy("the whole fee stays due")),
    EarlySettlement.BEGUN_PERIODS: Word(gettext_lazy("only periods begun are charged")),
}
CHARGES = {
    Charge.INSTALMENTS: Word(gettext_lazy("Instalments")),
    Charge.REVOLVING: Word(gettext_lazy("Revolving fee")),
    Charge.LATE_FEE: Word(gettext_lazy("Late fee")),
    Charge.PLAN: Word(gettext_lazy("Plan")),
}
FACTS = {
    "product": Word(gettext_lazy("Product")),
    "version": Word(gettext_lazy("Version")),
    "effective_date": Word(gettext_lazy("In force from")),
    "annual_rate": Word(gettext_lazy("Dearest price a year")),
    "cap": Word(gettext_lazy("Cap")),
    "licence": Word(gettext_lazy("Licence")),
    "above": Word(gettext_lazy("Products above it")),
    **{name: Word(label) for name, label in LABELS.items()},
}
WORDS: dict[str, Mapping[Any, Word]] = {
    "licence": LICENCES,
    "early_settlement": SETTLEMENTS,
    "charge": CHARGES,
    "fact": FACTS,
}


def shown(name: str, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "early_settlement":
        return str(registry.word("early_settlement", value).label)
    if name == "waterfall":
        return " → ".join(str(registry.word("component", component).label) for component in value)
    if name == "instalment_counts":
        return ", ".join(map(str, value)) or _("none")
    if name == "principal_first_after_days" and value is None:
        return _("never")
    if isinstance(value, Decimal) and not name.endswith("_rate"):
        return f"{value:,.2f}"
    return conditions.neutral(name, value)


def fault(found: Fault) -> str:
    """The sentence for a value that may not be."""
    range_ = RANGES.get(found.name)
    words = {
        "name": LABELS[found.name],
        "value": found.value,
        "lowest": range_.lowest if range_ else "",
        "highest": range_.highest if range_ else "",
        "places": range_.places if range_ else "",
    }
    sentences = {
        "number": _("%(name)s: %(value)s is not a number."),
        "negative": _("%(name)s: %(value)s is below zero."),
        "low": _("%(name)s: %(value)s is below %(lowest)s."),
        "high": _("%(name)s: %(value)s is above %(highest)s."),
        "decimals": _("%(name)s: %(value)s has more than %(places)s decimals."),
        "counts": _("%(name)s: %(value)s are not whole numbers from 2 to 60, each once, in order."),
        "waterfall": _("%(name)s: %(value)s does not name cost, late fee, instalment fee and principal once each."),
        "choice": _("%(name)s: %(value)s is not one of the values it may have."),
    }
    return sentences[found.code] % words
