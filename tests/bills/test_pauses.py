import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.models import Operation
from apps.bills.actions import pauses, posting, repayments
from apps.bills.domain.pauses import PauseReason, Span, late_since, paused_days
from apps.bills.models import Bill, BillSnapshot, BucketMove, LedgerEntry, Pause
from apps.bills.queries import bills, people, reconciliation
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through

Buy = Callable[..., Bill]
D = Decimal
DAY = dt.timedelta(1)

# Allen's thirteen relations of a pause to the one that stands, from 10 to 20 June.
APART = {
    "before": (1, 5),
    "meets": (5, 10),
    "met by": (20, 25),
    "after": (22, 28),
}
OVERLAPPING = {
    "overlaps": (5, 15),
    "overlapped by": (15, 25),
    "starts": (10, 15),
    "started by": (10, 25),
    "during": (12, 18),
    "contains": (5, 25),
    "finishes": (15, 20),
    "finished by": (5, 20),
    "equals": (10, 20),
}


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def pause(
    customer: Customer, start: dt.date, end: dt.date | None = None, reason: PauseReason = PauseReason.HARDSHIP
) -> Pause:
    return pauses.begin(customer=customer, reason=reason, start_date=start, end_date=end, by=BY, at=AT)


def insert(customer: Customer, start: dt.date, end: dt.date | None) -> None:
    Pause.objects.create(
        reference=f"PS-{start}-{end}",
        customer=customer,
        reason="other",
        start_date=start,
        end_date=end,
        begun_at=AT,
        begun_by="test",
    )


def standing(customer: Customer) -> tuple[object, ...]:
    live = LedgerEntry.objects.filter(customer=customer, reverses__isnull=True, reversed_by__isnull=True)
    return (
        sorted(live.values_list("effective_date", "kind", "component", "amount"), key=str),
        list(Bill.objects.order_by("pk").values_list("late_fee_accrued", "late_fee_posted", "accrued_through_date")),
    )


@pytest.mark.parametrize("relation", OVERLAPPING)
def test_a_pause_that_shares_a_day_with_another_is_refused_and_the_other_is_named(
    customer: Customer, relation: str
) -> None:
    first = pause(customer, day(6, 10), day(6, 20))
    start, end = OVERLAPPING[relation]

    with pytest.raises(Refused, match=f"{first.reference} holds 2026-06-10 to 2026-06-19 already"):
        pause(customer, day(6, start), day(6, end))

    assert list(Pause.objects.all()) == [first]


@pytest.mark.parametrize("relation", OVERLAPPING)
def test_the_database_refuses_a_pause_that_shares_a_day_with_another(customer: Customer, relation: str) -> None:
    pause(customer, day(6, 10), day(6, 20))
    start, end = OVERLAPPING[relation]

    with pytest.raises(IntegrityError, match="bills_pause_no_overlap"), transaction.atomic():
        insert(customer, day(6, start), day(6, end))


@pytest.mark.parametrize("relation", APART)
def test_pauses_that_share_no_day_stand_beside_each_other(customer: Customer, relation: str) -> None:
    pause(customer, day(6, 10), day(6, 20))
    start, end = APART[relation]

    pause(customer, day(6, start), day(6, end))

    assert customer.pauses.count() == 2


@pytest.mark.parametrize("relation", APART)
def test_the_database_takes_pauses_that_share_no_day(customer: Customer, relation: str) -> None:
    start, end = APART[relation]

    insert(customer, day(6, 10), day(6, 20))
    insert(customer, day(6, start), day(6, end))

    assert customer.pauses.count() == 2


@pytest.mark.parametrize("relation", [*APART, *OVERLAPPING])
def test_the_decision_on_overlaps_is_that_of_the_database(relation: str) -> None:
    start, end = (APART | OVERLAPPING)[relation]
    one, other = Span(day(6, 10), day(6, 20)), Span(day(6, start), day(6, end))

    assert one.overlaps(other) == other.overlaps(one) == (relation in OVERLAPPING)


def test_an_open_pause_holds_every_day_after_its_start(customer: Customer) -> None:
    pause(customer, day(6, 10))

    with pytest.raises(Refused, match="every day from 2026-06-10"):
        pause(customer, day(8, 1), day(8, 2))
    with pytest.raises(Refused, match="every day from 2026-06-10"):
        pause(customer, day(5, 1))
    pause(customer, day(6, 1), day(6, 10))


def test_a_pause_that_ends_when_it_starts_is_refused(customer: Customer) -> None:
    with pytest.raises(Refused, match="starts on 2026-06-10 cannot end on 2026-06-10"):
        pause(customer, day(6, 10), day(6, 10))
    with pytest.raises(IntegrityError, match="bills_pause_ends_after_it_starts"), transaction.atomic():
        insert(customer, day(6, 10), day(6, 10))


def test_two_customers_may_be_paused_on_the_same_days(customer: Customer) -> None:
    other = Customer.objects.create(reference="C-2", name="Basil Rue", joined_date=day(1, 1))

    pause(customer, day(6, 10), day(6, 20))
    pause(other, day(6, 10), day(6, 20))


def test_days_past_due_leave_out_the_paused_days() -> None:
    due, paused = day(5, 10), (Span(day(5, 15), day(5, 20)), Span(day(6, 1)))

    assert late_since(due, paused, day(5, 14)) == due
    assert late_since(due, paused, day(5, 15)) == day(5, 11)
    assert late_since(due, paused, day(5, 25)) == day(5, 15)
    assert late_since(due, paused, day(6, 10)) == day(5, 25)
    assert late_since(None, paused, day(6, 10)) is None


@given(
    st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(1, 40)), max_size=4),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_paused_days_are_those_that_lie_in_a_pause(spans: list[tuple[int, int | None]], after: int, days: int) -> None:
    first = day(5, 1)
    pauses: list[Span] = []
    for start, length in spans:
        span = Span(first + start * DAY, None if length is None else first + (start + length) * DAY)
        if not any(span.overlaps(other) for other in pauses):
            pauses.append(span)
    due, through = first + after * DAY, first + (after + days) * DAY

    late = [due + n * DAY for n in range(1, days + 1)]

    assert paused_days(pauses, due, through) == sum(any(span.holds(d) for span in pauses) for d in late)


def test_a_paused_day_bears_no_late_fee(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")  # due on 10 May, 0.70 a day
    pause(customer, day(5, 21), day(5, 31))

    close_through(day(5, 31), since=day(5, 31))

    assert customer.bills.get().open_late_fee == D("7.70")  # 11 of the 21 days
    assert reconciliation.reconcile().differences == ()


def test_a_pause_over_a_month_end_leaves_the_days_before_and_after_it(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pause(customer, day(5, 21), day(6, 11))

    close_through(day(5, 31), since=day(5, 31))
    close_through(day(6, 30), since=day(6, 30))

    posted = LedgerEntry.objects.filter(component="late_fee").order_by("pk").values_list("effective_date", "amount")
    assert list(posted) == [(day(5, 31), D("7.00")), (day(6, 30), D("14.00"))]
    assert posting.post(customers=[customer.pk], by=BY, at=AT) == 0


def test_the_days_past_due_and_the_bucket_stand_still_while_a_pause_lasts(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    close_through(day(5, 11), since=day(5, 11))
    close_through(day(6, 8), since=day(6, 8))  # 29 days
    pause(customer, day(6, 9), day(6, 19))
    seen = []
    for date in (day(6, 8), day(6, 9), day(6, 18), day(6, 19), day(6, 20)):
        close_through(date)
        customer.account.refresh_from_db()
        late = people.lateness_of(customer, date)
        ((_, of_bill),) = bills.with_lateness(bills.aged(Bill.objects.all(), date), date)
        assert of_bill == late
        seen.append((late.days, customer.account.bucket))

    assert seen == [(29, "M1"), (29, "M1"), (29, "M1"), (30, "M1"), (31, "M2")]
    assert list(BucketMove.objects.values_list("moved_date", "to_bucket")) == [(day(5, 11), "M1"), (day(6, 20), "M2")]


def test_a_month_end_keeps_the_frozen_days(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pause(customer, day(5, 15))

    for date in (day(4, 30), day(5, 31), day(6, 30)):
        close_through(date, since=date)

    kept = BillSnapshot.objects.order_by("month_end_date").values_list("month_end_date", "days_past_due", "bucket")
    assert list(kept) == [(day(4, 30), 0, "M0"), (day(5, 31), 4, "M1"), (day(6, 30), 4, "M1")]


def test_what_falls_due_in_a_pause_is_not_late_before_the_pause_ends(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    pause(customer, day(5, 1), day(6, 1))

    close_through(day(5, 31), since=day(5, 31))
    assert people.lateness_of(customer, day(5, 31)).days == 0
    close_through(day(6, 2))

    customer.refresh_from_db()
    assert (people.lateness_of(customer, day(6, 2)).days, customer.account.bucket) == (2, "M1")


def test_a_pause_that_is_known_late_gives_the_ledger_of_one_in_time(customer: Customer, buy: Buy) -> None:
    arrivals: list[Callable[[int], object]] = [
        lambda n: pause(customer, day(5, 21), day(6, 5)),
        lambda n: repayments.record(
            customer=customer,
            reference=f"R1-{n}",
            amount=D("300.00"),
            received_date=day(5, 25),
            business_date=day(9, 1),
            by=BY,
            at=AT,
        ),
        lambda n: repayments.record(
            customer=customer,
            reference=f"R2-{n}",
            amount=D("200.00"),
            received_date=day(6, 10),
            business_date=day(9, 1),
            by=BY,
            at=AT,
        ),
    ]
    buy("P1", day(4, 10), "1000.00", 3)
    close_through(day(5, 31), since=day(5, 31))
    close_through(day(7, 3), since=day(6, 30))
    seen = []
    for number, order in enumerate(permutations(arrivals)):
        for arrive in order:
            arrive(number)
        seen.append(standing(customer))
        assert reconciliation.reconcile().differences == ()
        for repayment in customer.repayments.filter(status="booked"):
            repayments.reverse(repayment=repayment, reason="bounced", business_date=day(9, 1), by=BY, at=AT)
        for begun in customer.pauses.filter(cancelled_at=None):
            pauses.cancel(pause=begun, reason="mistake", by=BY, at=AT)

    assert all(other == seen[0] for other in seen)


def test_a_pause_that_is_taken_back_is_as_if_it_had_never_been(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    close_through(day(5, 31), since=day(5, 31))
    close_through(day(7, 3), since=day(6, 30))
    before = standing(customer)
    begun = pause(customer, day(5, 21))
    assert standing(customer) != before

    pauses.cancel(pause=begun, reason="Entered for the wrong customer.", by=BY, at=AT)

    assert standing(customer) == before
    assert pause(customer, day(5, 21)).reference != begun.reference
    with pytest.raises(Refused, match="was taken back"):
        pauses.cancel(pause=begun, reason="mistake", by=BY, at=AT)


def test_taking_a_pause_back_needs_a_reason(customer: Customer) -> None:
    begun = pause(customer, day(5, 21))

    with pytest.raises(Refused, match="needs a reason"):
        pauses.cancel(pause=begun, reason=" ", by=BY, at=AT)


def test_a_pause_may_end_earlier_and_never_later(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 10), "1000.00")
    begun = pause(customer, day(5, 21))
    close_through(day(5, 31), since=day(5, 31))

    ended = pauses.end(pause=begun, end_date=day(5, 31), by=BY, at=AT)

    assert (ended.end_date, ended.ended_by, customer.bills.get().open_late_fee) == (day(5, 31), BY.actor_id, D("7.70"))
    for date, fault in ((day(6, 5), "ends on 2026-05-31"), (day(5, 31), "ends on"), (day(5, 21), "take .* back")):
        with pytest.raises(Refused, match=fault):
            pauses.end(pause=begun, end_date=date, by=BY, at=AT)


def test_each_step_of_a_pause_is_in_the_trail(customer: Customer) -> None:
    begun = pause(customer, day(5, 21))
    pauses.end(pause=begun, end_date=day(6, 1), by=BY, at=AT)
    pauses.cancel(pause=begun, reason="A mistake.", by=BY, at=AT)

    told = Operation.objects.filter(object_type="bills.pause").order_by("seq").values_list("sentence", flat=True)
    assert list(told) == [
        "Paused C-1 from 2026-05-21 (hardship) as PS-C-1-1.",
        "Pause PS-C-1-1 ends on 2026-06-01.",
        "Took pause PS-C-1-1 back: A mistake.",
    ]
