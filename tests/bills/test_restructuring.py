import datetime as dt
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bills.domain import account
from apps.bills.domain.facts import Cause, Facts, WaiverFact
from apps.bills.domain.kinds import CauseKind, Component, EntryKind, RestructuringKind
from apps.bills.domain.state import Account, Due, EntryKey
from tests.bills.books import INSTALMENTS, ORDER, STATEMENT, agreement, bill, check, payment, refund

D = Decimal
MOVE, EXTEND, GRACE, RE_AGE = RestructuringKind


def day(month: int, day_of_month: int, year: int = 2026) -> dt.date:
    return dt.date(year, month, day_of_month)


def new_dues(played: Account, key: int = 1) -> list[tuple[dt.date, Decimal]]:
    return [(due.due_date, due.amount) for due in played.bills[key].dues if due.restructuring]


def open_dues(played: Account, key: int = 1) -> list[tuple[dt.date, Decimal]]:
    return [(due.due_date, due.open) for due in played.bills[key].dues if due.open]


def test_what_is_open_falls_due_again_in_equal_parts_that_add_up() -> None:
    """1000.00 in 3 at 0.5 %, nothing paid: 1000.00 and 15.00 of fees in 6 from 31 August."""
    facts = Facts(
        (bill(1, day(4, 10), "1000.00", instalments=3, terms=INSTALMENTS),),
        restructurings=(agreement(1, day(8, 1), EXTEND, day(8, 31), instalments=6),),
    )

    played = account.play(facts, closed_through=None)

    assert new_dues(played) == [
        (day(8, 31), D("169.16")),
        (day(9, 30), D("169.16")),
        (day(10, 31), D("169.16")),
        (day(11, 30), D("169.16")),
        (day(12, 31), D("169.16")),
        (day(1, 31, 2027), D("169.20")),
    ]
    assert [due.fee for due in played.bills[1].dues if due.restructuring] == [D("2.50")] * 6
    check(played, facts)


def test_the_dues_that_are_replaced_are_met_on_the_day_of_the_agreement() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "300.00", instalments=3),),
        (payment(1, day(5, 10), "140.00"),),
        restructurings=(agreement(7, day(6, 20), EXTEND, day(7, 20), instalments=2),),
    )

    played = account.play(facts, closed_through=None)

    assert played.bills[1].dues == [
        Due(1, day(5, 10), D("100.00"), D("0.00"), D("0.00"), day(5, 10)),
        Due(2, day(6, 10), D("100.00"), D("0.00"), D("0.00"), day(6, 20), replaced_by=7),
        Due(3, day(7, 10), D("100.00"), D("0.00"), D("0.00"), day(6, 20), replaced_by=7),
        Due(4, day(7, 20), D("80.00"), D("0.00"), D("80.00"), restructuring=7),
        Due(5, day(8, 20), D("80.00"), D("0.00"), D("80.00"), restructuring=7),
    ]


def test_an_agreement_books_nothing() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00", instalments=3, terms=INSTALMENTS),))
    agreed = replace(facts, restructurings=(agreement(1, day(4, 20), EXTEND, day(5, 20), instalments=12),))

    before, after = (account.play(known, closed_through=None) for known in (facts, agreed))

    assert after.entries == before.entries


def test_the_fee_of_a_plan_is_charged_with_the_agreement_as_its_cause() -> None:
    """1.2 % of 500.00 open is 6.00 a month: 24.00 for four."""
    facts = Facts(
        (bill(1, day(4, 10), "1000.00"),),
        (payment(1, day(5, 10), "500.00"),),
        restructurings=(agreement(3, day(5, 10), EXTEND, day(6, 10), instalments=4, fee="0.012"),),
    )

    played = account.play(facts, closed_through=None)

    key = EntryKey(day(5, 10), EntryKind.CHARGE, Component.INSTALMENT_FEE, 1, Cause(CauseKind.RESTRUCTURING, 3))
    assert played.entries[key] == D("24.00")
    assert [amount for _, amount in new_dues(played)] == [D("131.00")] * 4
    check(played, facts)


@pytest.mark.parametrize(
    ("months", "days", "dues"),
    [
        (1, 0, [day(6, 30), day(7, 30), day(8, 30)]),
        (0, 10, [day(6, 9), day(7, 10), day(8, 9)]),
    ],
)
def test_moved_dates_keep_their_amounts(months: int, days: int, dues: list[dt.date]) -> None:
    facts = Facts(
        (bill(1, day(4, 30), "300.00", instalments=3),),
        restructurings=(agreement(1, day(5, 20), MOVE, day(6, 1), months=months, days=days),),
    )
    played = account.play(facts, closed_through=None)

    assert new_dues(played) == [(due, D("100.00")) for due in dues]
    check(played, facts)


def test_a_date_that_the_month_lacks_is_its_last_day() -> None:
    facts = Facts(
        (bill(1, day(1, 1), "100.00"),),  # due 31 January
        restructurings=(agreement(1, day(1, 20), MOVE, day(1, 20), months=1),),
    )
    assert new_dues(account.play(facts, closed_through=None)) == [(day(2, 28), D("100.00"))]


def test_a_plan_from_the_thirty_first_meets_short_months_on_their_last_day() -> None:
    facts = Facts(
        (bill(1, day(1, 1, 2028), "300.00"),),
        restructurings=(agreement(1, day(1, 20, 2028), EXTEND, day(1, 31, 2028), instalments=3),),
    )
    played = account.play(facts, closed_through=None)

    assert [due for due, _ in new_dues(played)] == [day(1, 31, 2028), day(2, 29, 2028), day(3, 31, 2028)]


def test_in_a_grace_what_would_be_due_waits_for_its_end_and_later_dates_stay() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "300.00", instalments=3),),
        restructurings=(agreement(1, day(5, 5), GRACE, day(6, 30)),),
    )
    played = account.play(facts, closed_through=None)

    assert sorted(open_dues(played)) == [
        (day(6, 30), D("100.00")),
        (day(6, 30), D("100.00")),
        (day(7, 10), D("100.00")),
    ]
    check(played, facts)


def test_an_overdue_date_never_goes_to_a_day_before_the_first_that_was_agreed() -> None:
    facts = Facts(
        (bill(1, day(1, 1), "100.00"),),
        restructurings=(agreement(1, day(6, 1), MOVE, day(6, 15), months=1),),
    )
    assert new_dues(account.play(facts, closed_through=None)) == [(day(6, 15), D("100.00"))]


def test_re_aging_takes_all_open_bills_into_one_plan() -> None:
    facts = Facts(
        (bill(1, day(1, 10), "90.00"), bill(2, day(2, 10), "31.00"), bill(3, day(2, 20), "50.00")),
        (payment(1, day(2, 21), "50.00", bill=3),),
        restructurings=(agreement(1, day(6, 1), RE_AGE, day(6, 30), instalments=3),),
    )
    played = account.play(facts, closed_through=None)

    assert new_dues(played, 1) == [(day(6, 30), D("30.00")), (day(7, 30), D("30.00")), (day(8, 30), D("30.00"))]
    assert new_dues(played, 2) == [(day(6, 30), D("10.33")), (day(7, 30), D("10.33")), (day(8, 30), D("10.34"))]
    assert new_dues(played, 3) == []
    check(played, facts)


def test_late_fees_accrue_to_the_agreement_and_again_from_the_new_due_date() -> None:
    """1000.00 at 0.07 %: 10 days late at the agreement, 5 days late on the plan."""
    facts = Facts(
        (bill(1, day(4, 1), "1000.00"),),  # due 1 May
        (payment(1, day(6, 6), "0.01"),),
        restructurings=(agreement(1, day(5, 11), EXTEND, day(6, 1), instalments=1),),
    )
    played = account.play(facts, closed_through=None)

    charged = {k.date: a for k, a in played.entries.items() if k.component is Component.LATE_FEE}
    assert charged == {day(6, 6): D("10.50")}


def test_a_restructured_bill_settles_its_instalments_before_its_late_fee() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "1000.00"),),
        (payment(1, day(6, 1), "500.00"), payment(2, day(6, 20), "503.00")),
        restructurings=(agreement(1, day(5, 11), EXTEND, day(6, 1), instalments=2),),
    )
    played = account.play(facts, closed_through=None)

    state = played.bills[1]
    assert (state.open[Component.PRINCIPAL], state.open[Component.LATE_FEE]) == (0, D("4.00"))
    assert [due.met_date for due in state.dues] == [day(5, 11), day(6, 1), day(6, 20)]
    check(played, facts)


def test_money_that_was_there_before_the_agreement_makes_the_plan_smaller() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "1000.00"),),
        restructurings=(agreement(1, day(4, 20), EXTEND, day(5, 20), instalments=2),),
    )
    earlier = replace(facts, receipts=(payment(1, day(4, 10), "400.00"),))

    assert new_dues(account.play(facts, closed_through=None)) == [(day(5, 20), D("500.00")), (day(6, 20), D("500.00"))]
    assert new_dues(account.play(earlier, closed_through=None)) == [
        (day(5, 20), D("300.00")),
        (day(6, 20), D("300.00")),
    ]


def test_money_that_settled_everything_before_leaves_no_plan() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "1000.00"),),
        (payment(1, day(4, 10), "1000.00"),),
        restructurings=(agreement(1, day(4, 20), EXTEND, day(5, 20), instalments=2),),
    )
    assert new_dues(account.play(facts, closed_through=None)) == []


def test_a_plan_of_statements_takes_the_place_of_their_minimums() -> None:
    facts = Facts(
        (bill(1, day(4, 30), "1000", terms=STATEMENT), bill(2, day(5, 31), "500", terms=STATEMENT)),
        restructurings=(agreement(1, day(6, 10), RE_AGE, day(6, 30), instalments=3),),
    )
    played = account.play(facts, closed_through=None)

    assert open_dues(played, 1) == [(day(6, 30), D("333.33")), (day(7, 30), D("333.33")), (day(8, 30), D("333.34"))]
    assert open_dues(played, 2) == [(day(6, 30), D("166.66")), (day(7, 30), D("166.66")), (day(8, 30), D("166.68"))]
    check(played, facts)


def test_a_later_statement_does_not_demand_again_what_is_planned() -> None:
    facts = Facts(
        (bill(1, day(4, 30), "1000", terms=STATEMENT), bill(2, day(6, 30), "400", terms=STATEMENT)),
        restructurings=(agreement(1, day(6, 10), RE_AGE, day(7, 10), instalments=2),),
    )
    played = account.play(facts, closed_through=None)

    assert open_dues(played, 2) == [(day(7, 9), D("40.00"))]


def test_a_plan_of_one_statement_is_a_plan_of_all_that_are_open() -> None:
    facts = Facts(
        (bill(1, day(4, 30), "1000", terms=STATEMENT), bill(2, day(5, 31), "500", terms=STATEMENT)),
        restructurings=(agreement(1, day(6, 10), EXTEND, day(6, 30), bill=2, instalments=1),),
    )
    played = account.play(facts, closed_through=None)

    assert open_dues(played, 1) == [(day(6, 30), D("1000"))]


def test_minimums_of_statements_that_are_moved_stay_minimums() -> None:
    facts = Facts(
        (bill(1, day(4, 30), "1000", terms=STATEMENT),),
        (payment(1, day(6, 9), "100"),),
        restructurings=(agreement(1, day(5, 9), MOVE, day(6, 9), months=1),),
    )
    played = account.play(facts, closed_through=None)

    assert played.bills[1].dues[1] == Due(2, day(6, 9), D("100.00"), D("0.00"), D("0.00"), day(6, 9), restructuring=1)
    assert played.bills[1].owed == D("900")


def test_a_second_plan_takes_the_place_of_the_first() -> None:
    facts = Facts(
        (bill(1, day(4, 1), "300.00"),),
        restructurings=(
            agreement(1, day(4, 20), EXTEND, day(5, 20), instalments=2),
            agreement(2, day(6, 1), EXTEND, day(6, 30), instalments=3),
        ),
    )
    played = account.play(facts, closed_through=None)

    assert [due.replaced_by for due in played.bills[1].dues] == [1, 2, 2, None, None, None]
    assert open_dues(played) == [(day(6, 30), D("100.00")), (day(7, 30), D("100.00")), (day(8, 30), D("100.00"))]


DATES = st.dates(day(1, 1), day(8, 31))
AMOUNTS = st.decimals("0.01", "3000", places=2).map(str)


@st.composite
def books(draw: st.DrawFn) -> Facts:
    """Bills of both modes, money and waivers, and agreements of every kind on different days."""
    bills = tuple(
        bill(
            key,
            draw(st.dates(day(1, 1), day(3, 31))),
            draw(AMOUNTS),
            instalments=draw(st.sampled_from([1, 3, 6])),
            terms=draw(st.sampled_from([ORDER, INSTALMENTS, STATEMENT])),
        )
        for key in range(1, draw(st.integers(1, 4)) + 1)
    )
    receipts = tuple(
        (payment(key, draw(DATES), draw(AMOUNTS)) if draw(st.booleans()) else refund(key, draw(DATES), draw(AMOUNTS)))
        for key in range(1, draw(st.integers(0, 5)) + 1)
    )
    waivers = tuple(
        WaiverFact(key, f"W{key:03}", draw(st.dates(day(4, 1), day(8, 31))), D(draw(AMOUNTS)), 1, draw(st.booleans()))
        for key in range(1, draw(st.integers(0, 1)) + 1)
    )
    agreed = draw(st.lists(st.dates(day(4, 1), day(8, 31)), max_size=3, unique=True))
    restructurings = tuple(
        agreement(
            key,
            date,
            draw(st.sampled_from(RestructuringKind)),
            date + dt.timedelta(draw(st.integers(0, 60))),
            bill=draw(st.sampled_from([None, *range(1, len(bills) + 1)])),
            instalments=draw(st.integers(1, 60)),
            months=draw(st.integers(0, 6)),
            days=draw(st.integers(0, 40)),
            fee=draw(st.sampled_from(["0", "0.005"])),
        )
        for key, date in enumerate(agreed, start=1)
    )
    return Facts(bills, receipts, waivers, restructurings=restructurings)


def standing(played: Account) -> tuple[object, ...]:
    """All that a played account says."""
    bills = {k: (b.open, b.dues, b.accrued, b.posted, b.settled_date) for k, b in played.bills.items()}
    return ({k: a for k, a in played.entries.items() if a}, bills, played.credit)


@given(books(), st.none() | DATES)
def test_shares_always_add_up_to_what_is_open(facts: Facts, closed: dt.date | None) -> None:
    played = account.play(facts, closed_through=closed)

    check(played, facts)
    for state in played.bills.values():
        assert len({due.number for due in state.dues}) == len(state.dues)
        by_key = {agreed.key: agreed for agreed in facts.restructurings}
        for due in state.dues:
            assert due.restructuring is None or due.due_date >= by_key[due.restructuring].first_due_date
            assert due.replaced_by is None or (due.open == 0 and due.met_date == by_key[due.replaced_by].date)


@given(books(), st.randoms(use_true_random=False))
def test_the_order_in_which_agreements_and_money_arrive_does_not_matter(facts: Facts, shuffle: Random) -> None:
    shuffled = Facts(
        tuple(shuffle.sample(facts.bills, len(facts.bills))),
        tuple(shuffle.sample(facts.receipts, len(facts.receipts))),
        tuple(shuffle.sample(facts.waivers, len(facts.waivers))),
        restructurings=tuple(shuffle.sample(facts.restructurings, len(facts.restructurings))),
    )

    one, other = (account.play(known, closed_through=day(9, 30)) for known in (facts, shuffled))

    assert standing(one) == standing(other)


@given(books())
def test_every_agreement_leaves_the_sum_that_is_owed_but_for_its_fee(facts: Facts) -> None:
    """On the day of the last agreement, with nothing after it, only the fee of the plan is new."""
    if not facts.restructurings:
        return
    last = max(facts.restructurings, key=lambda agreed: agreed.date)
    until = Facts(
        facts.bills,
        tuple(r for r in facts.receipts if r.date <= last.date),
        tuple(w for w in facts.waivers if w.date <= last.date),
        restructurings=facts.restructurings,
    )
    without = replace(until, restructurings=tuple(r for r in until.restructurings if r is not last))

    one, other = (account.play(known, closed_through=None) for known in (until, without))

    fee = sum((a for k, a in one.entries.items() if k.cause == last.cause), D(0))
    assert one.balance == other.balance + fee
