"""Whether a price is within the cap on its day, and the sentence for one that is not."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from apps.bills.domain import price
from apps.bills.domain.price import Cap, Charge, Price
from apps.bills.domain.terms import Terms
from apps.bills.models import CostCap
from apps.core.domain.money import percent
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

Caps = dict[str, list[Cap]]


def by_licence() -> Caps:
    """Every cap that we know, by licence."""
    found: defaultdict[str, list[Cap]] = defaultdict(list)
    for licence, date, rate in CostCap.objects.values_list("licence", "effective_date", "annual_rate"):
        found[licence].append(Cap(date, rate))
    return dict(found)


def in_force(licence: str, date: dt.date, known: Caps | None = None) -> Cap | None:
    """The cap of the licence on the day, none before the first; `known` saves reading the caps again."""
    return price.cap_on((known or by_licence()).get(licence, ()), date)


def check(terms: Terms, date: dt.date, counts: Iterable[int] | None = None, known: Caps | None = None) -> None:
    """Refuse conditions of which a price is above the cap on the day; only of these instalment counts, if given."""
    _check(price.prices(terms, counts), in_force(terms.licence, date, known))


def check_plan(licence: str, date: dt.date, principal: Decimal, payments: Sequence[Decimal]) -> Price:
    """The price of a plan whose payments are a month apart, refused where it is above the cap on the day."""
    found = price.of_plan(principal, payments)
    _check([found], in_force(licence, date))
    return found


def _check(prices: Iterable[Price], cap: Cap | None) -> None:
    above = price.above(prices, cap)
    if above and cap:
        raise Refused(sentence(above, cap), code="above_cap")


def sentence(found: Price, cap: Cap) -> str:
    """What is too dear, what it costs a year, and the cap."""
    words = {
        "rate": percent(found.rate),
        "count": found.instalments,
        "annual": percent(found.annual_rate, 2),
        "cap": percent(cap.annual_rate),
        "since": cap.effective_date.isoformat(),
    }
    sentences = {
        Charge.INSTALMENTS: _(
            "%(count)s instalments at %(rate)s a month cost %(annual)s a year, above the cap of %(cap)s "
            "(since %(since)s)."
        ),
        Charge.REVOLVING: _(
            "A revolving fee of %(rate)s a day costs %(annual)s a year, above the cap of %(cap)s (since %(since)s)."
        ),
        Charge.LATE_FEE: _(
            "A late fee of %(rate)s a day costs %(annual)s a year, above the cap of %(cap)s (since %(since)s)."
        ),
        Charge.PLAN: _(
            "The plan of %(count)s payments costs %(annual)s a year, above the cap of %(cap)s (since %(since)s)."
        ),
    }
    return sentences[found.charge] % words
