import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.bills.domain import account
from apps.bills.domain.facts import Cause, Facts, WaiverFact, WriteOffFact
from apps.bills.domain.kinds import CauseKind, Component, EntryKind
from apps.bills.domain.pauses import Span
from apps.bills.domain.state import Account, EntryKey
from tests.bills.books import INSTALMENTS, ORDER, STATEMENT, bill, check, payment, refund

D = Decimal
WRITTEN_OFF = Cause(CauseKind.WRITE_OFF, 1)


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def write_off(key: int, date: dt.date, bill: int) -> WriteOffFact:
    return WriteOffFact(key, f"WO{key:03}", date, bill)


def booked(played: Account, kind: EntryKind) -> dict[tuple[dt.date, Component, int | None], Decimal]:
    return {(k.date, k.component, k.bill): a for k, a in played.entries.items() if k.kind is kind and a}


def test_everything_open_goes_out_by_component_with_the_late_fee_of_the_day() -> None:
    facts = Facts((bill(1, day(4, 10), "1000.00"),), write_offs=(write_off(1, day(5, 15), 1),))

    played = account.play(facts, closed_through=day(7, 31))

    assert booked(played, EntryKind.WRITE_OFF) == {
        (day(5, 15), Component.LATE_FEE, 1): D("-3.50"),
        (day(5, 15), Component.PRINCIPAL, 1): D("-1000.00"),
    }
    state = played.bills[1]
    assert (played.balance, state.written_off_date, state.settled_date) == (0, day(5, 15), None)
    assert state.accrued == D("3.500000")
    assert [(due.open, due.met_date) for due in state.dues] == [(0, day(5, 15))]
    check(played, facts)


def test_later_money_is_recovery_by_the_waterfall_and_makes_the_write_off_smaller() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "1000.00"),),
        (payment(1, day(6, 1), "203.50"),),
        write_offs=(write_off(1, day(5, 15), 1),),
    )

    played = account.play(facts, closed_through=day(7, 31))

    assert booked(played, EntryKind.RECOVERY) == {
        (day(6, 1), Component.LATE_FEE, 1): D("-3.50"),
        (day(6, 1), Component.PRINCIPAL, 1): D("-200.00"),
    }
    assert played.entries[EntryKey(day(6, 1), EntryKind.WRITE_OFF, Component.PRINCIPAL, 1, WRITTEN_OFF)] == D("200.00")
    assert (played.balance, played.credit) == (0, 0)
    assert sum(played.bills[1].written_off.values()) == D("800.00")
    check(played, facts)


def test_no_more_comes_back_than_went_out_and_the_rest_is_credit() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"),), (payment(1, day(6, 1), "130.00"),), write_offs=(write_off(1, day(5, 10), 1),)
    )

    played = account.play(facts, closed_through=None)

    assert (sum(played.bills[1].written_off.values()), played.credit) == (0, D("30.00"))
    check(played, facts)


def test_live_bills_are_settled_before_anything_is_recovered() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"), bill(2, day(5, 20), "80.00")),
        (payment(1, day(6, 1), "100.00"),),
        write_offs=(write_off(1, day(5, 10), 1),),
    )

    played = account.play(facts, closed_through=None)

    assert (played.bills[2].owed, played.bills[1].written_off[Component.PRINCIPAL]) == (0, D("80.00"))


def test_the_payer_may_designate_the_bill_that_was_written_off() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"), bill(2, day(5, 20), "80.00")),
        (payment(1, day(6, 1), "110.00", bill=1),),
        write_offs=(write_off(1, day(5, 10), 1),),
    )

    played = account.play(facts, closed_through=None)

    assert (played.bills[2].owed, played.bills[1].written_off[Component.PRINCIPAL]) == (D("70.00"), 0)


def test_the_oldest_due_of_the_written_off_comes_back_first() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"), bill(2, day(4, 1), "80.00")),
        (payment(1, day(6, 1), "90.00"),),
        write_offs=(write_off(1, day(5, 10), 1), write_off(2, day(5, 1), 2)),
    )

    played = account.play(facts, closed_through=None)

    assert {key: sum(state.written_off.values()) for key, state in played.bills.items()} == {1: D("90.00"), 2: 0}


def test_money_before_the_write_off_leaves_it_what_is_open_then() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"),), (payment(1, day(5, 1), "60.00"),), write_offs=(write_off(1, day(5, 10), 1),)
    )

    played = account.play(facts, closed_through=None)

    assert booked(played, EntryKind.WRITE_OFF) == {(day(5, 10), Component.PRINCIPAL, 1): D("-40.00")}


def test_of_a_bill_that_was_settled_in_time_nothing_is_written_off() -> None:
    facts = Facts(
        (bill(1, day(4, 10), "100.00"),), (payment(1, day(5, 10), "100.00"),), write_offs=(write_off(1, day(5, 10), 1),)
    )

    played = account.play(facts, closed_through=None)

    assert booked(played, EntryKind.WRITE_OFF) == {}
    assert (played.bills[1].settled_date, played.bills[1].written_off_date) == (day(5, 10), None)


def test_the_other_statements_demand_no_more_than_is_owed_on_them() -> None:
    facts = Facts(
        (bill(1, day(4, 30), "1000", terms=STATEMENT), bill(2, day(5, 31), "30", terms=STATEMENT)),
        (payment(1, day(5, 9), "100"), payment(2, day(6, 20), "30")),
        write_offs=(write_off(1, day(6, 15), 1),),
    )

    played = account.play(facts, closed_through=None)

    assert [(due.amount, due.open, due.met_date) for due in played.bills[2].dues] == [(D("93.00"), 0, day(6, 20))]
    check(played, facts)


DATES = st.dates(day(1, 1), day(8, 31))
AMOUNTS = st.decimals("0.01", "3000", places=2).map(str)


@st.composite
def books(draw: st.DrawFn) -> Facts:
    terms = draw(st.sampled_from([ORDER, INSTALMENTS, STATEMENT]))
    bills = tuple(
        bill(key, draw(DATES), draw(AMOUNTS), instalments=draw(st.sampled_from([1, 3])), terms=terms)
        for key in range(1, draw(st.integers(1, 4)) + 1)
    )
    receipts = tuple(
        (payment if draw(st.booleans()) else refund)(key, draw(DATES), draw(AMOUNTS))
        for key in range(1, draw(st.integers(0, 5)) + 1)
    )
    chosen = draw(st.lists(st.sampled_from(bills), unique_by=lambda one: one.key, max_size=3))
    write_offs = tuple(
        write_off(key, draw(st.dates(one.issued_date, day(9, 15))), one.key) for key, one in enumerate(chosen, 1)
    )
    waivers = tuple(
        WaiverFact(
            key, f"W{key}", draw(st.dates(one.issued_date, day(9, 15))), D(draw(AMOUNTS)), one.key, draw(st.booleans())
        )
        for key, one in enumerate(draw(st.lists(st.sampled_from(bills), max_size=2)), 1)
    )
    start = draw(DATES)
    pauses = (Span(start, draw(st.none() | st.just(start + dt.timedelta(40)))),) if draw(st.booleans()) else ()
    return Facts(bills=bills, receipts=receipts, waivers=waivers, write_offs=write_offs, pauses=pauses)


@settings(deadline=None)
@given(books(), st.none() | DATES)
def test_with_write_offs_everything_agrees_to_the_cent(facts: Facts, closed: dt.date | None) -> None:
    played = account.play(facts, closed_through=closed)

    check(played, facts)
    for one in facts.write_offs:
        net: dict[Component, Decimal] = {}
        for key, amount in played.entries.items():
            if key.cause == one.cause:
                net[key.component] = net.get(key.component, D(0)) + amount
        state = played.bills[one.bill]
        assert {part: -amount for part, amount in state.written_off.items() if amount} == {
            part: amount for part, amount in net.items() if amount
        }
        assert all(amount <= 0 for amount in net.values())


@settings(deadline=None)
@given(books(), st.randoms(use_true_random=False))
def test_with_write_offs_and_pauses_the_order_of_arrival_does_not_matter(facts: Facts, shuffle: Random) -> None:
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(shuffle.sample(rows, len(rows)))

    one = account.play(facts, closed_through=day(9, 30))
    other = account.play(
        Facts(
            bills=shuffled(facts.bills),
            receipts=shuffled(facts.receipts),
            waivers=shuffled(facts.waivers),
            write_offs=shuffled(facts.write_offs),
            pauses=facts.pauses,
        ),
        closed_through=day(9, 30),
    )

    assert one.entries == other.entries
    assert {key: (b.open, b.dues, b.accrued, b.written_off) for key, b in one.bills.items()} == {
        key: (b.open, b.dues, b.accrued, b.written_off) for key, b in other.bills.items()
    }
