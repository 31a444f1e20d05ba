"""What of an import costs more a year than the cap on its day, or is split in a way that is not offered."""

import datetime as dt
from collections.abc import Iterator

from apps.bills.domain import price
from apps.bills.domain.kinds import Licence, Mode
from apps.bills.domain.portfolio import Refusal
from apps.bills.domain.price import Charge, Price
from apps.bills.domain.terms import Terms
from apps.bills.queries import caps, facts
from apps.core.domain.money import percent

COLUMNS = {
    Charge.INSTALMENTS: "monthly_fee_rate",
    Charge.REVOLVING: "revolving_daily_rate",
    Charge.LATE_FEE: "late_fee_daily_rate",
}
PRODUCTS = """
select row, effective_date, mode, licence, monthly_fee_rate, late_fee_daily_rate, revolving_daily_rate,
       late_fees_in_cap = 'yes', string_to_array(instalment_counts, ' ')::integer[]
  from staged_products p
 where known is null and not exists (select from refusal r where r.file = %s and r.row = p.row) order by row
"""
PURCHASES = """
select distinct t.terms, s.instalments, s.purchased_date
  from staged_purchases s
  join staged_terms t
    on t.code = s.product and s.purchased_date >= t.from_date and s.purchased_date < coalesce(t.to_date, 'infinity')
 where s.known is null and s.instalments is not null
"""


def refused_purchases() -> list[tuple[int, int, dt.date, str, str, str]]:
    """What is refused of the staged purchases, by version, instalments and day: the column, the code and the value."""
    known, conditions = caps.by_licence(), facts.terms()
    bad = []
    for key, count, date in facts.rows(PURCHASES):
        terms = conditions[key]
        if count != 1 and count not in terms.instalment_counts:
            offered = " ".join(map(str, (1, *terms.instalment_counts)))
            bad.append((key, count, date, "instalments", "not_offered", f"{count} are not offered, only {offered}"))
        elif found := _above(terms, date, known, (count,)):
            bad.append((key, count, date, "product", "above_cap", _words(*found)))
    return bad


def refused_products(file: str) -> Iterator[Refusal]:
    """Every staged product of which a price is above the cap when it begins."""
    known = caps.by_licence()
    for row, date, mode, licence, fee, late, revolving, in_cap, counts in facts.rows(PRODUCTS, file):
        terms = Terms(
            Mode(mode),
            licence=Licence(licence),
            monthly_fee_rate=fee,
            late_fee_daily_rate=late,
            revolving_daily_rate=revolving,
            late_fees_in_cap=in_cap,
            instalment_counts=tuple(counts),
        )
        if found := _above(terms, date, known):
            yield Refusal(file, row, COLUMNS[found[0].charge], "above_cap", _words(*found))


def _above(
    terms: Terms, date: dt.date, known: caps.Caps, counts: tuple[int, ...] | None = None
) -> tuple[Price, price.Cap] | None:
    cap = caps.in_force(terms.licence, date, known)
    found = price.above(price.prices(terms, counts), cap)
    return (found, cap) if found and cap else None


def _words(found: Price, cap: price.Cap) -> str:
    how = {Charge.INSTALMENTS: f"in {found.instalments} instalments", Charge.REVOLVING: "revolving"}
    return f"{percent(found.annual_rate, 2)} a year {how.get(found.charge, 'late')}, above {percent(cap.annual_rate)}"
