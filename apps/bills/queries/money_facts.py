"""The accepted facts about money that came in and went out again, by customer."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from apps.bills.domain.facts import Line, PayoutFact, ReceiptFact, Returned
from apps.bills.domain.kinds import EntryKind

REPAYMENTS = """
select customer_id, id, reference, received_date, amount, bill_id, settles
  from bills_repayment where customer_id = any(%s) and (status = 'booked' or id = any(%s))
"""
REFUNDS = """
select customer_id, id, reference, refunded_date, amount, purchase_id
  from bills_refund where customer_id = any(%s) and (status = 'booked' or id = any(%s))
"""
LINES = """
select p.id, p.amount, p.bill_id, l.bill_id, l.principal, l.fee
  from bills_purchase p
  left join bills_statementline l on l.purchase_id = p.id
 where p.id = any(%s)
 order by p.id, l.number
"""
PAYOUTS = """
select customer_id, id, reference, paid_date, amount
  from bills_payout where customer_id = any(%s) and (status = 'booked' or id = any(%s))
"""


def receipts(
    customers: Sequence[int], with_repayments: Collection[int] = (), with_refunds: Collection[int] = ()
) -> Mapping[int, Sequence[ReceiptFact]]:
    """The repayments and refunds that stand; those named by key count although they were taken back."""
    found: defaultdict[int, list[ReceiptFact]] = defaultdict(list)
    for customer, key, reference, date, amount, bill, settles in _rows(REPAYMENTS, customers, with_repayments):
        found[customer].append(ReceiptFact(key, reference, EntryKind.PAYMENT, date, amount, bill, settles))
    refunds = _rows(REFUNDS, customers, with_refunds)
    returned = _returned({purchase for *_, purchase in refunds if purchase is not None})
    for customer, key, reference, date, amount, purchase in refunds:
        found[customer].append(
            ReceiptFact(key, reference, EntryKind.REFUND, date, amount, returned=returned.get(purchase))
        )
    return found


def payouts(customers: Sequence[int], with_payouts: Collection[int] = ()) -> Mapping[int, Sequence[PayoutFact]]:
    """The credit balances that were paid back and did not come back; those named by key count although they did."""
    found: defaultdict[int, list[PayoutFact]] = defaultdict(list)
    for customer, *payout in _rows(PAYOUTS, customers, with_payouts):
        found[customer].append(PayoutFact(*payout))
    return found


def _returned(purchases: set[int]) -> dict[int, Returned]:
    """Where each purchase is billed, and what of it no bill names yet."""
    if not purchases:
        return {}
    found: dict[int, Returned] = {}
    for purchase, amount, whole, bill, principal, fee in _rows(LINES, purchases):
        line = Line(bill, principal, fee) if bill else Line(whole, amount) if whole else None
        known = found.get(purchase) or Returned(purchase, (), amount)
        if line is not None:
            known = Returned(purchase, (*known.lines, line), known.unbilled - line.principal)
        found[purchase] = known
    return found


def _rows(sql: str, *keys: Collection[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(some) for some in keys])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
