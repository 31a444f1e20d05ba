"""The accepted facts of many customers, read in a few statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.db import connection

from apps.bills.domain.facts import BillFact, Cause, Facts, RestructuringFact, WaiverFact, WriteOffFact
from apps.bills.domain.kinds import CauseKind, Component, EarlySettlement, EntryKind, Licence, Mode, RestructuringKind
from apps.bills.domain.pauses import Span
from apps.bills.domain.schedule import Share
from apps.bills.domain.state import EntryKey
from apps.bills.domain.terms import Terms, completed
from apps.bills.queries import money_facts

Row = tuple[Any, ...]

OF_THE_PRODUCT = ("mode", "licence")
CONDITIONS = [column.name for column in fields(Terms)]
TERMS = f"""
select t.id, {", ".join(f"{'p' if name in OF_THE_PRODUCT else 't'}.{name}" for name in CONDITIONS)}
  from bills_productterms t join bills_product p on p.id = t.product_id
"""  # noqa: S608 - names of columns, from the dataclass
SHARES = """
select i.bill_id, i.number, i.due_date, i.amount, i.fee
  from bills_instalment i
  join bills_bill b on b.id = i.bill_id
  join bills_productterms t on t.id = b.terms_id
  join bills_product p on p.id = t.product_id
 where i.customer_id = any(%s) and p.mode = 'order' and i.restructuring_id is null order by i.bill_id, i.number
"""
BILLS = """
select customer_id, id, reference, issued_date, terms_id, principal, instalment_fee
  from bills_bill where customer_id = any(%s)
"""
WAIVERS = """
select customer_id, id, reference, waived_date, amount, bill_id, forgives from bills_waiver w
 where customer_id = any(%s) and not exists (select from bills_waiverrevocation r where r.waiver_id = w.id)
"""
WRITE_OFFS = """
select customer_id, id, reference, written_off_date, bill_id from bills_writeoff
 where customer_id = any(%s) and (reversed_date is null or id = any(%s))
"""
PAUSES = """
select customer_id, start_date, end_date from bills_pause where customer_id = any(%s) and cancelled_at is null
"""
RESTRUCTURINGS = """
select customer_id, id, reference, agreed_date, kind, first_due_date, bill_id, instalments, shift_days, shift_months,
       monthly_fee_rate
  from bills_restructuring where customer_id = any(%s) and (status = 'active' or id = any(%s))
"""
CAUSES = ", ".join(f"{cause}_id" for cause in CauseKind)
ENTRIES = f"""
select customer_id, id, amount, effective_date, kind, component, bill_id, {CAUSES}
  from bills_ledgerentry e
 where e.customer_id = any(%s) and e.kind <> 'reversal'
   and not exists (select from bills_ledgerentry r where r.reverses_id = e.id)
"""  # noqa: S608 - names of columns, from the enum


def rows(sql: str, *parameters: Any) -> list[Row]:
    """Run one statement and fetch everything."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[Row] = cursor.fetchall()
    return found


def terms() -> dict[int, Terms]:
    """Every version of every product's conditions, by key."""
    return {key: _terms(dict(zip(CONDITIONS, row, strict=True))) for key, *row in rows(TERMS)}


def _terms(row: dict[str, Any]) -> Terms:
    return Terms(
        **row
        | {
            "mode": Mode(row["mode"]),
            "licence": Licence(row["licence"]),
            "early_settlement": EarlySettlement(row["early_settlement"]),
            "waterfall": completed([Component(name) for name in row["waterfall"]]),
            "instalment_counts": tuple(row["instalment_counts"]),
        }
    )


def of(
    customers: Sequence[int],
    *,
    with_repayments: Sequence[int] = (),
    with_refunds: Sequence[int] = (),
    with_payouts: Sequence[int] = (),
    with_restructurings: Sequence[int] = (),
    with_write_offs: Sequence[int] = (),
) -> dict[int, Facts]:
    """The facts of each of the customers; of those that stand no longer, the ones that are named by key."""
    keys = list(customers)
    conditions = terms()
    shares: defaultdict[int, list[Share]] = defaultdict(list)
    for bill, *share in rows(SHARES, keys):
        shares[bill].append(Share(*share))
    bills: defaultdict[int, list[BillFact]] = defaultdict(list)
    for customer, key, reference, issued, terms_key, principal, fee in rows(BILLS, keys):
        bills[customer].append(
            BillFact(key, reference, issued, conditions[terms_key], principal, fee, tuple(shares.get(key, ())))
        )
    receipts = money_facts.receipts(keys, with_repayments, with_refunds)
    payouts = money_facts.payouts(keys, with_payouts)
    waivers: defaultdict[int, list[WaiverFact]] = defaultdict(list)
    for customer, *waiver in rows(WAIVERS, keys):
        waivers[customer].append(WaiverFact(*waiver))
    write_offs: defaultdict[int, list[WriteOffFact]] = defaultdict(list)
    for customer, *written_off in rows(WRITE_OFFS, keys, list(with_write_offs)):
        write_offs[customer].append(WriteOffFact(*written_off))
    pauses: defaultdict[int, list[Span]] = defaultdict(list)
    for customer, start, end in rows(PAUSES, keys):
        pauses[customer].append(Span(start, end))
    restructurings: defaultdict[int, list[RestructuringFact]] = defaultdict(list)
    for customer, key, reference, date, kind, *agreed in rows(RESTRUCTURINGS, keys, list(with_restructurings)):
        fact = RestructuringFact(key, reference, date, RestructuringKind(kind), *agreed)
        restructurings[customer].append(fact)
    return {
        customer: Facts(
            bills=tuple(bills.get(customer, ())),
            receipts=tuple(receipts.get(customer, ())),
            waivers=tuple(waivers.get(customer, ())),
            write_offs=tuple(write_offs.get(customer, ())),
            pauses=tuple(pauses.get(customer, ())),
            restructurings=tuple(restructurings.get(customer, ())),
            payouts=tuple(payouts.get(customer, ())),
        )
        for customer in keys
    }


def live_entries(customers: Sequence[int]) -> dict[int, dict[EntryKey, Row]]:
    """The entries that stand, by customer and key: (id, amount)."""
    keys = list(customers)
    found: defaultdict[int, dict[EntryKey, Row]] = defaultdict(dict)
    for customer, key, amount, date, kind, component, bill, *causes in rows(ENTRIES, keys):
        cause = next((Cause(CauseKind(k), c) for k, c in zip(CauseKind, causes, strict=True) if c is not None), None)
        found[customer][EntryKey(date, EntryKind(kind), Component(component), bill, cause)] = (key, amount)
    return found
