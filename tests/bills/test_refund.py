import datetime as dt
from decimal import Decimal

from apps.bills.domain import account
from apps.bills.domain.facts import Cause, Facts, Line, ReceiptFact, Returned
from apps.bills.domain.kinds import CauseKind, Component, EntryKind
from apps.bills.domain.state import EntryKey
from tests.bills.books import INSTALMENTS, ORDER, STATEMENT, bill, check, payment, refund

D = Decimal
IN_THREE = bill(1, dt.date(2026, 4, 10), "1000.00", instalments=3, terms=INSTALMENTS)


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def test_a_full_refund_of_an_unpaid_purchase_leaves_nothing_owed() -> None:
    facts = Facts((IN_THREE,), (refund(1, day(4, 20), "1000.00", of=IN_THREE),))

    played = account.play(facts, closed_through=day(9, 30))

    assert (played.balance, played.credit) == (0, 0)
    assert played.bills[1].settled_date == day(4, 20)
    assert [due.met_date for due in played.bills[1].dues] == [day(4, 20)] * 3
    check(played, facts)


def test_a_partial_refund_takes_the_last_instalment_first_and_its_fee_in_proportion() -> None:
    facts = Facts((IN_THREE,), (refund(1, day(4, 20), "400.00", of=IN_THREE),))

    played = account.play(facts, closed_through=None)

    cause = Cause(CauseKind.REFUND, 1)
    assert played.entries[EntryKey(day(4, 20), EntryKind.REFUND, Component.PRINCIPAL, 1, cause)] == D("-400.00")
    assert played.entries[EntryKey(day(4, 20), EntryKind.CHARGE, Component.INSTALMENT_FEE, 1, cause)] == D("-6.00")
    assert [due.open for due in played.bills[1].dues] == [D("338.33"), D("270.67"), D("0.00")]
    check(played, facts)


def test_the_fee_of_a_share_that_was_due_before_the_refund_stays() -> None:
    facts = Facts((IN_THREE,), (refund(1, day(5, 20), "1000.00", of=IN_THREE),))

    played = account.play(facts, closed_through=None)

    assert played.bills[1].open[Component.INSTALMENT_FEE] == D("5.00")
    assert played.bills[1].open[Component.PRINCIPAL] == 0
    check(played, facts)


def test_what_was_paid_already_comes_back_as_credit() -> None:
    facts = Facts((IN_THREE,), (payment(1, day(5, 10), "338.33"), refund(1, day(5, 20), "1000.00", of=IN_THREE)))

    played = account.play(facts, closed_through=None)

    assert (played.bills[1].owed, played.credit) == (0, D("333.33"))  # the fee of the first month is kept
    check(played, facts)


def test_what_exceeds_the_purchases_bill_settles_what_else_is_open() -> None:
    other = bill(2, day(4, 12), "200.00")
    facts = Facts(
        (IN_THREE, other), (payment(1, day(4, 15), "200.00", bill=1), refund(1, day(4, 20), "1000", of=IN_THREE))
    )

    played = account.play(facts, closed_through=None)

    assert (played.bills[1].owed, played.bills[2].owed) == (0, D("5.00"))
    check(played, facts)


def test_the_refund_of_one_purchase_leaves_the_other_alone() -> None:
    late, given_back = bill(1, day(1, 1), "100.00"), bill(2, day(4, 10), "80.00")
    facts = Facts((late, given_back), (refund(1, day(4, 20), "80.00", of=given_back),))

    played = account.play(facts, closed_through=None)

    assert (played.bills[1].open[Component.PRINCIPAL], played.bills[2].owed) == (D("100.00"), 0)


def test_several_partial_refunds_take_back_the_whole_fee() -> None:
    parts = tuple(refund(key, day(4, 11), "250.00", of=IN_THREE) for key in (1, 2, 3, 4))
    facts = Facts((IN_THREE,), parts)

    played = account.play(facts, closed_through=None)

    assert played.balance == 0
    check(played, facts)


def test_a_refund_before_the_statement_lowers_what_no_bill_will_ask_for() -> None:
    returned = Returned(7, (), D("80.00"))
    facts = Facts(
        (bill(1, day(3, 31), "100.00", terms=STATEMENT),),
        (ReceiptFact(1, "F1", EntryKind.REFUND, day(4, 20), D("80.00"), returned=returned),),
    )

    played = account.play(facts, closed_through=None)

    assert played.unbilled == {1: D("80.00")}
    assert (played.balance, played.credit) == (D("100.00"), 0)
    check(played, facts)


def test_a_refund_after_the_statement_lowers_the_part_of_the_purchase_with_its_fee() -> None:
    statement = bill(1, day(4, 30), "500.00", terms=STATEMENT)
    returned = Returned(7, (Line(1, D("200.00"), D("2.00")),))
    facts = Facts((statement,), (ReceiptFact(1, "F1", EntryKind.REFUND, day(5, 2), D("200.00"), returned=returned),))

    played = account.play(facts, closed_through=None)

    assert played.bills[1].open[Component.PRINCIPAL] == D("300.00")
    check(played, facts)


def test_a_refund_of_a_late_purchase_leaves_the_late_fee_to_its_day() -> None:
    late = bill(1, day(4, 10), "1000.00", terms=ORDER)
    facts = Facts((late,), (refund(1, day(5, 15), "1000.00", of=late),))

    played = account.play(facts, closed_through=day(9, 30))

    assert played.balance == D("3.50")
    check(played, facts)
