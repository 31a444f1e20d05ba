import datetime as dt
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.bills.domain import account
from apps.bills.domain.facts import BillFact, Cause, Facts, ReceiptFact, WaiverFact
from apps.bills.domain.kinds import CauseKind, Component, EntryKind
from apps.bills.domain.state import EntryKey
from tests.bills.books import CARD, INSTALMENTS, ORDER, PATIENT, STATEMENT, bill, check, payment, payout, refund

D = Decimal


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def test_a_deferred_thousand_five_days_late_owes_three_fifty() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00"),), (payment(1, day(5, 15), "1003.50"),))

    played = account.play(facts, closed_through=None)

    assert dict(played.entries) == {
        EntryKey(day(4, 10), EntryKind.CHARGE, Component.PRINCIPAL, 1): D("1000.00"),
        EntryKey(day(5, 15), EntryKind.CHARGE, Component.LATE_FEE, 1): D("3.50"),
        EntryKey(day(5, 15), EntryKind.PAYMENT, Component.LATE_FEE, 1, Cause(CauseKind.REPAYMENT, 1)): D("-3.50"),
        EntryKey(day(5, 15), EntryKind.PAYMENT, Component.PRINCIPAL, 1, Cause(CauseKind.REPAYMENT, 1)): D("-1000.00"),
    }
    assert played.balance == 0


def test_the_late_base_of_instalments_is_all_that_is_unpaid() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "1000.00", instalments=3, terms=INSTALMENTS),), (payment(1, day(5, 15), "341.88"),)
    )

    played = account.play(facts, closed_through=None)

    assert played.entries[EntryKey(day(5, 15), EntryKind.CHARGE, Component.LATE_FEE, 1)] == D("3.55")
    assert [due.met_date for due in played.bills[1].dues] == [day(5, 15), None, None]


def test_a_payment_in_time_owes_no_late_fee() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00"),), (payment(1, day(5, 10), "1000.00"),))

    played = account.play(facts, closed_through=day(6, 30))

    assert played.balance == 0
    assert played.bills[1].settled_date == day(5, 10)


def test_the_late_fee_is_never_below_a_cent_a_day() -> None:
    facts = Facts((bill(1, day(4, 10), "1.00"),), (payment(1, day(5, 15), "1.00"),))

    played = account.play(facts, closed_through=None)

    assert played.entries[EntryKey(day(5, 15), EntryKind.CHARGE, Component.LATE_FEE, 1)] == D("0.05")


def test_late_fees_are_posted_at_each_closed_month_end() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00"),))

    played = account.play(facts, closed_through=day(7, 15))

    posted = {key.date: amount for key, amount in played.entries.items() if key.component is Component.LATE_FEE}
    assert posted == {day(5, 31): D("14.70"), day(6, 30): D("21.00")}
    assert played.bills[1].accrued == D("35.700000")
    assert played.bills[1].accrued_through == day(6, 30)


def test_the_oldest_due_is_paid_first() -> None:
    facts = Facts((bill(1, day(4, 10), "100.00"), bill(2, day(4, 1), "100.00")), (payment(1, day(4, 20), "150.00"),))

    played = account.play(facts, closed_through=None)

    assert (played.bills[2].owed, played.bills[1].owed) == (D("0.00"), D("50.00"))


def test_the_payer_may_designate_a_bill() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"), bill(2, day(4, 1), "100.00")), (payment(1, day(4, 20), "150.00", bill=1),)
    )

    played = account.play(facts, closed_through=None)

    assert (played.bills[1].owed, played.bills[2].owed) == (D("0.00"), D("50.00"))


def test_an_overpayment_is_a_credit_that_the_next_bill_takes_first() -> None:
    facts = Facts((bill(1, day(4, 1), "100.00"), bill(2, day(4, 20), "80.00")), (payment(1, day(4, 10), "130.00"),))

    played = account.play(facts, closed_through=None)

    assert played.credit == 0
    assert played.bills[2].owed == D("50.00")
    assert played.entries[
        EntryKey(day(4, 20), EntryKind.PAYMENT, Component.CREDIT, None, Cause(CauseKind.REPAYMENT, 1))
    ] == D("30.00")
    check(played, facts)


def test_a_refund_lowers_what_is_owed_and_the_rest_is_credit() -> None:
    facts = Facts((bill(1, day(4, 1), "100.00"),), (refund(1, day(4, 10), "120.00"),))

    played = account.play(facts, closed_through=None)

    assert (played.balance, played.credit) == (D("-20.00"), D("20.00"))


def test_a_statement_demands_its_minimum_beside_what_is_demanded_already() -> None:
    facts = Facts((bill(1, day(4, 30), "1000", terms=STATEMENT), bill(2, day(5, 31), "500", terms=STATEMENT)))

    played = account.play(facts, closed_through=None)

    assert [(due.due_date, due.amount) for b in played.bills.values() for due in b.dues] == [
        (day(5, 9), D("100.00")),
        (day(6, 9), D("150.00")),
    ]


def test_whoever_pays_the_minimum_of_a_statement_is_not_past_due() -> None:
    facts = Facts((bill(1, day(4, 30), "1000", terms=STATEMENT),), (payment(1, day(5, 9), "100"),))

    played = account.play(facts, closed_through=None)

    assert played.bills[1].oldest_late(day(12, 31)) is None
    assert played.balance == D("900")


def test_a_waiver_takes_off_no_more_than_the_late_fee() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00"),), (), (WaiverFact(1, "W1", day(5, 15), D("9.99"), 1),))

    played = account.play(facts, closed_through=None)

    assert played.bills[1].open[Component.LATE_FEE] == 0
    assert played.entries[
        EntryKey(day(5, 15), EntryKind.WAIVER, Component.LATE_FEE, 1, Cause(CauseKind.WAIVER, 1))
    ] == D("-3.50")


def test_money_received_on_the_day_of_the_bill_waits_for_it() -> None:
    facts = Facts((bill(1, day(4, 10), "100.00"),), (payment(1, day(4, 10), "100.00"),))

    assert account.play(facts, closed_through=None).balance == 0


BUSY = settings(suppress_health_check=[HealthCheck.too_slow])  # drawing a book takes a while on a busy machine
DATES = st.dates(day(1, 1), day(8, 31))
AMOUNTS = st.decimals("0.01", "3000", places=2).map(str)


@st.composite
def books(draw: st.DrawFn) -> Facts:
    terms = draw(st.sampled_from([ORDER, INSTALMENTS, STATEMENT, PATIENT, CARD]))
    bills = tuple(
        bill(key, draw(DATES), draw(AMOUNTS), instalments=draw(st.sampled_from([1, 3, 6])), terms=terms)
        for key in range(1, draw(st.integers(1, 4)) + 1)
    )
    receipts = tuple(draw(money(key, bills)) for key in range(1, draw(st.integers(0, 5)) + 1))
    payouts = tuple(payout(key, draw(DATES), draw(AMOUNTS)) for key in range(1, draw(st.integers(0, 2)) + 1))
    return Facts(bills, receipts, payouts=payouts)


@st.composite
def money(draw: st.DrawFn, key: int, bills: tuple[BillFact, ...]) -> ReceiptFact:
    """A repayment of any kind, or a refund with or without its purchase."""
    date, amount, of = draw(DATES), draw(AMOUNTS), draw(st.none() | st.sampled_from(bills))
    if draw(st.booleans()):
        return refund(key, date, amount, of=of)
    return payment(key, date, amount, bill=of.key if of else None, settles=of is not None and draw(st.booleans()))


@BUSY
@given(books(), st.none() | DATES)
def test_entries_balances_allocations_and_remainders_always_agree(facts: Facts, closed: dt.date | None) -> None:
    check(account.play(facts, closed_through=closed), facts)


@BUSY
@given(books(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_arrive_does_not_matter(facts: Facts, shuffle: Random) -> None:
    bills, receipts, payouts = list(facts.bills), list(facts.receipts), list(facts.payouts)
    for arrived in (bills, receipts, payouts):
        shuffle.shuffle(arrived)

    one = account.play(facts, closed_through=day(9, 30))
    other = account.play(Facts(tuple(bills), tuple(receipts), payouts=tuple(payouts)), closed_through=day(9, 30))

    assert one.entries == other.entries
    assert {key: (b.open, b.dues, b.accrued, b.interest_accrued) for key, b in one.bills.items()} == {
        key: (b.open, b.dues, b.accrued, b.interest_accrued) for key, b in other.bills.items()
    }
