import datetime as dt
from decimal import Decimal

from apps.bills.domain import account
from apps.bills.domain.facts import Cause, Facts
from apps.bills.domain.kinds import CauseKind, Component, EntryKind
from apps.bills.domain.state import EntryKey
from tests.bills.books import bill, check, payment, payout

D = Decimal


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def test_a_payout_takes_the_credit_away_from_the_next_bill() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "100.00"), bill(2, day(5, 1), "80.00")),
        (payment(1, day(4, 10), "130.00"),),
        payouts=(payout(1, day(4, 20), "20.00"),),
    )

    played = account.play(facts, closed_through=None)

    key = EntryKey(day(4, 20), EntryKind.PAYOUT, Component.CREDIT, None, Cause(CauseKind.PAYOUT, 1))
    assert played.entries[key] == D("20.00")
    assert (played.bills[2].owed, played.credit) == (D("70.00"), 0)
    check(played, facts)


def test_a_payout_of_more_than_later_facts_leave_overdraws_the_account() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "100.00"),), (payment(1, day(4, 10), "110.00"),), payouts=(payout(1, day(4, 20), "30.00"),)
    )

    played = account.play(facts, closed_through=None)

    assert (played.credit, played.overdrawn, played.balance) == (D("-20.00"), D("20.00"), D("20.00"))
    check(played, facts)


def test_the_next_money_makes_good_what_was_overdrawn_before_it_settles_anything() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "100.00"), bill(2, day(4, 21), "50.00")),
        (payment(1, day(4, 10), "110.00"), payment(2, day(4, 25), "60.00")),
        payouts=(payout(1, day(4, 20), "30.00"),),
    )

    played = account.play(facts, closed_through=None)

    assert (played.credit, played.bills[2].owed) == (0, D("10.00"))
    check(played, facts)
