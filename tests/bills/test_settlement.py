import datetime as dt
from dataclasses import replace
from decimal import Decimal

from apps.bills.domain import account
from apps.bills.domain.facts import Cause, Facts
from apps.bills.domain.kinds import CauseKind, Component, EarlySettlement, EntryKind
from apps.bills.domain.state import EntryKey
from tests.bills.books import INSTALMENTS, bill, check, payment

D = Decimal
IN_THREE = bill(1, dt.date(2026, 4, 10), "1000.00", instalments=3, terms=INSTALMENTS)


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def test_settling_in_the_first_period_saves_the_fees_of_the_others() -> None:
    facts = Facts((IN_THREE,), (payment(1, day(5, 1), "1005.00", bill=1, settles=True),))

    played = account.play(facts, closed_through=None)

    key = EntryKey(day(5, 1), EntryKind.CHARGE, Component.INSTALMENT_FEE, 1, Cause(CauseKind.REPAYMENT, 1))
    assert played.entries[key] == D("-10.00")
    assert (played.balance, played.bills[1].settled_date) == (0, day(5, 1))
    check(played, facts)


def test_a_period_begins_on_the_day_after_the_share_before_is_due() -> None:
    on_the_due_date = Facts((IN_THREE,), (payment(1, day(5, 10), "1005.00", bill=1, settles=True),))
    a_day_later = Facts((IN_THREE,), (payment(1, day(5, 11), "1005.00", bill=1, settles=True),))

    assert account.play(on_the_due_date, closed_through=None).balance == 0
    assert account.play(a_day_later, closed_through=None).balance == D("10.71")  # both fees and a day's late fee


def test_money_that_does_not_cover_the_bill_is_an_ordinary_repayment() -> None:
    facts = Facts((IN_THREE,), (payment(1, day(5, 1), "1004.99", bill=1, settles=True),))

    played = account.play(facts, closed_through=None)

    assert played.balance == D("10.01")
    check(played, facts)


def test_what_is_paid_beyond_the_quote_is_credit() -> None:
    facts = Facts((IN_THREE,), (payment(1, day(5, 1), "1015.00", bill=1, settles=True),))

    assert account.play(facts, closed_through=None).credit == D("10.00")


def test_a_contract_may_keep_the_whole_fee_due() -> None:
    terms = replace(INSTALMENTS, early_settlement=EarlySettlement.FULL_FEE)
    kept = bill(1, day(4, 10), "1000.00", instalments=3, terms=terms)
    facts = Facts((kept,), (payment(1, day(5, 1), "1005.00", bill=1, settles=True),))

    assert account.play(facts, closed_through=None).balance == D("10.00")


def test_a_repayment_that_does_not_ask_for_it_settles_the_shares_as_they_come() -> None:
    facts = Facts((IN_THREE,), (payment(1, day(5, 1), "1005.00", bill=1),))

    assert account.play(facts, closed_through=None).balance == D("10.00")
